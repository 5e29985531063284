import { rm } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";

import { runVerb } from "../../server/api.ts";
import { lineage } from "../../server/cli/lineage.ts";
import { ls } from "../../server/cli/ls.ts";
import { printRun } from "../../server/cli/runs.ts";
import { runView } from "../../server/runs/run-view.ts";
import { viewsOfAssets } from "../../server/workspace-views.ts";
import { never } from "../query/support.ts";
import { openOver } from "../support/workspace.ts";

const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql failing asset
select error('no')::integer as n from numbers
\`\`\`

\`\`\`sql off asset
select * from nothing_defines_it
\`\`\`
`;

test("what failed, and what cannot be made, is listed and selected as failed; it is missing as well", async () => {
  const workspace = await openOver(NOTEBOOK);
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const run = await workspace.startRun("failing", WHOLE);
  await run.ended;
  const scope = { workspace, signal: never, progress: () => {} };
  const listed = async (select?: string): Promise<string[]> => {
    const found = await runVerb(ls, select === undefined ? {} : { select }, workspace, scope);
    const { assets } = found as { assets: { asset: string; status: { state: string } }[] };
    return assets.map(({ asset, status }) => `${asset} ${status.state}`);
  };
  expect(await listed()).toEqual(["numbers fresh", "failing failed", "off failed"]);
  expect(await listed("failed")).toEqual(["failing failed", "off failed"]);
  expect(await listed("missing and not off")).toEqual(["failing failed"]);
  // As `ls` and `why` say it.
  expect(await runVerb(lineage, { asset: "numbers" }, workspace, scope)).toMatchObject({
    self: { status: { state: "fresh" } },
    downstream: [{ asset: "failing", status: { state: "failed", run: run.id } }],
  });
});

test("an error in SQL is told with the cell, line and column", async () => {
  const workspace = await openOver("```sql wrong asset\nselect\n  nope from range(1)\n```\n");
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const run = await workspace.startRun("wrong", WHOLE);
  await run.ended;
  const view = runView(run.id, workspace.catalog.eventsOfRun(run.id));
  expect(view && printRun(view)).toContain("cell wrong:2:3: no column nope");
});

test("the rows that a kept table fails at are shown and not written down", async () => {
  const workspace = await openOver(
    "```sql genotypes asset\nselect 'A/' || i as genotype from range(3) r(i)\n```\n\n```sql wrong asset\nselect genotype::int as n from genotypes\n```\n",
  );
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const run = await workspace.startRun("wrong", WHOLE);
  await run.ended;
  const views = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
  const status = views.find(({ key }) => key === "wrong")?.status;
  expect(status).toMatchObject({
    state: "failed",
    error: {
      rows: { columns: ["genotype"], rows: [["A/0"], ["A/1"], ["A/2"]] },
      span: { line: 1, column: 16 },
    },
  });
  const events = workspace.catalog.eventsOfRun(run.id);
  const written = JSON.stringify(events.filter(({ event }) => event.type === "step_failed"));
  expect(written).toContain("a value of genotype is not of the type that it is cast to");
  expect(written).not.toContain("A/");

  // As an erasure does.
  workspace.live.forget(WHOLE);
  const after = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
  expect(JSON.stringify(after.find(({ key }) => key === "wrong"))).not.toContain("A/0");
});

test("what was wrong with a text is gone with that text, also where a run was tried with it", async () => {
  const workspace = await openOver("```sql off asset\nselect * from nothing_defines_it\n```\n");
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const status = async (): Promise<string | undefined> => {
    const views = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
    return views.find(({ key }) => key === "off")?.status.state;
  };
  await (
    await workspace.startRun("off", WHOLE)
  ).ended;
  expect(await status()).toBe("failed");
  const session = await workspace.sessions.session("one.md");
  session.disk("```sql off asset\nselect 1 as n\n```\n");
  await session.trust(session.standing.revision);
  workspace.definitionsChanged();
  expect(await status()).toBe("missing");
});

test("a failure is of the text that was run: of an edited one it is not known", async () => {
  const failing = (text: string, fence = ""): string =>
    `\`\`\`sql failing asset${fence}\nselect ${text}::integer as n\n\`\`\`\n\n\`\`\`sql below asset\nselect n from failing\n\`\`\`\n`;
  const workspace = await openOver(failing("error('no')"));
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const run = await workspace.startRun("below", WHOLE);
  await run.ended;
  const session = await workspace.sessions.session("one.md");
  const after = async (text: string): Promise<unknown[]> => {
    session.disk(text);
    await session.trust(session.standing.revision);
    workspace.definitionsChanged();
    const views = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
    const { status, failedBefore } = views.find(({ key }) => key === "failing") ?? {};
    return [status?.state, failedBefore?.message];
  };
  const message = expect.stringContaining("no");
  expect(await after(failing("error('no')"))).toEqual(["failed", undefined]);
  expect(await after(failing("error('yes')"))).toEqual(["missing", message]);
  const scope = { workspace, signal: never, progress: () => {} };
  const found = await runVerb(ls, { select: "failed" }, workspace, scope);
  expect(found, "no command calls it failed either").toEqual({ assets: [] });
  // What cannot be read fails by itself.
  expect(await after(failing("("))).toEqual(["failed", undefined]);
  expect(await after(failing("error('no') /* why? */")), "a comment mends nothing").toEqual([
    "failed",
    undefined,
  ]);
  expect(await after(failing("error('no')", " timeout=9m"))).toEqual(["missing", message]);
  expect(await after(failing("error('no')", " engine=polars"))).toEqual(["missing", message]);
  expect(await after(failing("error('no')"))).toEqual(["failed", undefined]);
});

test("a step whose lease a busy catalog refuses has failed, and says so: nobody cancelled it", async () => {
  const workspace = await openOver("```sql numbers asset\nselect 1 as n\n```\n");
  onTestFinished(async () => {
    await workspace.close();
    await rm(workspace.paths.root, { recursive: true });
  });
  const busy = new WorkspaceError({ code: "asset", message: "another process holds the catalog" });
  workspace.catalog.leases.take = () => {
    throw busy;
  };
  const run = await workspace.startRun("numbers", WHOLE);
  await run.ended;
  expect(runView(run.id, workspace.catalog.eventsOfRun(run.id))).toMatchObject({
    state: "failed",
    steps: [{ asset: "numbers", state: "failed", error: busy.info }],
  });
});
