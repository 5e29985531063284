import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import { LocalApi } from "../../server/api.ts";
import { verbs } from "../../server/cli/index.ts";
import type { Workspace } from "../../server/workspace.ts";
import { openOver } from "../support/workspace.ts";

export const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql doubled asset
select n * 2 as n from numbers
\`\`\`

\`\`\`sql endless asset
select count(*) as n from range(1000000000000) a(i)
\`\`\`
`;

/** A workspace over three tables, one of which is never done, and what asks it. */
export class Asking {
  readonly workspace: Workspace;
  readonly #api: LocalApi;

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
    this.#api = new LocalApi(workspace, verbs);
  }

  static async open(): Promise<Asking> {
    return new Asking(await openOver(NOTEBOOK));
  }

  async close(): Promise<void> {
    await this.workspace.close();
    await rm(this.workspace.paths.root, { recursive: true });
  }

  async ask<Result>(verb: string, parameters: object = {}): Promise<Result> {
    const context = { signal: new AbortController().signal, progress: () => {} };
    return (await this.#api.verb(verb, parameters, context)) as Result;
  }

  async make(selection: string, partition: PartitionKey = WHOLE): Promise<number> {
    const run = await this.workspace.startRun(selection, partition);
    await run.ended;
    return run.id;
  }

  async edit(from: string, to: string): Promise<void> {
    const session = await this.workspace.sessions.session("one.md");
    session.disk(session.text.replace(from, to));
  }

  /** Hashes of all that is stored. */
  async objects(): Promise<string[]> {
    const folder = join(this.workspace.paths.home, "objects");
    const prefixes = await readdir(folder).catch(() => []);
    const all = await Promise.all(
      prefixes.map(async (prefix) => (await readdir(join(folder, prefix))).map((rest) => prefix + rest)),
    );
    return all.flat().toSorted();
  }
}
