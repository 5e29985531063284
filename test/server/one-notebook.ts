import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { NotebookOp } from "#protocol/notebook-op.ts";

import { Sessions } from "../../server/sessions.ts";

export const TEXT = "# T\n\n```sql a\n1\n```\n\n```sql b\nselect * from a\n```\n";

/** A workspace with the notebook `one.md`, of which {@link TEXT} is the text. */
export class OneNotebook {
  readonly root: string = mkdtempSync(join(tmpdir(), "karyon-sessions-"));
  readonly #open: Sessions[] = [];
  #clock = 0;

  constructor() {
    mkdirSync(join(this.root, "notebooks"));
    writeFileSync(this.file("one.md"), TEXT);
  }

  file(name: string): string {
    return join(this.root, "notebooks", name);
  }

  /** What a server has of it that is started now. */
  sessions(): Sessions {
    const made = new Sessions(join(this.root, "notebooks"), join(this.root, ".karyon"));
    this.#open.push(made);
    return made;
  }

  /** Each a step of its own. */
  async edit(at: Sessions, ...ops: NotebookOp[]): Promise<number> {
    return (await at.session("one.md")).dispatch({ type: "edit", ops, at: (this.#clock += 60_000) });
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((sessions) => sessions.close()));
    rmSync(this.root, { recursive: true });
  }
}

/** Gives the cell `a` another text. */
export function setA(source: string): NotebookOp {
  return { op: "set-source", block: "a", source };
}
