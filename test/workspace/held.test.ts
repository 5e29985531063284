import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { assetKey, WHOLE } from "#protocol/ids.ts";
import type { AssetView, RunView, Snapshot } from "#protocol/view.ts";

import { LocalApi } from "../../server/api.ts";
import { verbs } from "../../server/cli/index.ts";
import { runView } from "../../server/runs/run-view.ts";
import { Workspace } from "../../server/workspace.ts";
import { openOver } from "../support/workspace.ts";

const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql doubled asset
select n * 2 as n from numbers
\`\`\`

\`\`\`sql summed asset
select sum(n) as n from doubled
\`\`\`

\`\`\`sql seen
select * from doubled
\`\`\`
`;

let workspace: Workspace;
let api: LocalApi;

beforeEach(async () => {
  workspace = await openOver(NOTEBOOK);
  api = new LocalApi(workspace, verbs);
});

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

const context = { signal: new AbortController().signal, progress: () => {} };

async function make(selection: string): Promise<RunView | null> {
  const run = await workspace.startRun(selection, WHOLE);
  await run.ended;
  return runView(run.id, workspace.catalog.eventsOfRun(run.id));
}

async function edit(from: string, to: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  await writeFile(join(workspace.paths.notebooks, "one.md"), session.text.replace(from, to));
  await session.look();
  await session.trust(session.standing.revision);
}

async function shown(key: string): Promise<AssetView> {
  const found = (await api.snapshot("one.md", WHOLE)).assets.find((one) => one.key === key);
  if (found === undefined) throw new Error(key);
  return found;
}

const outcome = (run: RunView | null): string[] =>
  (run?.steps ?? []).map(({ asset, state, reason }) => `${asset} ${state} ${reason ?? ""}`.trim());

test("a held asset keeps its record while what it is made from moves on, until it is let go", async () => {
  await make("summed");
  const before = await shown("doubled");
  await api.verb("hold", { asset: "doubled" }, context);
  for (const n of [2, 3]) {
    await edit(/select \d as/.exec(await text())?.[0] ?? "", `select ${n} as`);
    await make("numbers");
  }
  expect(outcome(await make("summed"))).toEqual(["doubled skipped held"]);
  const held = await shown("doubled");
  expect(held.held).toBe(true);
  expect(held.record?.seq).toBe(before.record?.seq);
  expect(held.status).toMatchObject({ state: "held", behind: 2 });
  expect((await shown("summed")).status.state).toBe("fresh");

  await api.verb("unhold", { asset: "doubled" }, context);
  expect((await shown("doubled")).status.state).toBe("stale");
  expect(outcome(await make("summed"))).toEqual(["doubled done", "summed done"]);
});

test("a hold survives the workspace being closed", async () => {
  await make("numbers");
  await api.verb("hold", { asset: "numbers" }, context);
  await workspace.close();
  workspace = await Workspace.open(workspace.paths, { software: "karyon test" });
  expect((await workspace.statuses(WHOLE)).get(assetKey("numbers"))?.state).toBe("held");
});

test("what was never made cannot be held", async () => {
  await expect(api.verb("hold", { asset: "numbers" }, context)).rejects.toThrow("nothing to hold: numbers");
});

test("a disabled cell is in the file, and it and all below it do not run and say so", async () => {
  await make("summed");
  await api.edit("one.md", [
    { op: "set-info", block: "doubled", language: "sql", attributes: { asset: "", disabled: "" } },
  ]);
  await (await workspace.sessions.session("one.md")).save();
  expect(await readFile(join(workspace.paths.notebooks, "one.md"), "utf8")).toContain(
    "sql doubled asset disabled\n",
  );

  const snapshot = await api.snapshot("one.md", WHOLE);
  expect(disabledBy(snapshot)).toEqual({
    numbers: null,
    doubled: "doubled",
    summed: "doubled",
    seen: "doubled",
  });
  expect((await shown("summed")).status).toEqual({ state: "disabled", by: "doubled" });
  expect((await shown("summed")).record).not.toBeNull();
  await edit("select 1", "select 2");
  expect(outcome(await make("numbers or summed"))).toEqual(["numbers done", "summed skipped disabled"]);
  await expect(workspace.startRun("summed", WHOLE)).rejects.toThrow("disabled: summed");
  const query = api.query(
    { notebook: "one.md", cell: "seen", partition: WHOLE, values: {}, limit: 10 },
    context.signal,
  );
  await expect(query.next()).rejects.toThrow("disabled: seen reads doubled");
});

async function text(): Promise<string> {
  return (await workspace.sessions.session("one.md")).text;
}

function disabledBy({ notebook }: Snapshot): Record<string, string | null> {
  return Object.fromEntries(
    notebook.cells.flatMap(({ name, disabledBy: by }) => (name === null ? [] : [[name, by]])),
  );
}

test("a result that is held while it is made anew stays, and what is below is made from it", async () => {
  const numbers = assetKey("numbers");
  await make("doubled");
  const before = workspace.catalog.versions.headRecord(numbers, WHOLE);
  await edit("select 1 as n", "select 7 as n");
  const leave = workspace.onChange(({ run }) => {
    const events = run === null ? [] : workspace.catalog.eventsOfRun(run).map(({ event }) => event);
    const begun = events.some((event) => event.type === "step_started" && event.asset === numbers);
    if (!begun || before === null || workspace.catalog.versions.held(numbers, WHOLE)) return;
    const { dataVersion } = before;
    workspace.catalog.append({ type: "held", asset: numbers, partition: WHOLE, dataVersion });
  });
  const run = await make("doubled");
  leave();
  expect(run).toMatchObject({
    state: "done",
    steps: [
      { asset: "numbers", state: "skipped", reason: "held" },
      { asset: "doubled", state: "skipped", reason: "unchanged" },
    ],
  });
  expect(workspace.catalog.versions.headRecord(numbers, WHOLE)).toEqual(before);
});
