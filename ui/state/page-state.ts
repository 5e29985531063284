/** What the page knows, and how each thing that happens changes it. Pure: no socket, no clock. */
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, RunId } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { WorkspaceEvent } from "#protocol/messages.ts";
import type { CellView, NotebookView, RunView, Snapshot } from "#protocol/view.ts";

import type { Past } from "./past.ts";
import { PRESENT } from "./past.ts";
import { shared } from "./shared.ts";
import type { InsertedCell } from "./follow-cells.ts";
import { cameCell, cellInPlaceOf, followCells } from "./follow-cells.ts";
import type { Plan } from "./plan.ts";

type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** `since`: milliseconds; `retryAt`: when it is tried again. */
  | {
      readonly kind: "offline";
      readonly since: number;
      readonly retryAt: number;
      /** The server is there and wants the token that it printed when it was started. */
      readonly locked: boolean;
    };

export interface PageState {
  readonly connection: ConnectionState;
  /** The last one, with every later event in it; null before the first. */
  readonly snapshot: Snapshot | null;
  /** Cell that keys act on. */
  readonly focusedCell: string | null;
  /** Cell where a selection of several began; null while keys act on the focused one alone. */
  readonly anchorCell: string | null;
  /** How outputs are shown that a person folded, or let out of their height, by cell. */
  readonly outputViews: Readonly<Record<string, OutputView>>;
  /** Cell whose text is being edited, and where the caret was put; null in command mode. */
  readonly editing: { readonly cell: string; readonly at: EditPlace | null } | null;
  /** A cell that was inserted here and is on its way: it gets the focus, and is edited where `at` says. */
  readonly expecting: { readonly cell: InsertedCell; readonly at: EditPlace | null } | null;
  /** What lies over the page; null when nothing does. */
  readonly overlay: Overlay | null;
  /** A line that says what an action did, and goes by itself. */
  readonly toast: { readonly number: number; readonly text: string } | null;
  /** Asset that the docked pane tells about; a module folder has no cell. */
  readonly selectedAsset: AssetKey | null;
  /** What is shown as it was. */
  readonly past: Past;
  /** Runs that were asked to stop and have not said so. */
  readonly stopping: ReadonlySet<RunId>;
  /** What an action was refused with, by where it was taken: an asset, or `page`. */
  readonly refusals: Readonly<Record<string, ErrorInfo>>;
  /** The latest events, for a snapshot that was taken before them and arrives after. */
  readonly recent: readonly WorkspaceEvent[];
}

/** `folded`: only a line is left of it; `whole`: it is as tall as it is. */
export type OutputView = "folded" | "whole";

/** A point of the window, or a 1-based line and column of the text; `length` characters from there are selected. */
export type EditPlace =
  | { readonly x: number; readonly y: number }
  | { readonly line: number; readonly column: number; readonly length?: number };

export type Overlay =
  /** `among`: it is one of these cells. */
  | { readonly kind: "palette"; readonly query: string; readonly among?: readonly string[] }
  | { readonly kind: "rename"; readonly cell: string }
  | { readonly kind: "first-line"; readonly cell: string }
  /** The menu of a cell. */
  | { readonly kind: "menu"; readonly cell: string }
  /** A plan that is looked at before it is started; `place` is where a refusal is shown. */
  | { readonly kind: "plan"; readonly plan: Plan; readonly place: string }
  | { readonly kind: "export" }
  /** The list of samples. */
  | { readonly kind: "sample" }
  /** Whether to end the kernels of what does not stop. */
  | { readonly kind: "kill" }
  /** `before`: the run of the earlier version; null: the one before the one that stands. */
  | { readonly kind: "compare"; readonly asset: AssetKey; readonly before: RunId | null }
  | { readonly kind: "history"; readonly asset: AssetKey }
  | { readonly kind: "what-if"; readonly asset: AssetKey }
  /** Where a row of an asset, or what is known of a site, is from; `site` as the verb takes it. */
  | { readonly kind: "trace"; readonly asset: AssetKey | null; readonly site: string }
  | { readonly kind: "insert"; readonly cell: string | null; readonly below: boolean };

export type PageEvent =
  | { readonly type: "connected" }
  | { readonly type: "disconnected"; readonly at: number; readonly retryAt: number }
  | { readonly type: "locked" }
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "workspace"; readonly event: WorkspaceEvent }
  /** The page has seen everything up to this number. */
  | { readonly type: "caught-up"; readonly seq: number }
  /** `extend`: what was selected stays so. */
  | { readonly type: "focus"; readonly cell: string | null; readonly extend?: boolean }
  | { readonly type: "output"; readonly cell: string; readonly shown: OutputView | null }
  | { readonly type: "select"; readonly asset: AssetKey | null }
  | { readonly type: "edit"; readonly editing: PageState["editing"] }
  /** Null: nothing more is awaited. */
  | { readonly type: "expect"; readonly expecting: PageState["expecting"] }
  | { readonly type: "overlay"; readonly overlay: Overlay | null }
  | { readonly type: "past"; readonly past: Past }
  | { readonly type: "toast"; readonly text: string | null }
  | { readonly type: "stopping"; readonly run: RunId }
  | { readonly type: "refused"; readonly place: string; readonly error: ErrorInfo }
  | { readonly type: "asked"; readonly place: string };

