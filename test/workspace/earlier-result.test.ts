import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { assetKey, WHOLE } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { objectPath } from "../../server/runs/published-tree.ts";
import { runView } from "../../server/runs/run-view.ts";
import { SHIPPED_NOTEBOOKS } from "../../server/workspace-paths.ts";
import type { Workspace } from "../../server/workspace.ts";
import { openOver } from "../support/workspace.ts";

const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql doubled asset
select n * 2 as n from numbers
\`\`\`

\`\`\`yaml moved diff
asset: doubled
version: previous
key: [n]
\`\`\`
`;

let workspace: Workspace;

beforeEach(async () => {
  workspace = await openOver(NOTEBOOK);
});

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

/** What became of each step. */
async function make(selection: string): Promise<string[]> {
  const run = await workspace.startRun(selection, WHOLE);
  await run.ended;
  const steps = runView(run.id, workspace.catalog.eventsOfRun(run.id))?.steps ?? [];
  return steps.map(({ asset, state, reason }) => `${asset} ${state} ${reason ?? ""}`.trim());
}

async function edit(from: string, to: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  session.disk(session.text.replace(from, to));
  await session.trust(session.standing.revision);
  workspace.definitionsChanged();
}

function head(asset: string): AssetRecord {
  const found = workspace.catalog.versions.head(assetKey(asset), WHOLE);
  if (found?.kind !== "record") throw new Error(`${asset} was not made`);
  return found.record;
}

test("code that is as it was before takes over what it gave then, and what is below does too", async () => {
  await make("doubled");
  const [numbers, doubled] = [head("numbers"), head("doubled")];
  await edit("select 1", "select 2");
  expect(await make("doubled")).toEqual(["numbers done", "doubled done"]);
  await edit("select 2", "select 1");
  expect(await make("doubled")).toEqual(["numbers done cached", "doubled done cached"]);

  const again = head("doubled");
  expect(again).toMatchObject({
    dataVersion: doubled.dataVersion,
    seconds: doubled.seconds,
    run: 3,
    takenFrom: { seq: doubled.seq, run: 1, madeAt: doubled.madeAt },
  });
  expect(Date.parse(again.madeAt)).toBeGreaterThan(Date.parse(doubled.madeAt));
  expect((await workspace.statuses(WHOLE)).get(assetKey("doubled"))).toEqual({ state: "fresh" });
  expect(await make("doubled")).toEqual([]);

  // What was taken over is told of as what it was first.
  await edit("select 1", "select 2");
  await make("numbers");
  await edit("select 2", "select 1");
  await make("numbers");
  expect(head("numbers").takenFrom?.seq).toBe(numbers.seq);
});

test("a result whose file is gone is computed again", async () => {
  await make("numbers");
  const { files } = head("numbers");
  await edit("select 1", "select 2");
  await make("numbers");
  for (const { hash } of files) await rm(objectPath(workspace.paths.home, hash));
  await edit("select 2", "select 1");
  expect(await make("numbers")).toEqual(["numbers done"]);
  expect(head("numbers").takenFrom).toBeUndefined();
});

test("what is compared with what stood before is never taken over", async () => {
  await make("doubled");
  await edit("select 1", "select 2");
  await make("doubled");
  expect(await make("moved")).toEqual(["moved done"]);
  await edit("select 2", "select 1");
  await make("moved");
  await edit("select 1", "select 2");
  expect(await make("moved")).toContain("moved done");
});

test("what was made of a file that had changed since it was looked at is not taken for what it was before", async () => {
  const { notebooks } = workspace.paths;
  const folder = join(notebooks, "modules/vo2max");
  await cp(join(SHIPPED_NOTEBOOKS, "modules/vo2max"), folder, { recursive: true });
  const file = join(folder, "variants.csv");
  const before = await readFile(file, "utf8");
  workspace.definitionsChanged();
  await workspace.definitions();

  // A server hears of it a moment later; a run that is going on does not at all.
  await writeFile(file, before.replace(/^(rs.*?),(-?)0\.\d+,/m, "$1,$20.123,"));
  await make("modules/vo2max");
  const other = head("modules/vo2max");
  workspace.definitionsChanged();
  expect(await make("modules/vo2max")).toEqual([]);

  await writeFile(file, before);
  workspace.definitionsChanged();
  expect(await make("modules/vo2max")).toEqual(["modules/vo2max done"]);
  expect(head("modules/vo2max").dataVersion).not.toBe(other.dataVersion);
});
