import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { assetKey, WHOLE } from "#protocol/ids.ts";

import { viewOfRun } from "../../server/workspace-views.ts";
import type { Workspace } from "../../server/workspace.ts";
import { openOver } from "../support/workspace.ts";

let workspace: Workspace;

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

test("what takes longer than its fence allows is stopped and has failed; all else goes on", async () => {
  workspace = await openOver(`\`\`\`sql endless asset timeout=1s
select count(*) as n from range(1000000000000) a(i)
\`\`\`

\`\`\`sql below asset
select n from endless
\`\`\`

\`\`\`sql other asset timeout=10m
select 1 as n
\`\`\`
`);
  const run = await workspace.startRun("below or other", WHOLE);
  await run.ended;
  const view = viewOfRun(workspace, run.id);
  expect(view?.state).toBe("failed");
  expect(view?.steps.map(({ asset, state }) => `${asset} ${state}`).toSorted()).toEqual([
    "below skipped",
    "endless failed",
    "other done",
  ]);
  expect(view?.steps.find(({ asset }) => asset === "endless")?.error).toMatchObject({
    code: "asset",
    message: "endless was not made within 1s, and was stopped",
  });
  expect(await readdir(join(workspace.paths.home, "staging"))).toEqual([]);
});

test.each(["10", "0s", "1.5h", "ten minutes", "999h"])(
  "timeout=%s is a problem of its cell",
  async (time) => {
    workspace = await openOver(`\`\`\`sql table asset timeout="${time}"\nselect 1 as n\n\`\`\`\n`);
    const { graph } = await workspace.definitions();
    expect(graph.problems.get(assetKey("table"))).toMatchObject({
      message: `not a time that it may take: timeout=${time}`,
    });
  },
);
