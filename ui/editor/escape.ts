/** When Escape leads from the text of a cell back to it, beside Shift Escape and Mod Escape, which always do. */
export type EscapeLeaves = "single" | "double" | "never";

const KEY = "karyon.esc-exits-editor";
const NEXT: Readonly<Record<EscapeLeaves, EscapeLeaves>> = {
  single: "double",
  double: "never",
  never: "single",
};
/** The second of two presses comes within this time. */
const AGAIN_MS = 500;

export const ESCAPE_WORDS: Readonly<Record<EscapeLeaves, string>> = {
  single: "Esc leaves the text",
  double: "Esc leaves the text when it is pressed twice",
  never: "Esc stays in the text: Shift Esc leaves it",
};

let pressedAt = -Infinity;

/** A choice of this browser. */
export function escapeLeaves(): EscapeLeaves {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === "double" || saved === "never" ? saved : "single";
  } catch {
    return "single";
  }
}

export function nextEscapeLeaves(): EscapeLeaves {
  const next = NEXT[escapeLeaves()];
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Not remembered: then Escape is as it was.
  }
  return escapeLeaves();
}

/** Whether an Escape that is pressed now leaves the text. `now` in milliseconds. */
export function leavesNow(now: number): boolean {
  const how = escapeLeaves();
  if (how !== "double") return how === "single";
  const again = now - pressedAt < AGAIN_MS;
  pressedAt = again ? -Infinity : now;
  return again;
}
