import { cellAnchor, showCell } from "../shell/show-cell.ts";
import type { CellView } from "#protocol/view.ts";

import { ESCAPE_WORDS, nextEscapeLeaves } from "../editor/escape.ts";
import { vimKeys } from "../editor/vim-keys.ts";
import { cellVariable } from "../runtime/definitions.ts";
import { failureOf } from "../runtime/failure-of.ts";
import type { PageStore } from "../state/page-store.ts";
import { belowPlan } from "../state/plan.ts";
import { selectedCells } from "../state/selection.ts";
import {
  convert,
  copy,
  insert,
  merge,
  move,
  paste,
  remove,
  sameKind,
  toggleBlocking,
  toggleDisabled,
} from "./cell-actions.ts";
import type { Command } from "./key-map.ts";
import type { Ground, Way } from "./neighbours.ts";
import { assetAt, neighbour, neighbours } from "./neighbours.ts";
import { run, runAfterLook, runCells, runStale, runWithLook, sectionAround, stop } from "./run-actions.ts";
import { lineNumbers } from "../shell/line-numbers.ts";
import { outputAbove } from "../shell/output-above.ts";

/** @returns whether it did anything: a key that does nothing keeps its meaning in the browser */
export function carryOut(command: Command, store: PageStore): boolean {
  const { page, states } = store.view();
  const { snapshot, focusedCell } = page;
  if (snapshot === null) return false;
  const { cells } = snapshot.notebook;
  const ground: Ground = {
    cells,
    assets: snapshot.assets,
    states,
    focused: focusedCell,
    links: () => store.outputs.links(),
    failure: (one) => failureOf(store.outputs, one),
  };
  const cell = cells.find((one) => one.id === focusedCell) ?? null;
  const asset = assetAt(ground);
  const chosen = selectedCells(page);
  // What comes below nothing in particular comes at the end.
  const above = focusedCell ?? cells.at(-1)?.id ?? null;
  const { shell } = store;
  switch (command) {
    case "next":
    case "previous":
    case "first":
    case "last":
    case "next-problem":
    case "previous-problem":
      return go(command, ground);
    case "upstream":
    case "downstream":
      return goAlong(command, ground, store);
    case "extend-next":
    case "extend-previous": {
      const next = neighbour(command === "extend-next" ? "next" : "previous", ground);
      if (next === null) return false;
      store.extendTo(next.id);
      showCell(next.id);
      return true;
    }
    case "next-error":
      return goToError(store, ground);
    case "run":
      if (chosen.length > 1) runCells(store, snapshot.notebook.path, chosen);
      else runWithLook(store, cell);
      return true;
    case "run-next":
      run(store, cell);
      store.endEdit();
      if (go("next", ground)) return true;
      if (cell === null) return false;
      return insert(store, snapshot, "sql", cell.id);
    case "run-insert":
      if (cell === null) return false;
      run(store, cell);
      return insert(store, snapshot, cell.kind === "markdown" ? "sql" : sameKind(cell), cell.id);
    case "run-below":
      if (asset === null) return false;
      return runAfterLook(store, belowPlan(snapshot.assets, states, asset.key), asset.key);
    case "run-stale":
      runStale(store, snapshot.notebook.path);
      return true;
    case "run-above":
    case "run-section": {
      const at = cells.findIndex((one) => one.id === focusedCell);
      const these = command === "run-above" ? cells.slice(0, at + 1) : sectionAround(cells, at);
      runCells(store, snapshot.notebook.path, these);
      return true;
    }
    case "stop":
      if (cell !== null && store.outputs.stop(cellVariable(cell.id))) return true;
      return stop(store, snapshot, asset?.key ?? null, Date.now());
    case "hold":
      if (asset === null || asset.external) return false;
      store.hold(asset);
      return true;
    case "disable":
      return toggleDisabled(store, cell);
    case "blocking":
      return toggleBlocking(store, cell);
    case "interrupt-kernel":
      void store.kernel("interrupt");
      return true;
    case "restart-kernel":
      void store.kernel("restart");
      return true;
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
      store.selectOne();
      document.getElementById(cellAnchor(focusedCell))?.focus({ preventScroll: true });
      return true;
    case "insert-above":
      store.show({ kind: "insert", cell: focusedCell, below: false });
      return true;
    case "insert-below":
      store.show({ kind: "insert", cell: above, below: true });
      return true;
    case "text-above":
      return insert(store, snapshot, "prose", before(cells, focusedCell));
    case "text-below":
      return insert(store, snapshot, "prose", above);
    case "to-script":
      return convert(store, cell, "ts");
    case "to-text":
      return convert(store, cell, "md");
    case "to-sql":
      return convert(store, cell, "sql");
    case "copy":
      return copy(store, snapshot, chosen);
    case "cut":
      return copy(store, snapshot, chosen) && remove(store, chosen);
    case "paste":
      return paste(store, snapshot, above);
    case "paste-above":
      return paste(store, snapshot, before(cells, focusedCell));
    case "delete":
      return remove(store, chosen);
    case "merge":
      return merge(store, cells, chosen);
    case "move-up":
      return move(store, cells, cell, "up");
    case "move-down":
      return move(store, cells, cell, "down");
    case "rename":
      if (cell === null || cell.kind === "markdown") return false;
      store.show({ kind: "rename", cell: cell.id });
      return true;
    case "first-line":
      if (cell === null || cell.kind === "markdown") return false;
      store.show({ kind: "first-line", cell: cell.id });
      return true;
    case "compare":
      if (asset === null || asset.external) return false;
      store.show({ kind: "compare", asset: asset.key, before: null });
      return true;
    case "what-if":
      if (asset?.kind !== "annotate" || asset.record === null || asset.past === true) return false;
      store.show({ kind: "what-if", asset: asset.key });
      return true;
    case "history":
      if (asset === null || asset.external) return false;
      store.show({ kind: "history", asset: asset.key });
      return true;
    case "uses":
      if (cell?.name == null) return false;
      store.show({ kind: "palette", query: `uses of ${cell.name}` });
      return true;
    case "menu":
      if (cell === null) return false;
      store.show({ kind: "menu", cell: cell.id });
      return true;
    case "fold-output":
    case "whole-output":
      if (cell === null) return false;
      store.showOutput(cell.id, command === "fold-output" ? "folded" : "whole");
      return true;
    case "split":
    case "format":
      return store.editor?.carryOut(command) ?? false;
    case "sample":
      store.show({ kind: "sample" });
      return true;
    case "trust":
      if (snapshot.notebook.untrusted === null) store.toast("This notebook is trusted already");
      else void store.trust();
      return true;
    case "undo":
    case "redo":
      if (command === "undo" ? snapshot.notebook.canUndo : snapshot.notebook.canRedo) {
        void travel(store, command);
      } else store.toast(command === "undo" ? "Nothing to take back" : "Nothing to do again");
      return true;
    case "palette":
      store.show({ kind: "palette", query: "" });
      return true;
    case "go-to":
      store.show({ kind: "palette", query: "@" });
      return true;
    case "find":
    case "replace":
      shell?.find(command === "replace");
      return true;
    case "lineage":
      shell?.showLineage();
      return true;
    case "pane":
      shell?.togglePane();
      return true;
    case "reading":
      store.endEdit();
      shell?.toggleReading();
      return true;
    case "rail":
      shell?.toggleRail();
      return true;
    case "runs":
      shell?.toggleRuns();
      return true;
    case "theme":
      shell?.nextTheme();
      return true;
    case "escape":
      store.toast(ESCAPE_WORDS[nextEscapeLeaves()]);
      return true;
    case "vim":
      store.toast(
        vimKeys.turn()
          ? "Vim's keys in the text: Shift Esc leaves it, as :q does"
          : "No Vim in the text: Esc is as it was",
      );
      return true;
    case "line-numbers":
      lineNumbers.turn();
      return true;
    case "output-above":
      store.toast(outputAbove.turn() ? "Outputs stand above the code" : "Outputs stand below the code");
      return true;
    case "export":
      store.show({ kind: "export" });
      return true;
    case "help":
      shell?.showHelp();
      return true;
  }
}

function go(way: Way, ground: Ground): boolean {
  const cell = neighbour(way, ground);
  if (cell === null) return false;
  showCell(cell.id);
  return true;
}

/** To the one cell above or below in the graph; of several, one is chosen by its name. */
function goAlong(way: "upstream" | "downstream", ground: Ground, store: PageStore): boolean {
  const found = neighbours(way, ground);
  if (found.length < 2) return go(way, ground);
  store.show({ kind: "palette", query: "", among: found.map(({ id }) => id) });
  return true;
}

/** Undo and redo lead to what they change. */
async function travel(store: PageStore, way: "undo" | "redo"): Promise<void> {
  const changed = await store.travel(way);
  // What came back is drawn by then.
  if (changed !== null) requestAnimationFrame(() => showCell(changed));
}

function before(cells: readonly CellView[], cell: string | null): string | null {
  return cells[cells.findIndex((one) => one.id === cell) - 1]?.id ?? null;
}

function goToError(store: PageStore, ground: Ground): boolean {
  const { cells, assets, focused } = ground;
  const found = cells.flatMap((cell) => {
    const status = assets.find((asset) => asset.key === cell.asset)?.status;
    const error = cell.error ?? (status?.state === "failed" ? status.error : ground.failure(cell));
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
