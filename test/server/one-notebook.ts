import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach } from "vitest";

import type { NotebookOp } from "#protocol/notebook-op.ts";

import { Sessions } from "../../server/sessions.ts";

export const TEXT = "# T\n\n```sql a\n1\n```\n\n```sql b\nselect * from a\n```\n";

export interface OneNotebook {
  /** Folder of the workspace. */
  readonly root: () => string;
  /** Path of a notebook. */
  readonly file: (name: string) => string;
  /** What a server has of it that is started now. */
  readonly sessions: () => Sessions;
  /** Each a step of its own. */
  readonly edit: (at: Sessions, ...ops: NotebookOp[]) => Promise<number>;
}

/** For each test of a file a new workspace with the notebook `one.md`, of which {@link TEXT} is the text. */
export function oneNotebook(): OneNotebook {
  let root = "";
  let clock = 0;
  const open: Sessions[] = [];
  const file = (name: string): string => join(root, "notebooks", name);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "karyon-sessions-"));
    mkdirSync(join(root, "notebooks"));
    writeFileSync(file("one.md"), TEXT);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sessions) => sessions.close()));
    rmSync(root, { recursive: true });
  });
  return {
    root: () => root,
    file,
    sessions: () => {
      const made = new Sessions(join(root, "notebooks"), join(root, ".karyon"));
      open.push(made);
      return made;
    },
    edit: async (at, ...ops) =>
      (await at.session("one.md")).dispatch({ type: "edit", ops, at: (clock += 60_000) }),
  };
}

/** Gives the cell `a` another text. */
export function setA(source: string): NotebookOp {
  return { op: "set-source", block: "a", source };
}
