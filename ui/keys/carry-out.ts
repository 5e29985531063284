import type { AssetKey } from "#protocol/ids.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

import { cellAnchor, showCell } from "../shell/show-cell.ts";
import { stoppableRun } from "../state/cell-state.ts";
import { convertOps, moveOp } from "../state/cell-ops.ts";
import { TEMPLATES, freeName, insertOp } from "../state/cell-templates.ts";
import type { PageStore } from "../state/page-store.ts";
import { PAGE } from "../state/page-store.ts";
import { assetPlan, belowPlan, cellsPlan, notebookAssets, stalePlan } from "../state/plan.ts";
import type { Command } from "./key-map.ts";
import type { Ground, Way } from "./neighbours.ts";
import { assetAt, neighbour } from "./neighbours.ts";

/** The cell that was copied last; it outlives the notebook it came from. */
let copied: CellView | null = null;

/** @returns whether it did anything: a key that does nothing keeps its meaning in the browser */
export function carryOut(command: Command, store: PageStore): boolean {
  const { page, states } = store.view();
  const { snapshot, focusedCell } = page;
  if (snapshot === null) return false;
  const { cells } = snapshot.notebook;
  const ground: Ground = { cells, assets: snapshot.assets, states, focused: focusedCell };
  const cell = cells.find((one) => one.id === focusedCell) ?? null;
  const asset = assetAt(ground);
  switch (command) {
    case "next":
    case "previous":
    case "first":
    case "last":
    case "next-problem":
    case "previous-problem":
    case "upstream":
    case "downstream":
      return go(command, ground);
    case "next-error":
      return goToError(store, ground);
    case "run":
      return run(store, snapshot, asset === null || asset.external ? null : asset.key);
    case "run-next": {
      const key = asset === null || asset.external ? null : asset.key;
      run(store, snapshot, key);
      store.endEdit();
      if (go("next", ground)) return true;
      if (cell === null) return false;
      return insert(store, snapshot, "sql", cell.id);
    }
    case "run-insert": {
      if (cell === null) return false;
      run(store, snapshot, asset === null || asset.external ? null : asset.key);
      return insert(store, snapshot, cell.kind === "markdown" ? "sql" : sameKind(cell), cell.id);
    }
    case "run-below":
      if (asset === null) return false;
      store.run(belowPlan(snapshot.assets, states, asset.key), asset.key);
      return true;
    case "run-stale": {
      const plan = stalePlan(notebookAssets(snapshot), states);
      if (plan.assets.length > 0) store.run(plan, PAGE);
      return true;
    }
    case "run-above":
    case "run-section": {
      const at = cells.findIndex((one) => one.id === focusedCell);
      const chosen = command === "run-above" ? cells.slice(0, at + 1) : sectionAround(cells, at);
      const plan = cellsPlan(snapshot.assets, states, new Set(chosen.flatMap((one) => one.asset ?? [])));
      if (plan.assets.length > 0) store.run(plan, PAGE);
      return true;
    }
    case "stop": {
      const state = asset === null ? undefined : states.get(asset.key);
      const running = state === undefined ? null : stoppableRun(state);
      if (asset === null || running === null) return false;
      store.stop(running, asset.key);
      return true;
    }
    case "save":
      void store.save();
      return true;
    case "enter":
      if (cell === null) return false;
      store.beginEdit(cell.id);
      return true;
    case "leave":
      if (focusedCell === null) return false;
      store.endEdit();
      document.getElementById(cellAnchor(focusedCell))?.focus({ preventScroll: true });
      return true;
    case "insert-above":
    case "insert-below":
      store.show({ kind: "insert", cell: focusedCell, below: command === "insert-below" });
      return true;
    case "text-above":
      return insert(store, snapshot, "prose", before(cells, focusedCell));
    case "text-below":
      return insert(store, snapshot, "prose", focusedCell);
    case "to-script":
      return convert(store, cells, cell, "js");
    case "to-text":
      return convert(store, cells, cell, "md");
    case "to-sql":
      return convert(store, cells, cell, "sql");
    case "copy":
    case "cut":
      if (cell === null) return false;
      copied = cell;
      if (command === "cut") void remove(store, cell);
      else store.toast(`Copied ${cell.name ?? "the cell"}`);
      return true;
    case "paste":
      return paste(store, cells, focusedCell);
    case "paste-above":
      return paste(store, cells, before(cells, focusedCell));
    case "delete":
      if (cell === null) return false;
      void remove(store, cell);
      return true;
    case "move-up":
    case "move-down": {
      const op = cell === null ? null : moveOp(cells, cell.id, command === "move-up" ? "up" : "down");
      if (op === null || cell === null) return false;
      void move(store, cell, op);
      return true;
    }
    case "rename":
      if (cell === null || cell.kind === "markdown") return false;
      store.show({ kind: "rename", cell: cell.id });
      return true;
    case "uses":
      if (cell?.name == null) return false;
      store.show({ kind: "palette", query: `uses of ${cell.name}` });
      return true;
    case "trust":
      if (snapshot.notebook.untrusted === null) store.toast("This notebook is trusted already");
      else void store.trust();
      return true;
    case "undo":
    case "redo":
      if (command === "undo" ? snapshot.notebook.canUndo : snapshot.notebook.canRedo) {
        void store.travel(command);
      } else store.toast(command === "undo" ? "Nothing to take back" : "Nothing to do again");
      return true;
    case "palette":
      store.show({ kind: "palette", query: "" });
      return true;
    case "go-to":
      store.show({ kind: "palette", query: "@" });
      return true;
    case "pane":
      store.shell?.togglePane();
      return true;
    case "help":
      store.shell?.showHelp();
      return true;
  }
}