/** Events kept for a late snapshot: more than can happen while one is on its way. */
const RECENT_EVENTS = 256;
/** Runs that are kept: those of the snapshot, and what began since. */
const RUNS_KEPT = 50;

export const initialState: PageState = {
  connection: { kind: "connecting" },
  snapshot: null,
  focusedCell: null,
  anchorCell: null,
  outputViews: {},
  editing: null,
  expecting: null,
  overlay: null,
  toast: null,
  selectedAsset: null,
  past: PRESENT,
  stopping: new Set(),
  refusals: {},
  recent: [],
};

export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case "connected":
      return { ...state, connection: { kind: "open" } };
    case "disconnected": {
      const since = state.connection.kind === "offline" ? state.connection.since : event.at;
      const locked = state.connection.kind === "offline" && state.connection.locked;
      return { ...state, connection: { kind: "offline", since, retryAt: event.retryAt, locked } };
    }
    case "locked":
      return state.connection.kind === "offline"
        ? { ...state, connection: { ...state.connection, locked: true } }
        : state;
    case "snapshot": {
      const { snapshot } = event;
      return withSnapshot(state, { ...snapshot, notebook: withoutGaps(snapshot.notebook, state) });
    }
    case "workspace": {
      const { event: told } = event;
      return withEvent(
        state,
        told.type === "notebook" ? { ...told, notebook: withoutGaps(told.notebook, state) } : told,
      );
    }
    case "caught-up": {
      const { snapshot } = state;
      return snapshot === null || snapshot.seq >= event.seq
        ? state
        : { ...state, snapshot: { ...snapshot, seq: event.seq } };
    }
    case "focus": {
      const anchorCell = event.extend === true ? (state.anchorCell ?? state.focusedCell) : null;
      return { ...withFocus(state, event.cell), anchorCell };
    }
    case "output": {
      const rest = without(state.outputViews, event.cell);
      return { ...state, outputViews: event.shown === null ? rest : { ...rest, [event.cell]: event.shown } };
    }
    case "select":
      return { ...state, selectedAsset: event.asset };
    case "edit":
      return withFocus({ ...state, editing: event.editing }, event.editing?.cell ?? state.focusedCell);
    case "expect":
      return { ...state, expecting: event.expecting };
    case "overlay":
      return { ...state, overlay: event.overlay };
    case "past":
      return { ...state, past: event.past };
    case "toast":
      return {
        ...state,
        toast: event.text === null ? null : { number: (state.toast?.number ?? 0) + 1, text: event.text },
      };
    case "stopping":
      return { ...state, stopping: new Set([...state.stopping, event.run]) };
    case "refused":
      return { ...state, refusals: { ...state.refusals, [event.place]: event.error } };
    case "asked":
      return { ...state, refusals: without(state.refusals, event.place) };
  }
}

function withSnapshot(state: PageState, snapshot: Snapshot): PageState {
  const sameNotebook = state.snapshot?.notebook.path === snapshot.notebook.path;
  const isElsewhere =
    state.snapshot !== null && (!sameNotebook || state.snapshot.partition !== snapshot.partition);
  // Another life of the server counts anew.
  const recent = state.snapshot?.boot === snapshot.boot ? state.recent : [];
  const later = recent.filter((event) => event.seq > snapshot.seq);
  const merged = later.reduce(applied, snapshot);
  const before = sameNotebook ? (state.snapshot?.notebook.cells ?? []) : [];
  const known = snapshot.assets.some((asset) => asset.key === state.selectedAsset);
  return {
    ...state,
    ...placeAmong(
      sameNotebook
        ? state
        : { ...state, focusedCell: null, anchorCell: null, editing: null, expecting: null },
      before,
      merged,
    ),
    snapshot: merged,
    outputViews: sameNotebook ? state.outputViews : {},
    recent,
    selectedAsset: known ? state.selectedAsset : firstAsset(snapshot),
    stopping: stillRunning(state.stopping, merged.runs),
    // What was refused, and what a dialog holds, such as a plan or edits of a what-if, is of the person for whom it was asked.
    refusals: state.snapshot === null || isElsewhere ? {} : state.refusals,
    overlay: isElsewhere ? null : state.overlay,
  };
}

