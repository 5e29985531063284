import type { Notebook } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";

import type { Splice } from "./splice.ts";

/** One step that undo takes back. */
export interface Change extends Splice {
  /** The block whose text it changed, when that is all it did: typing goes on in the same step. */
  readonly block: string | null;
  /** When the step began, in milliseconds. */
  readonly since: number;
}

/** A notebook that is being edited. */
export interface SessionState {
  /** With the ids that its blocks keep while they are edited. */
  readonly notebook: Notebook;
  readonly text: string;
  /** What the file held when it was last written or read: what a change of it in another program started from. */
  readonly saved: string;
  /** Rises with every change of the text, also over restarts. */
  readonly revision: number;
  /** The latest last. */
  readonly undo: readonly Change[];
  readonly redo: readonly Change[];
  /** Ids that blocks had before they were renamed: what a page sends before it has heard of it still applies. */
  readonly former: ReadonlyMap<string, string>;
}

/** A session of a file that nobody has edited. */
export function newSession(path: string, text: string): SessionState {
  return {
    notebook: parse(path, text),
    text,
    saved: text,
    revision: 1,
    undo: [],
    redo: [],
    former: new Map(),
  };
}
