import type { AssetKey } from "#protocol/ids.ts";

import { announcements } from "./announcements.ts";
import type { CellState, Surroundings } from "./cell-state.ts";
import { cellStates } from "./cell-state.ts";
import type { PageState } from "./page-state.ts";
import { initialState } from "./page-state.ts";
import { asItWas, isPresent } from "./past.ts";
import { shared } from "./shared.ts";

/** What components read, in one piece, so that one render sees one moment. */
export interface PageView {
  readonly page: PageState;
  readonly states: ReadonlyMap<AssetKey, CellState>;
  /** The latest thing that a screen reader is told. */
  readonly announcement: string;
}

export const initialView: PageView = { page: initialState, states: new Map(), announcement: "" };

/** What is shown of a page; `last` and `before`: the page and what was shown of it until now. */
export function viewOf(next: PageState, last: PageState, before: PageView): PageView {
  const page = shown(next, last, before);
  const states = statesOf(page, before);
  const samePartition = page.snapshot?.partition === before.page.snapshot?.partition;
  const told = samePartition ? announcements(before.states, states) : [];
  return { page, states, announcement: told.length === 0 ? before.announcement : told.join(". ") };
}

/** The page as it was, where it is shown so; the same lists as long as nothing of them changes. */
function shown(next: PageState, last: PageState, before: PageView): PageState {
  if (next.snapshot === null || isPresent(next.past)) return next;
  const same =
    next.past === last.past &&
    next.snapshot.assets === last.snapshot?.assets &&
    next.snapshot.notebook === last.snapshot.notebook;
  const known = same ? before.page.snapshot : null;
  const { notebook, assets } = known ?? asItWas(next.snapshot, next.past);
  return { ...next, snapshot: { ...next.snapshot, notebook, assets } };
}

function statesOf(page: PageState, before: PageView): ReadonlyMap<AssetKey, CellState> {
  if (page.snapshot === null || sameSurroundings(page, before.page)) return before.states;
  const around: Surroundings = {
    assets: page.snapshot.assets,
    runs: page.snapshot.runs,
    stopping: page.stopping,
    offline: page.connection.kind === "offline",
  };
  const states = [...cellStates(around)].map(([key, state]) => ({ key, state }));
  const old = [...before.states].map(([key, state]) => ({ key, state }));
  return new Map(shared(old, states, ({ key }) => key).map(({ key, state }) => [key, state]));
}

/** Whether nothing changed that the states are decided from: focus and typing do not draw the graph again. */
function sameSurroundings(now: PageState, before: PageState): boolean {
  return (
    now.snapshot?.assets === before.snapshot?.assets &&
    now.snapshot?.runs === before.snapshot?.runs &&
    now.stopping === before.stopping &&
    now.connection.kind === before.connection.kind
  );
}
