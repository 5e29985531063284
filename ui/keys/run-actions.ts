/** What keys and menus start and stop. */
import type { AssetKey } from "#protocol/ids.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

import { stoppableRun } from "../state/cell-state.ts";
import type { PageStore } from "../state/page-store.ts";
import { PAGE } from "../state/page-store.ts";
import type { Plan } from "../state/plan.ts";
import { assetPlan, cellsPlan } from "../state/plan.ts";

/** A longer plan is shown before it starts. */
const ASK_SECONDS = 30;
/** A second press within this time stops everything. */
const AGAIN_MS = 2_000;

/** A cell that computes in the page, or nothing at all, runs by being saved. */
export function run(store: PageStore, snapshot: Snapshot, key: AssetKey | null): boolean {
  if (key === null) {
    void store.drafts.flushAll();
    return true;
  }
  store.run(assetPlan(snapshot.assets, store.view().states, key), key);
  return true;
}

/** Everything that some cells need; nothing happens when all of it is fresh. */
export function runCells(store: PageStore, snapshot: Snapshot, cells: readonly CellView[]): boolean {
  const { states } = store.view();
  const plan = cellsPlan(snapshot.assets, states, new Set(cells.flatMap((one) => one.asset ?? [])));
  if (plan.assets.length > 0) store.run(plan, PAGE);
  else void store.drafts.flushAll();
  return true;
}

/** Starts a plan, or shows it first when it takes long. */
export function runAfterLook(store: PageStore, plan: Plan, place: string): boolean {
  if (plan.seconds !== null && plan.seconds > ASK_SECONDS) store.show({ kind: "plan", plan, place });
  else store.run(plan, place);
  return true;
}

let stoppedAt = 0;

/** Stops the run of a cell; pressed again at once, or on a cell of which nothing runs, every run. */
export function stop(store: PageStore, snapshot: Snapshot, asset: AssetKey | null, now: number): boolean {
  const { states, page } = store.view();
  const state = asset === null ? undefined : states.get(asset);
  const own = state === undefined ? null : stoppableRun(state);
  const running = snapshot.runs.filter((one) => one.state === "running" && !page.stopping.has(one.id));
  const again = now - stoppedAt < AGAIN_MS;
  if (own !== null && asset !== null && !again) {
    stoppedAt = now;
    store.stop(own, asset);
    if (running.length > 1) store.toast("Stopping its run · press again to stop all");
    return true;
  }
  if (running.length === 0 && snapshot.kernel.state === "busy") {
    void store.kernel("interrupt");
    return true;
  }
  for (const one of running) store.stop(one.id, PAGE);
  if (running.length > 0) store.toast("Stopping everything that runs");
  return running.length > 0 || again;
}

/** The cells from the heading above to the next one. */
export function sectionAround(cells: readonly CellView[], at: number): CellView[] {
  const heads = (cell: CellView): boolean => cell.kind === "markdown" && /^#{1,6}\s/m.test(cell.source);
  const start = cells.findLastIndex((cell, index) => index <= at && heads(cell));
  const end = cells.findIndex((cell, index) => index > at && heads(cell));
  return cells.slice(Math.max(0, start), end < 0 ? undefined : end);
}