function go(way: Way, ground: Ground): boolean {
  const cell = neighbour(way, ground);
  if (cell === null) return false;
  showCell(cell.id);
  return true;
}

/** A cell that computes in the page, or nothing at all, runs by being saved. */
function run(store: PageStore, snapshot: Snapshot, key: AssetKey | null): boolean {
  if (key === null) {
    void store.drafts.flushAll();
    return true;
  }
  store.run(assetPlan(snapshot.assets, store.view().states, key), key);
  return true;
}

function insert(store: PageStore, snapshot: Snapshot, template: string, after: string | null): boolean {
  const chosen = TEMPLATES.find((one) => one.id === template);
  if (chosen === undefined) return false;
  void store.insert(insertOp(chosen, after, snapshot.notebook.cells, snapshot.assets), true);
  return true;
}

/** The template that a new cell beside this one starts from. */
function sameKind(cell: CellView): string {
  const kept = cell.language === "sql" && "asset" in cell.attributes;
  return kept ? "sql-asset" : cell.language === "js" || cell.language === "ts" ? "js" : "sql";
}

async function remove(store: PageStore, cell: CellView): Promise<void> {
  if (!(await store.change([{ op: "delete", block: cell.id }]))) return;
  store.toast(`Deleted ${cell.name ?? "the cell"} · z takes it back`);
  const { focusedCell } = store.view().page;
  if (focusedCell !== null) showCell(focusedCell);
}

async function move(store: PageStore, cell: CellView, op: NotebookOp): Promise<void> {
  if (await store.change([op])) showCell(cell.id);
}

function convert(
  store: PageStore,
  cells: readonly CellView[],
  cell: CellView | null,
  language: string,
): boolean {
  if (cell === null) return false;
  const ops = convertOps(cells, cell, language);
  if (ops.length > 0) void store.change(ops, cell.id);
  return true;
}

function paste(store: PageStore, cells: readonly CellView[], after: string | null): boolean {
  if (copied === null) return false;
  const { language, attributes, source } = copied;
  const name = copied.name === null ? null : freeName(copied.name, cells);
  void store.insert({ op: "insert", after, language, name, attributes, source }, false);
  return true;
}

function before(cells: readonly CellView[], cell: string | null): string | null {
  return cells[cells.findIndex((one) => one.id === cell) - 1]?.id ?? null;
}

/** The cells from the heading above to the next one. */
function sectionAround(cells: readonly CellView[], at: number): CellView[] {
  const heads = (cell: CellView): boolean => cell.kind === "markdown" && /^#{1,6}\s/m.test(cell.source);
  const start = cells.findLastIndex((cell, index) => index <= at && heads(cell));
  const end = cells.findIndex((cell, index) => index > at && heads(cell));
  return cells.slice(Math.max(0, start), end < 0 ? undefined : end);
}

function goToError(store: PageStore, ground: Ground): boolean {
  const { cells, assets, focused } = ground;
  const found = cells.flatMap((cell) => {
    const status = assets.find((asset) => asset.key === cell.asset)?.status;
    const error = cell.error ?? (status?.state === "failed" ? status.error : null);
    return error === null ? [] : [{ cell, error }];
  });
  const at = cells.findIndex((cell) => cell.id === focused);
  const next = found.find((one) => cells.indexOf(one.cell) > at) ?? found[0];
  if (next === undefined) {
    store.toast("No errors");
    return true;
  }
  showCell(next.cell.id);
  const { span } = next.error;
  if (span !== undefined) store.beginEdit(next.cell.id, { line: span.line, column: span.column });
  return true;
}
