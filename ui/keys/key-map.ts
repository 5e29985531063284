/** Keys and what they do; the sheet of shortcuts is this list. */

export type Command =
  | "next"
  | "previous"
  | "next-problem"
  | "previous-problem"
  | "upstream"
  | "downstream"
  | "enter"
  | "leave"
  | "run"
  | "run-next"
  | "run-stale"
  | "stop"
  | "pane"
  | "help";

export interface Binding {
  /** `Mod` is Ctrl, ⌘ on a Mac. */
  readonly keys: readonly string[];
  readonly command: Command;
  readonly words: string;
  /** Also while the focus is inside a cell: in its tabs, table or code. */
  readonly anywhere: boolean;
}

export const BINDINGS: readonly Binding[] = [
  { keys: ["j", "ArrowDown"], command: "next", words: "next cell", anywhere: false },
  { keys: ["k", "ArrowUp"], command: "previous", words: "previous cell", anywhere: false },
  { keys: ["]"], command: "next-problem", words: "next stale or failed cell", anywhere: false },
  { keys: ["["], command: "previous-problem", words: "previous stale or failed cell", anywhere: false },
  { keys: ["h"], command: "upstream", words: "cell it is made from", anywhere: false },
  { keys: ["l"], command: "downstream", words: "cell made from it", anywhere: false },
  { keys: ["Enter"], command: "enter", words: "go into the cell", anywhere: false },
  { keys: ["Escape"], command: "leave", words: "back to the cell", anywhere: true },
  { keys: ["Mod-Enter"], command: "run", words: "run the cell and what it needs", anywhere: true },
  { keys: ["Shift-Enter"], command: "run-next", words: "run, go to the next cell", anywhere: true },
  { keys: ["Mod-Shift-Enter"], command: "run-stale", words: "run everything stale", anywhere: true },
  { keys: ["Mod-."], command: "stop", words: "stop the run of the cell", anywhere: true },
  { keys: ["Mod-Shift-L"], command: "pane", words: "show or hide lineage and record", anywhere: true },
  { keys: ["?"], command: "help", words: "this sheet", anywhere: false },
];

export type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Name of a pressed key as bindings write it. A character that needs Shift is itself: `?`, not `Shift-?`. */
export function keyName(press: KeyPress): string {
  const mod = press.ctrlKey || press.metaKey ? "Mod-" : "";
  const alt = press.altKey ? "Alt-" : "";
  const letter = press.key.length === 1;
  const named = !letter || (mod !== "" && /[a-z]/i.test(press.key));
  const shift = press.shiftKey && named ? "Shift-" : "";
  const key = letter && shift !== "" ? press.key.toUpperCase() : press.key;
  return `${mod}${alt}${shift}${key}`;
}

/** `inside`: whether the focus is in a control of a cell, which has uses of its own for plain keys. */
export function commandFor(press: KeyPress, inside: boolean): Command | null {
  const name = keyName(press);
  const binding = BINDINGS.find((one) => one.keys.includes(name) && (one.anywhere || !inside));
  return binding?.command ?? null;
}
