/** What keys and menus do to the cells of the notebook. */
import type { NotebookOp } from "#protocol/notebook-op.ts";
import { counted } from "#protocol/numerals.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

import { browserKind } from "../runtime/browser-cells.ts";
import { showCell } from "../shell/show-cell.ts";
import { convertOps, moveOp, wordOp } from "../state/cell-ops.ts";
import { TEMPLATES, freeName, insertOp } from "../state/cell-templates.ts";
import type { PageStore } from "../state/page-store.ts";
import { undoWords } from "./undo-words.ts";

/** The cells that were copied last, and whether they may run; they outlive the notebook they came from. */
let copied: { readonly cells: readonly CellView[]; readonly trusted: boolean } = { cells: [], trusted: true };

export function insert(
  store: PageStore,
  snapshot: Snapshot,
  template: string,
  after: string | null,
): boolean {
  const chosen = TEMPLATES.find((one) => one.id === template);
  if (chosen === undefined) return false;
  const op = insertOp(chosen, after, snapshot.notebook.cells, snapshot.assets);
  // Its text stands in for what will be typed, which takes its place.
  void store.insert(op, { line: 1, column: 1, length: op.source.length });
  return true;
}

/** The template that a new cell beside this one starts from. */
export function sameKind(cell: CellView): string {
  const kept = cell.language === "sql" && "asset" in cell.attributes;
  return kept ? "sql-asset" : cell.language === "js" || cell.language === "ts" ? "js" : "sql";
}

export function remove(store: PageStore, cells: readonly CellView[]): boolean {
  if (cells.length === 0) return false;
  void (async () => {
    if (!(await store.change(cells.map((cell) => ({ op: "delete", block: cell.id }) as const)))) return;
    store.toast(`Deleted ${whatOf(cells)}${undoWords()}`);
    showFocused(store);
  })();
  return true;
}

export function move(
  store: PageStore,
  cells: readonly CellView[],
  cell: CellView | null,
  direction: "up" | "down",
): boolean {
  const op = cell === null ? null : moveOp(cells, cell.id, direction);
  if (op === null || cell === null) return false;
  void store.change([op]).then((done) => done && showCell(cell.id));
  return true;
}

export function convert(store: PageStore, cell: CellView | null, language: string): boolean {
  if (cell === null) return false;
  void (async () => {
    // What was typed right before is its text, too.
    await store.drafts.flushAll();
    const cells = store.view().page.snapshot?.notebook.cells ?? [];
    const now = cells.find(({ id }) => id === cell.id);
    const ops = now === undefined ? [] : convertOps(cells, now, language);
    if (ops.length > 0) await store.change(ops, cell.id);
  })();
  return true;
}

export function copy(store: PageStore, snapshot: Snapshot, cells: readonly CellView[]): boolean {
  if (cells.length === 0) return false;
  copied = { cells, trusted: snapshot.notebook.untrusted === null };
  store.toast(`Copied ${whatOf(cells)}`);
  return true;
}

/** Cells from a notebook that is not trusted come disabled: nothing runs because it was pasted. */
export function paste(store: PageStore, snapshot: Snapshot, after: string | null): boolean {
  if (copied.cells.length === 0) return false;
  const foreign = !copied.trusted && snapshot.notebook.untrusted === null;
  const names: CellView[] = [...snapshot.notebook.cells];
  const ops = copied.cells.map((cell): Extract<NotebookOp, { op: "insert" }> => {
    const name = cell.name === null ? null : freeName(cell.name, names);
    names.push({ ...cell, name });
    const { language, source } = cell;
    const attributes =
      foreign && cell.kind !== "markdown" ? { ...cell.attributes, disabled: "" } : cell.attributes;
    return { op: "insert", after, language, name, attributes, source };
  });
  const [first, ...more] = ops;
  if (first !== undefined && more.length === 0) void store.insert(first, null).then(() => showFocused(store));
  // Each goes to the same place, so the last goes first.
  else void store.change(ops.toReversed());
  if (foreign)
    store.toast(`Pasted ${whatOf(copied.cells)}, disabled: it comes from a notebook that is not trusted`);
  return true;
}

/** The selected cells become one; of one cell, it and the next. */
export function merge(store: PageStore, cells: readonly CellView[], chosen: readonly CellView[]): boolean {
  const at = cells.findIndex((cell) => cell.id === chosen[0]?.id);
  const parts = chosen.length > 1 ? chosen : cells.slice(at, at + 2);
  const [first, ...others] = parts;
  if (at < 0 || first === undefined || others.length === 0) return false;
  store.endEdit();
  const op = { op: "merge", block: first.id, with: others.map((cell) => cell.id) } as const;
  void store.change([op], first.id).then((done) => done && store.focus(first.id));
  return true;
}

/** Switches a cell off, with all that reads it, or on again. */
export function toggleDisabled(store: PageStore, cell: CellView | null): boolean {
  if (cell === null || cell.kind === "markdown") return false;
  void store.change([wordOp(cell, "disabled")], cell.id);
  return true;
}

/** Lets the loops of a cell of the page take as long as they do, or stops them again after a while. */
export function toggleBlocking(store: PageStore, cell: CellView | null): boolean {
  if (cell === null || browserKind(cell) !== "script") return false;
  void store.change([wordOp(cell, "blocking")], cell.id);
  return true;
}

function showFocused(store: PageStore): void {
  const { focusedCell } = store.view().page;
  if (focusedCell !== null) showCell(focusedCell);
}

function whatOf(cells: readonly CellView[]): string {
  const [first] = cells;
  return cells.length === 1 ? (first?.name ?? "the cell") : counted(cells.length, "cell");
}