function withEvent(state: PageState, event: WorkspaceEvent): PageState {
  const recent = [...state.recent.slice(1 - RECENT_EVENTS), event];
  if (state.snapshot === null || event.seq <= state.snapshot.seq) return { ...state, recent };
  const snapshot = applied(state.snapshot, event);
  const place =
    snapshot.notebook === state.snapshot.notebook
      ? {}
      : placeAmong(state, state.snapshot.notebook.cells, snapshot);
  return { ...state, ...place, recent, snapshot, stopping: stillRunning(state.stopping, snapshot.runs) };
}

/**
 * Focus, selection and editing among the cells as they are now: with a cell that has a new id, or on one that was
 * awaited. A selection of which an end is gone is none: were it kept, Undo would bring back one of other cells.
 */
function placeAmong(
  state: PageState,
  before: readonly CellView[],
  { notebook }: Snapshot,
): Pick<PageState, "focusedCell" | "anchorCell" | "editing" | "expecting"> {
  const { cells } = notebook;
  const came =
    state.expecting === null || before.length === 0 ? null : cameCell(before, cells, state.expecting.cell);
  if (state.expecting !== null && came !== null) {
    const { at } = state.expecting;
    const editing = at === null ? null : { cell: came.id, at };
    return { focusedCell: came.id, anchorCell: null, editing, expecting: null };
  }
  const ids = new Set(cells.map((cell) => cell.id));
  const renamed = followCells(before, cells);
  const follow = (id: string): string | null => (ids.has(id) ? id : (renamed.get(id) ?? null));
  const { focusedCell, anchorCell, editing, expecting } = state;
  const edited = editing === null ? null : follow(editing.cell);
  const focused = focusedCell === null ? null : follow(focusedCell);
  return {
    focusedCell: focusedCell === null ? null : (focused ?? cellInPlaceOf(focusedCell, before, cells)),
    anchorCell: focused === null || anchorCell === null ? null : follow(anchorCell),
    editing: editedAs(editing, edited),
    expecting,
  };
}

/** The same object for the same cell: another one asks the editor to go to its place once more. */
function editedAs(editing: PageState["editing"], cell: string | null): PageState["editing"] {
  if (editing === null || cell === null) return null;
  return cell === editing.cell ? editing : { ...editing, cell };
}

/** The notebook without the blank lines between its cells, which are blocks too; what is being written stays. */
function withoutGaps(notebook: NotebookView, { editing }: PageState): NotebookView {
  const isGap = (cell: CellView): boolean =>
    cell.kind === "markdown" && cell.source.trim() === "" && cell.id !== editing?.cell;
  return notebook.cells.some(isGap)
    ? { ...notebook, cells: notebook.cells.filter((cell) => !isGap(cell)) }
    : notebook;
}

/** The snapshot as it is after the event. What belongs to another partition only moves `seq`. */
function applied(snapshot: Snapshot, event: WorkspaceEvent): Snapshot {
  const next = { ...snapshot, seq: event.seq };
  switch (event.type) {
    case "asset": {
      const { asset } = event;
      if (asset.partition !== snapshot.partition && asset.partition !== WHOLE) return next;
      const known = snapshot.assets.some((old) => old.key === asset.key);
      return known
        ? { ...next, assets: snapshot.assets.map((old) => (old.key === asset.key ? asset : old)) }
        : { ...next, assets: [...snapshot.assets, asset] };
    }
    case "run": {
      const { run } = event;
      const known = snapshot.runs.some((old) => old.id === run.id);
      return known
        ? { ...next, runs: snapshot.runs.map((old) => (old.id === run.id ? run : old)) }
        : { ...next, runs: [run, ...snapshot.runs].slice(0, RUNS_KEPT) };
    }
    case "partitions":
      return { ...next, partitions: event.partitions };
    case "kernel":
      return event.kernel.notebook === snapshot.notebook.path ? { ...next, kernel: event.kernel } : next;
    case "notebook":
      return event.notebook.path === snapshot.notebook.path &&
        event.notebook.revision >= snapshot.notebook.revision
        ? {
            ...next,
            notebook: {
              ...event.notebook,
              cells: shared(snapshot.notebook.cells, event.notebook.cells, ({ id }) => id),
            },
          }
        : next;
    case "definitions":
      return next;
  }
}

function withFocus(state: PageState, cell: string | null): PageState {
  const asset = state.snapshot?.notebook.cells.find((one) => one.id === cell)?.asset ?? null;
  return { ...state, focusedCell: cell, selectedAsset: asset ?? state.selectedAsset };
}

function firstAsset(snapshot: Snapshot): AssetKey | null {
  return snapshot.notebook.cells.find((cell) => cell.asset !== null)?.asset ?? null;
}

function stillRunning(stopping: ReadonlySet<RunId>, runs: readonly RunView[]): ReadonlySet<RunId> {
  if (stopping.size === 0) return stopping;
  const running = new Set(runs.filter((run) => run.state === "running").map((run) => run.id));
  return new Set([...stopping].filter((run) => running.has(run)));
}

function without<Value>(all: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
}
