/** One cell's text while a person changes it. Pure: what is typed, what is sent and what comes back are steps. */

export interface Draft {
  /** Text of the server that this one grew from. */
  readonly base: string;
  readonly text: string;
  /** Text on its way to the server; one at a time. */
  readonly sent: string | null;
  /** Another text that the server has meanwhile: shown beside this one, never over it. */
  readonly theirs: string | null;
}

export function opened(source: string): Draft {
  return { base: source, text: source, sent: null, theirs: null };
}

/** A draft that was kept from before, met with what the server has now. */
export function restored(base: string, text: string, source: string): Draft {
  return arrived({ base, text, sent: null, theirs: null }, source);
}

export function typed(draft: Draft, text: string): Draft {
  return { ...draft, text };
}

/** Whether there is something to send now: not while an answer is awaited, nor while two texts stand beside. */
export function wantsSending(draft: Draft): boolean {
  return draft.text !== draft.base && draft.sent === null && draft.theirs === null;
}

/** Whether the text is not yet the server's. */
export function isDirty(draft: Draft): boolean {
  return draft.text !== draft.base || draft.sent !== null || draft.theirs !== null;
}

export function sending(draft: Draft): Draft {
  return { ...draft, sent: draft.text };
}

export function accepted(draft: Draft): Draft {
  return draft.sent === null ? draft : { ...draft, base: draft.sent, sent: null };
}

export function refused(draft: Draft): Draft {
  return { ...draft, sent: null };
}

/** The server's text, whoever wrote it. */
export function arrived(draft: Draft, source: string): Draft {
  if (source === draft.text) return { base: source, text: source, sent: null, theirs: null };
  // No change of this cell.
  if (source === draft.base) return { ...draft, theirs: null };
  // An echo of what this page wrote: the answer may come to a cell that has another name by then.
  if (source === draft.sent) return { base: source, text: draft.text, sent: null, theirs: null };
  if (!isDirty(draft)) return opened(source);
  return { ...draft, theirs: source };
}

export function keepMine(draft: Draft): Draft {
  return draft.theirs === null ? draft : { ...draft, base: draft.theirs, sent: null, theirs: null };
}

export function takeTheirs(draft: Draft): Draft {
  return draft.theirs === null ? draft : opened(draft.theirs);
}
