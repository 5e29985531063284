/** Keys and what they do; the sheet of shortcuts is this list. */
import type { PAGE_COMMANDS } from "#protocol/page-commands.ts";

export type Command = (typeof PAGE_COMMANDS)[number];

/** Where the focus is: on a cell, in a control of it (a table, a tab), or in the editor of its text. */
export type KeyPlace = "cells" | "control" | "editor";

export interface Binding {
  /** `Mod` is Ctrl, ⌘ on a Mac; two keys with a space between are pressed one after the other. */
  readonly keys: readonly string[];
  readonly command: Command;
  readonly words: string;
  /** `anywhere`: also while the focus is inside a cell, in its tabs, table or code; `editor`: only in its code. */
  readonly where: "cells" | "anywhere" | "editor";
}

export const BINDINGS: readonly Binding[] = [
  everywhere("run", "run the cell and what it needs", "Mod-Enter"),
  everywhere("run-next", "run, go to the next cell; at the end insert one", "Shift-Enter"),
  everywhere("run-insert", "run, insert below and write", "Alt-Enter"),
  everywhere("run-below", "run the cell and everything stale that depends on it", "Mod-Shift-Enter"),
  everywhere("stop", "stop the run of the cell; again: every run", "Mod-.", "i i"),
  onCells("interrupt-kernel", "stop what the kernel of the notebook computes"),
  onCells("restart-kernel", "restart the kernel of the notebook; what is kept stays", "0 0"),
  everywhere("save", "write the file now", "Mod-s", "s"),
  everywhere("palette", "commands, cells and assets by name", "Mod-k", "F1"),
  everywhere("go-to", "go to a cell by name", "Mod-p"),
  onCells("find", "find in all cells", "Mod-f"),
  onCells("replace", "replace in all cells", "Mod-h", "Mod-Alt-f"),
  everywhere("find", "find in all cells, from the text too", "Mod-Shift-F"),
  everywhere("lineage", "lineage of the cell; again: of everything", "Mod-Shift-L"),
  everywhere("pane", "show or hide lineage and record", "Mod-\\"),
  everywhere("rail", "show or hide the list of pages", "Mod-b"),
  everywhere("runs", "runs with their times and errors, and back", "Mod-j"),
  everywhere("reading", "what a reader sees, and back", "Mod-Shift-V"),
  everywhere("next-error", "next error, in the text where it is", "F8"),
  inEditor("run-stale", "run everything stale", "Mod-Shift-R"),
  onCells("leave", "from the text or output back to the cell", "Escape"),
  onCells("enter", "write in the cell", "Enter"),
  onCells("next", "next cell", "j", "ArrowDown"),
  onCells("previous", "previous cell", "k", "ArrowUp"),
  onCells("extend-next", "select the next cell too", "J", "Shift-ArrowDown"),
  onCells("extend-previous", "select the cell above too", "K", "Shift-ArrowUp"),
  onCells("first", "first cell", "g g"),
  onCells("last", "last cell", "G"),
  onCells("next-problem", "next stale or failed cell", "]"),
  onCells("previous-problem", "previous stale or failed cell", "["),
  onCells("upstream", "cell it is made from; one of them, if they are many", "h"),
  onCells("downstream", "cell made from it; one of them, if they are many", "l"),
  onCells("run", "run the cell, or all that are selected", "r r"),
  onCells("run-stale", "run everything stale", "r a"),
  onCells("run-above", "run everything up to here", "r u"),
  onCells("run-section", "run the cells under this heading", "r s"),
  onCells("hold", "hold the result as it is, or let it go", "t"),
  onCells("disable", "disable the cell and what reads it, or enable it", "e"),
  onCells("first-line", "change the first line of the cell: auto, check, timeout, tags …"),
  onCells("blocking", "let the loops of the cell block the page, or stop them after a while"),
  onCells("insert-above", "insert a cell above", "a"),
  onCells("insert-below", "insert a cell below", "b"),
  onCells("text-above", "insert text above", "A"),
  onCells("text-below", "insert text below", "B"),
  onCells("move-up", "move the cell up", "Alt-ArrowUp"),
  onCells("move-down", "move the cell down", "Alt-ArrowDown"),
  onCells("copy", "copy what is selected", "c"),
  onCells("cut", "cut what is selected", "x"),
  onCells("paste", "paste below", "v"),
  onCells("paste-above", "paste above", "V"),
  onCells("delete", "delete what is selected", "d d"),
  onCells("merge", "make one cell of those selected, or of this and the next", "M"),
  inEditor("split", "split the cell at the caret; of text, put a cell there", "Mod-Shift--", "Mod-_"),
  onCells("undo", "undo the last change of the notebook", "z", "Mod-z"),
  onCells("redo", "redo what was undone", "Z", "Mod-Shift-Z"),
  onCells("rename", "name the cell, here and wherever it is used", "n", "F2"),
  onCells("trust", "trust a notebook that was written elsewhere", "T"),
  onCells("compare", "compare with the version before, or another sample", "v d", "P"),
  onCells("what-if", "what other weights of modules would move", "v w"),
  onCells("history", "versions of the cell, and each as it was", "v h"),
  onCells("uses", "where the cell's name is used", "Shift-F12"),
  everywhere("format", "lay the text of the cell out", "Alt-Shift-F"),
  onCells("to-script", "make it TypeScript", "y"),
  onCells("to-text", "make it text", "m"),
  onCells("to-sql", "make it SQL", "q"),
  onCells("fold-output", "fold the output, or unfold it", "o"),
  onCells("whole-output", "the output at its whole height, or in its frame", "O"),
  onCells("sample", "another sample", "p"),
  onCells("menu", "everything that can be done to the cell", "."),
  onCells("line-numbers", "line numbers, or none", "L"),
  onCells("output-above", "outputs above the code, or below it"),
  onCells("theme", "light, dark, or as the system says"),
  onCells("escape", "Esc in the text: leaves it, leaves it when pressed twice, or stays"),
  onCells("vim", "Vim's keys in the text, or not: Esc leads to its normal mode, Shift Esc leaves"),
  onCells("export", "export the notebook as one file", "E"),
  onCells("help", "all keys, to look up and to change", "?"),
];

