import { applyOp, rewrite } from "#notebook/apply-op.ts";
import { merge } from "#notebook/merge.ts";
import type { Notebook } from "#notebook/notebook.ts";
import { serialise } from "#notebook/notebook.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";

import type { JournalRecord, SessionAction, SessionOp } from "./op.ts";
import { backward, forward, spliceBetween } from "./splice.ts";
import { newSession } from "./state.ts";
import type { Change, SessionState } from "./state.ts";

/** Steps that can be taken back. */
const MOST_STEPS = 2_000;
/** Typing in one block is one step, for as long as this. */
const STEP_MS = 4_000;

export interface Applied {
  readonly state: SessionState;
  readonly actions: readonly SessionAction[];
}

/**
 * Decides what an op makes of a session and what is to be done about it. An op that changes nothing asks for
 * nothing.
 *
 * @throws {WorkspaceError} `usage` or `notebook` for an edit that cannot be; the session is then as it was
 */
export function apply(state: SessionState, op: SessionOp): Applied {
  switch (op.type) {
    case "edit": {
      const { notebook, former } = edited(state, op.ops);
      const text = serialise(notebook);
      if (text === state.text) return { state: { ...state, former }, actions: [] };
      const [first, ...more] = op.ops;
      const block = first?.op === "set-source" && more.length === 0 ? first.block : null;
      const record = changeRecord(state, text, block, op.at);
      return did(state, { ...changed(state, record, notebook), former }, [record]);
    }
    case "undo":
      return state.undo.length === 0 ? { state, actions: [] } : did(state, undone(state), [{ type: "undo" }]);
    case "redo":
      return state.redo.length === 0 ? { state, actions: [] } : did(state, redone(state), [{ type: "redo" }]);
    case "disk": {
      if (op.text === state.saved) return { state, actions: [] };
      const { text } = merge(state.saved, state.notebook, op.text);
      const record = changeRecord(state, text, null, op.at);
      const next = text === state.text ? state : changed(state, record, rewrite(state.notebook, text));
      const known = { ...next, saved: op.text };
      return did(state, known, [...(next === state ? [] : [record]), savedRecord(known)]);
    }
    case "saved": {
      if (op.text === state.saved) return { state, actions: [] };
      const next = { ...state, saved: op.text };
      return { state: next, actions: [{ type: "journal", record: savedRecord(next) }] };
    }
  }
}

/** The session that the lines of a journal, from its last `base` on, tell of; `disk` is what the file holds now. */
export function replay(path: string, records: readonly JournalRecord[], disk: string): SessionState {
  const at = records.findLastIndex(({ type }) => type === "base");
  let state = newSession(path, disk);
  for (const record of records.slice(Math.max(0, at))) {
    state = replayed(state, record);
    // Written, and then killed before the journal said so.
    if (state.text === disk) state = { ...state, saved: disk };
  }
  return state;
}

/** The one line that a journal of any length comes to. */
export function baseRecord({ revision, text, saved, undo, redo }: SessionState): JournalRecord {
  return { type: "base", revision, text, saved: spliceBetween(text, saved), undo, redo };
}

function replayed(state: SessionState, record: JournalRecord): SessionState {
  switch (record.type) {
    case "base": {
      const { text, revision, undo, redo } = record;
      const saved = forward(text, record.saved);
      return { ...newSession(state.notebook.path, text), saved, revision, undo, redo };
    }
    case "change":
      return changed(state, record, rewrite(state.notebook, forward(state.text, record.splice)));
    case "undo":
      return undone(state);
    case "redo":
      return redone(state);
    case "saved":
      return { ...state, saved: forward(state.text, record.saved) };
  }
}

/** The notebook after all ops, or an error and none of them. */
function edited(
  state: SessionState,
  ops: readonly NotebookOp[],
): { readonly notebook: Notebook; readonly former: ReadonlyMap<string, string> } {
  const former = new Map(state.former);
  let { notebook } = state;
  for (const op of ops) {
    const current = withCurrentIds(op, notebook, former);
    const at = notebook.blocks.findIndex(({ id }) => "block" in current && id === current.block);
    const next = applyOp(notebook, current);
    const id = next.blocks[at]?.id;
    const changesInfo = current.op === "rename" || current.op === "set-info";
    if (changesInfo && id !== undefined && id !== current.block) former.set(current.block, id);
    notebook = next;
  }
  return { notebook, former };
}

function withCurrentIds<Op extends NotebookOp>(
  op: Op,
  { blocks }: Notebook,
  former: ReadonlyMap<string, string>,
): Op {
  const current = (id: string): string => {
    let now = id;
    for (let step = 0; step <= former.size && !blocks.some((block) => block.id === now); step++) {
      now = former.get(now) ?? now;
    }
    return now;
  };
  const block = "block" in op ? { block: current(op.block) } : {};
  const after = "after" in op && op.after !== null ? { after: current(op.after) } : {};
  const others = "with" in op ? { with: op.with.map((id) => current(id)) } : {};
  return { ...op, ...block, ...after, ...others };
}

type ChangeRecord = Extract<JournalRecord, { type: "change" }>;

function changeRecord(state: SessionState, text: string, block: string | null, at: number): ChangeRecord {
  const splice = spliceBetween(state.text, text);
  const last = state.undo.at(-1);
  const joins = block !== null && last?.block === block && at - last.since < STEP_MS && at >= last.since;
  if (!joins || state.redo.length > 0) {
    return { type: "change", splice, change: { ...splice, block, since: at }, joins: false };
  }
  const both = spliceBetween(backward(state.text, last), text);
  return { type: "change", splice, change: { ...both, block, since: last.since }, joins: true };
}

function changed(state: SessionState, { change, joins }: ChangeRecord, notebook: Notebook): SessionState {
  const steps = joins ? state.undo.slice(0, -1) : state.undo;
  return {
    ...state,
    notebook,
    text: serialise(notebook),
    revision: state.revision + 1,
    undo: [...steps.slice(-MOST_STEPS + 1), change],
    redo: [],
  };
}

function undone(state: SessionState): SessionState {
  return moved(state, state.undo.at(-1), backward, (change) => ({
    undo: state.undo.slice(0, -1),
    redo: [...state.redo, change],
  }));
}

function redone(state: SessionState): SessionState {
  return moved(state, state.redo.at(-1), forward, (change) => ({
    undo: [...state.undo, change],
    redo: state.redo.slice(0, -1),
  }));
}

function moved(
  state: SessionState,
  change: Change | undefined,
  direction: typeof forward,
  steps: (change: Change) => Pick<SessionState, "undo" | "redo">,
): SessionState {
  if (change === undefined) return state;
  const text = direction(state.text, change);
  const notebook = rewrite(state.notebook, text);
  return { ...state, ...steps(change), notebook, text, revision: state.revision + 1 };
}

function savedRecord({ text, saved }: SessionState): JournalRecord {
  return { type: "saved", saved: spliceBetween(text, saved) };
}

/** Asks for what a change of the text needs. */
function did(before: SessionState, state: SessionState, records: readonly JournalRecord[]): Applied {
  const same = before.text === state.text;
  const journal = records.map((record) => ({ type: "journal", record }) as const);
  const save = state.text === state.saved ? [] : [{ type: "save" } as const];
  return { state, actions: [...journal, ...save, ...(same ? [] : [{ type: "tell" } as const])] };
}
