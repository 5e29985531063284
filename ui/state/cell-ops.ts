import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { CellView } from "#protocol/view.ts";

import { editableText } from "../editor/editable-text.ts";

export type Insert = Extract<NotebookOp, { op: "insert" }>;

/** Moves a cell by one place; null at the end of the notebook. */
export function moveOp(
  cells: readonly CellView[],
  cell: string,
  direction: "up" | "down",
): NotebookOp | null {
  const at = cells.findIndex((one) => one.id === cell);
  if (at < 0) return null;
  if (direction === "up") {
    return at === 0 ? null : { op: "move", block: cell, after: cells[at - 2]?.id ?? null };
  }
  const next = cells[at + 1];
  return next === undefined ? null : { op: "move", block: cell, after: next.id };
}

/** Makes a cell one of another language, with the same text. Prose has no fence: it is another cell in its place. */
export function convertOps(cells: readonly CellView[], cell: CellView, language: string): NotebookOp[] {
  if (cell.language === language) return [];
  if (cell.kind !== "markdown" && language !== "md") {
    const { engine: _engine, asset: _asset, ...others } = cell.attributes;
    // These two are of SQL alone.
    const attributes = language === "sql" ? cell.attributes : others;
    return [{ op: "set-info", block: cell.id, language, attributes }];
  }
  const at = cells.findIndex((one) => one.id === cell.id);
  const source = cell.kind === "markdown" ? cell.source.trim() : cell.source;
  return [
    { op: "insert", after: cells[at]?.id ?? null, language, name: null, attributes: {}, source },
    { op: "delete", block: cell.id },
  ];
}

/** Puts a word, such as `disabled`, into a cell's first line, or takes it out. */
export function wordOp(cell: CellView, word: "disabled" | "blocking"): NotebookOp {
  const { [word]: written, ...rest } = cell.attributes;
  const attributes = written === undefined ? { ...rest, [word]: "" } : rest;
  return { op: "set-info", block: cell.id, language: cell.language, attributes };
}

/** Cuts a cell, or words, where the caret is: `offset` counts in the text that is edited, whose line ends are one unit long. */
export function splitOp(cell: CellView, offset: number): NotebookOp {
  let [at, seen] = [startOfEdited(cell), 0];
  for (; seen < offset && at < cell.source.length; at++) {
    if (cell.source[at] === "\r" && cell.source[at + 1] === "\n") continue;
    seen++;
  }
  return { op: "split", block: cell.id, at };
}

function startOfEdited(cell: CellView): number {
  return cell.kind === "markdown" ? cell.source.indexOf(editableText(cell)) : 0;
}

/** Where words went that were inserted beside words, which are one cell with them; null when they went nowhere. */
export function placeOfWords(
  { after, source }: Insert,
  cells: readonly CellView[],
): { readonly cell: string; readonly line: number; readonly column: number; readonly length: number } | null {
  const words = source.trim();
  const at = cells.findIndex((one) => one.id === after);
  for (const cell of cells.slice(Math.max(0, at), at + 2)) {
    const text = editableText(cell);
    // Behind the words of the cell itself, before those of the next.
    const start = cell.id === after ? text.lastIndexOf(words) : text.indexOf(words);
    if (cell.kind !== "markdown" || start < 0) continue;
    const line = text.slice(0, start).split("\n").length;
    return { cell: cell.id, line, column: 1, length: words.length };
  }
  return null;
}

/** Why a cell cannot have this name; null when it can. */
export function nameProblem(name: string, cell: CellView, cells: readonly CellView[]): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "A name starts with a letter and goes on with letters, digits and _.";
  }
  if (cell.asset !== null && name !== name.toLowerCase()) return "A kept table is named in lower case.";
  const other = cells.find((one) => one.name === name && one.id !== cell.id);
  return other === undefined ? null : `There is a cell called ${name} already.`;
}