/** Keys that the editor itself takes while a cell is written in; the sheet names them beside the others. */
export const EDITOR_KEYS: readonly (readonly [string, string])[] = [
  ["Escape", "done, back to the cell"],
  ["Shift-Escape", "the same, also where Esc stays in the text; also Mod-Esc"],
  ["F12", "go to the cell that a name means; also Mod-click"],
  ["Shift-F12", "where a name is used"],
  ["F2", "rename the cell under the caret"],
  ["Mod-/", "comment or uncomment"],
  ["Mod-z", "take back what was typed"],
  ["Mod-f", "find in the cell"],
  ["Mod-h", "replace in the cell"],
];

/** How long the second of two keys is waited for. */
export const PAIR_MS = 1200;

export type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey"> &
  Partial<Pick<KeyboardEvent, "code">>;

/** What a key means, and the first half of a pair of keys that may follow. */
export interface KeyReading {
  readonly command: Command | null;
  readonly pending: string | null;
  /** Of a key that is a command and begins a pair: what it means when the pair does not come. */
  readonly alone?: Command;
}

/** Name of a pressed key as bindings write it. A character that needs Shift is itself: `?`, not `Shift-?`. */
export function keyName(press: KeyPress): string {
  const mod = press.ctrlKey || press.metaKey ? "Mod-" : "";
  const alt = press.altKey ? "Alt-" : "";
  const pressed = withoutOption(press);
  const letter = pressed.length === 1;
  const named = !letter || ((mod !== "" || alt !== "") && /[a-z-]/i.test(pressed));
  const shift = press.shiftKey && named ? "Shift-" : "";
  const key = letter && shift !== "" ? pressed.toUpperCase() : pressed;
  return `${mod}${alt}${shift}${key}`;
}

/** On a Mac ⌥ makes another character of a letter, as `ƒ` of F: bindings mean the letter. */
function withoutOption({ key, code, altKey, ctrlKey }: KeyPress): string {
  const letter =
    altKey && !ctrlKey && /^[^ -~]$/.test(key) ? /^Key([A-Z])$/.exec(code ?? "")?.[1] : undefined;
  return letter?.toLowerCase() ?? key;
}

/** @param pending the first half, when the key before began a pair */
export function readKey(
  press: KeyPress,
  place: KeyPlace,
  pending: string | null,
  bindings: readonly Binding[] = BINDINGS,
): KeyReading {
  const name = keyName(press);
  const find = (keys: string): Command | null => commandOf(keys, place, bindings);
  const paired = pending === null ? null : find(`${pending} ${name}`);
  if (paired !== null) return { command: paired, pending: null };
  const command = find(name);
  const begins =
    place === "cells" && bindings.some((binding) => binding.keys.some((keys) => keys.startsWith(`${name} `)));
  if (command !== null) {
    return begins ? { command: null, pending: name, alone: command } : { command, pending: null };
  }
  return { command: null, pending: begins ? name : null };
}

/** Keys that are letters to whoever types; only on a cell do they mean something else. */
export function isPlain(keys: string): boolean {
  return !/^(?:Mod-|Alt-|Shift-Enter|F\d)/.test(keys);
}

function commandOf(keys: string, place: KeyPlace, bindings: readonly Binding[]): Command | null {
  const binding = bindings.find((one) => {
    if (!one.keys.includes(keys)) return false;
    if (one.command === "leave") return place !== "editor";
    if (one.where === "editor") return place === "editor";
    return place === "cells" || (one.where === "anywhere" && !isPlain(keys));
  });
  return binding?.command ?? null;
}

function everywhere(command: Command, words: string, ...keys: string[]): Binding {
  return { keys, command, words, where: "anywhere" };
}

function onCells(command: Command, words: string, ...keys: string[]): Binding {
  return { keys, command, words, where: "cells" };
}

function inEditor(command: Command, words: string, ...keys: string[]): Binding {
  return { keys, command, words, where: "editor" };
}
