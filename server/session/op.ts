import type { NotebookOp } from "#protocol/notebook-op.ts";

import type { Change } from "./state.ts";
import type { Splice } from "./splice.ts";

/** What can happen to a session. `at`: milliseconds. */
export type SessionOp =
  | { readonly type: "edit"; readonly ops: readonly NotebookOp[]; readonly at: number }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  /** The file holds this, whoever wrote it. */
  | { readonly type: "disk"; readonly text: string; readonly at: number }
  /** The file was written with this. */
  | { readonly type: "saved"; readonly text: string };

/** What the shell has to do, in this order. */
export type SessionAction =
  | { readonly type: "journal"; readonly record: JournalRecord }
  /** Write the text to the file, soon. */
  | { readonly type: "save" }
  /** Tell every page, and look at the cells again. */
  | { readonly type: "tell" };

/** One line of a journal. Read from its last `base` on, the lines give the session again. */
export type JournalRecord =
  | {
      readonly type: "base";
      readonly revision: number;
      readonly text: string;
      readonly saved: Splice;
      readonly undo: readonly Change[];
      readonly redo: readonly Change[];
    }
  /** A new step; `joins`: it replaces the last one, which it contains. `splice` is from the text before this line. */
  | { readonly type: "change"; readonly splice: Splice; readonly change: Change; readonly joins: boolean }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  /** What the file holds, as a splice from the text. */
  | { readonly type: "saved"; readonly saved: Splice };
