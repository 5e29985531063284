import type { AssetKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { RunView, Snapshot } from "#protocol/view.ts";

import { announcements } from "./announcements.ts";
import type { CellState, Surroundings } from "./cell-state.ts";
import { cellStates } from "./cell-state.ts";
import type { PageState } from "./page-state.ts";
import { initialState } from "./page-state.ts";
import { asItWas, isPresent } from "./past.ts";
import { selectedCells } from "./selection.ts";
import { shared } from "./shared.ts";

/** What components read, in one piece, so that one render sees one moment. */
export interface PageView {
  readonly page: PageState;
  readonly states: ReadonlyMap<AssetKey, CellState>;
  /** The latest things that a screen reader is told: a few, for what follows at once must not take their place. */
  readonly told: readonly Told[];
}

interface Told {
  readonly number: number;
  readonly text: string;
}

/** Things that were told and stay for whoever reads slowly. */
const TOLD_KEPT = 4;

export const initialView: PageView = { page: initialState, states: new Map(), told: [] };

/** What is shown of a page; `last` and `before`: the page and what was shown of it until now. */
export function viewOf(next: PageState, last: PageState, before: PageView): PageView {
  const page = shown(next, last, before);
  const states = statesOf(page, before);
  return { page, states, told: toldOf(page, states, before) };
}

function toldOf(page: PageState, states: PageView["states"], before: PageView): PageView["told"] {
  const texts = [
    ...connectionWords(before.page.connection.kind, page.connection.kind),
    ...trustWords(before.page.snapshot, page.snapshot),
    ...selectionWords(before.page, page),
    ...refusalWords(before.page, page),
    ...(page.snapshot === null || page.snapshot.partition !== before.page.snapshot?.partition
      ? []
      : announcements(
          { states: before.states, runs: ownRuns(before.page.snapshot) },
          { states, runs: ownRuns(page.snapshot) },
          page.snapshot.notebook.cells.find(({ id }) => id === page.focusedCell)?.asset ?? null,
        )),
  ];
  if (texts.length === 0) return before.told;
  const last = before.told.at(-1)?.number ?? 0;
  return [...before.told, ...texts.map((text, at) => ({ number: last + 1 + at, text }))].slice(-TOLD_KEPT);
}

function ownRuns({ runs, partition }: Snapshot): readonly RunView[] {
  return runs.filter((run) => run.partition === partition || run.partition === WHOLE);
}

function trustWords(was: PageState["snapshot"], is: PageState["snapshot"]): readonly string[] {
  const same = was !== null && was.notebook.path === is?.notebook.path;
  return same && was.notebook.untrusted === null && is.notebook.untrusted !== null
    ? ["the notebook was changed elsewhere: nothing of it runs until it is trusted"]
    : [];
}

function selectionWords(was: PageState, is: PageState): readonly string[] {
  if (was.anchorCell === is.anchorCell && was.focusedCell === is.focusedCell) return [];
  const selected = selectedCells(is).length;
  return selected > 1 ? [`${selected} cells selected`] : [];
}

/** What was asked for and not done; that nobody is connected is told once, not for each letter that is typed. */
function refusalWords(was: PageState, is: PageState): readonly string[] {
  if (is.connection.kind !== "open") return [];
  return Object.entries(is.refusals)
    .filter(([place, error]) => was.refusals[place] !== error)
    .map(([, { message }]) => `not done: ${message}`);
}

function connectionWords(
  was: PageState["connection"]["kind"],
  is: PageState["connection"]["kind"],
): readonly string[] {
  if (is === "offline" && was !== "offline") return ["disconnected; it is tried again"];
  return was === "offline" && is === "open" ? ["connected again"] : [];
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
