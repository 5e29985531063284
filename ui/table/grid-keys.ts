/** Keys inside a table, and what they ask for. Pure. */

export type GridCommand =
  | "sort"
  | "sort-too"
  | "filter"
  | "clear-filter"
  | "detail"
  | "go-to"
  | "search"
  | "copy"
  | "copy-with-header"
  | "stretch-down"
  | "stretch-up"
  | "toggle-row"
  | "select-none";

interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const PLAIN: Readonly<Record<string, GridCommand>> = {
  s: "sort",
  f: "filter",
  " ": "detail",
  "/": "search",
  x: "toggle-row",
};
const SHIFTED: Readonly<Record<string, GridCommand>> = {
  s: "sort-too",
  f: "clear-filter",
  x: "select-none",
  arrowdown: "stretch-down",
  arrowup: "stretch-up",
  "/": "search",
};

/** Null for a key that the table has no use for; arrows without Shift only move. */
export function gridCommand(press: Press): GridCommand | null {
  if (press.altKey) return null;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) {
    if (key === "c") return press.shiftKey ? "copy-with-header" : "copy";
    return key === "g" && !press.shiftKey ? "go-to" : null;
  }
  return (press.shiftKey ? SHIFTED : PLAIN)[key] ?? null;
}
