/** What keys and menus start and stop. */
import type { AssetKey } from "#protocol/ids.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

import { isDirty } from "../editor/draft.ts";
import { stoppableRun } from "../state/cell-state.ts";
import type { PageStore } from "../state/page-store.ts";
import { PAGE } from "../state/page-store.ts";
import type { Plan } from "../state/plan.ts";
import { assetPlan, cellsPlan, notebookAssets, stalePlan } from "../state/plan.ts";
import { soon } from "../state/soon.ts";

/** A longer plan is shown before it starts. */
const ASK_SECONDS = 30;
/** A second press within this time stops everything. */
const AGAIN_MS = 2_000;

/** A cell that keeps nothing is computed anew; when it was edited, it is by being saved. */
export function run(store: PageStore, cell: CellView | null): void {
  withPlan(store, cell, (plan, key) => store.run(plan, key));
}

/** As {@link run}; what it needs is shown first when that takes long. Of the cell alone it is plain what is asked for. */
export function runWithLook(store: PageStore, cell: CellView | null): void {
  withPlan(store, cell, (plan, key) => {
    if (plan.assets.length < 2) store.run(plan, key);
    else runAfterLook(store, plan, key);
  });
}

/**
 * Saves, and does something with what a run of the cell would make, once it is told whether it has an asset: of a new cell
 * that takes a moment. One that has none is computed anew. Nothing is done when it goes before.
 */
function withPlan(store: PageStore, cell: CellView | null, act: (plan: Plan, asset: AssetKey) => void): void {
  const edited = cell !== null && isEdited(store, cell);
  void store.drafts.flushAll();
  if (cell === null) return;
  soon(store, ({ notebook, assets }) => {
    const found = notebook.cells.find(({ id }) => id === cell.id);
    const asset = assets.find(({ key }) => key === found?.asset);
    if (found?.pending === true || (found?.asset != null && asset === undefined)) return null;
    return () => {
      if (found?.asset === null && !edited) store.outputs.rerun(found.id);
      if (asset === undefined || asset.external) return;
      act(assetPlan(assets, store.view().states, asset.key), asset.key);
    };
  });
}

/** Whether it is computed anew anyway: it has a text that is not looked at yet. */
function isEdited({ drafts }: PageStore, { id, pending }: CellView): boolean {
  const draft = drafts.draft(id);
  return pending === true || (draft !== null && isDirty(draft));
}

/** Saves, and runs what some cells need, unless it is fresh; those that keep nothing are computed anew. */
export function runCells(store: PageStore, path: string, cells: readonly CellView[]): void {
  const chosen = new Set(cells.map(({ id }) => id));
  const anew = cells.filter((one) => one.asset === null && !isEdited(store, one));
  for (const { id } of anew) store.outputs.rerun(id);
  void onceSaved(store, path, ({ notebook, assets }) => {
    const keys = notebook.cells.flatMap(({ id, asset }) => (chosen.has(id) ? (asset ?? []) : []));
    const plan = cellsPlan(assets, store.view().states, new Set(keys));
    if (plan.assets.length > 0) store.run(plan, PAGE);
  });
}

/** Saves, and runs everything stale of a notebook. */
export function runStale(store: PageStore, path: string): void {
  void onceSaved(store, path, (snapshot) => {
    const plan = stalePlan(notebookAssets(snapshot), store.view().states);
    if (plan.assets.length > 0) runAfterLook(store, plan, PAGE);
    else store.toast("Nothing stale");
  });
}

/** Saves a notebook, and does something once the page is told what became stale by that. */
async function onceSaved(store: PageStore, path: string, act: (snapshot: Snapshot) => void): Promise<void> {
  await store.drafts.flushAll();
  soon(store, (snapshot) => {
    const { notebook } = snapshot;
    // Somebody has gone elsewhere meanwhile.
    if (notebook.path !== path) return () => {};
    return notebook.cells.some(({ pending }) => pending) ? null : () => act(snapshot);
  });
}

/** Starts a plan, or shows it first when it takes long. */
export function runAfterLook(store: PageStore, plan: Plan, place: string): boolean {
  if (plan.seconds !== null && plan.seconds > ASK_SECONDS) store.show({ kind: "plan", plan, place });
  else store.run(plan, place);
  return true;
}

let stoppedAt = -Infinity;
/** Presses of Stop that followed one another at once. */
let presses = 0;

/**
 * Stops the run of a cell; pressed again at once, or on a cell of which nothing runs, every run; a third time, it is
 * offered to kill what goes on.
 */
export function stop(store: PageStore, snapshot: Snapshot, asset: AssetKey | null, now: number): boolean {
  const { states, page } = store.view();
  const state = asset === null ? undefined : states.get(asset);
  const own = state === undefined ? null : stoppableRun(state);
  const running = snapshot.runs.filter((one) => one.state === "running" && !page.stopping.has(one.id));
  const busy = snapshot.kernel.state === "busy";
  presses = now - stoppedAt < AGAIN_MS ? presses + 1 : 1;
  stoppedAt = now;
  const again = presses > 1;
  if (presses > 2 && (busy || snapshot.runs.some((one) => one.state === "running"))) {
    store.show({ kind: "kill" });
    return true;
  }
  if (own !== null && asset !== null && !again) {
    store.stop(own, asset);
    if (running.length > 1) store.toast("Stopping its run · press again to stop all");
    return true;
  }
  if (running.length === 0 && busy) {
    void store.kernel("interrupt");
    return true;
  }
  for (const one of running) store.stop(one.id, PAGE);
  if (running.length > 0) store.toast("Stopping everything that runs");
  else if (!again) store.toast("Nothing runs");
  return true;
}

/** The cells from the heading above to the next one. */
export function sectionAround(cells: readonly CellView[], at: number): CellView[] {
  const heads = (cell: CellView): boolean => cell.kind === "markdown" && /^#{1,6}\s/m.test(cell.source);
  const start = cells.findLastIndex((cell, index) => index <= at && heads(cell));
  const end = cells.findIndex((cell, index) => index > at && heads(cell));
  return cells.slice(Math.max(0, start), end < 0 ? undefined : end);
}
