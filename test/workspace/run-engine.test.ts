/** The engine of one run, on both real engines. */
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { assetKey, partitionKey, WHOLE } from "#protocol/ids.ts";
import type { AssetRecord, AssetStatus } from "#protocol/record.ts";
import type { RunView } from "#protocol/view.ts";

import { runVerb } from "../../server/api.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { polars } from "../../kernel/engines/polars.ts";
import { history } from "../../server/cli/history.ts";
import type { HistoryResult } from "#protocol/verb-results.ts";
import { backfill } from "../../server/cli/backfill.ts";
import { plan } from "../../server/cli/ls.ts";
import { runRetry } from "../../server/cli/run-control.ts";
import { printRun } from "../../server/cli/runs.ts";
import type { Verb } from "../../server/cli/verb.ts";
import { objectPath } from "../../server/runs/published-tree.ts";
import { viewOfRun } from "../../server/workspace-views.ts";
import type { Workspace } from "../../server/workspace.ts";
import { never } from "../query/support.ts";
import { openOver } from "../support/workspace.ts";

const NOTEBOOK = `\`\`\`ts scripted kernel
return [{ n: 3 }, { n: 1 }, { n: 2 }];
\`\`\`

\`\`\`sql sorted asset
select n, count(*) as many, n > 1 as more from scripted group by n order by n
\`\`\`

\`\`\`sql first asset
select * from sorted where n = 1
\`\`\`

\`\`\`sql onPolars asset engine=polars
select n from first
\`\`\`

\`\`\`sql halved asset
select n, (n + 6) / 2 as half from sorted
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

async function make(selection: string, engine?: string): Promise<RunView> {
  const run = await workspace.startRun(selection, WHOLE, engine === undefined ? {} : { engine });
  await run.ended;
  const view = viewOfRun(workspace, run.id);
  if (view === null) throw new Error("the run left no trace");
  return view;
}

/** `sorted done polars`. */
function steps(view: RunView): string[] {
  return view.steps.map(({ asset, state, reason, engine }) =>
    [asset, state, reason ?? [], engine?.split(" ")[0] ?? []].flat().join(" "),
  );
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

async function status(asset: string): Promise<AssetStatus | undefined> {
  return (await workspace.statuses(WHOLE)).get(assetKey(asset));
}

function ask<Parameters, Result>(verb: unknown, parameters: Parameters): Promise<Result> {
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  return (verb as Verb<Parameters, Result>).run(parameters, scope);
}

test("the cells that take a choice are made on the engine of the run, with one schema, and the record says so", async () => {
  expect(steps(await make("sorted"))).toEqual(["scripted done duckdb", "sorted done duckdb"]);
  const before = head("sorted");
  expect(before).toMatchObject({ engine: `duckdb ${duckdb.version}` });
  expect(before.runEngine).toBeUndefined();

  const view = await make("sorted", "polars");
  // A kernel script takes no choice, and was fresh.
  expect(steps(view)).toEqual(["sorted done polars"]);
  // It was priced by what it took the time before.
  expect(view.steps.map(({ expected }) => expected)).toEqual([before.seconds]);
  expect(view.engine).toBe("polars");
  expect(printRun(view)).toMatch(/^Run 2 · done · sorted on polars\n.*\bon polars \d/);
  const after = head("sorted");
  expect(after).toMatchObject({ engine: `polars ${polars.version}`, runEngine: "polars" });
  expect(after.columns.map(({ name, type }) => [name, type])).toEqual(
    before.columns.map(({ name, type }) => [name, type]),
  );
  expect(await rowsOf(after)).toEqual(await rowsOf(before));
});

async function rowsOf({ files: [file] }: AssetRecord): Promise<unknown[]> {
  const connection = await duckdb.open({ spillDirectory: join(workspace.paths.root, "spill") });
  const rows = await connection.rows(
    `select * from read_parquet('${objectPath(workspace.paths.home, file?.hash ?? "")}')`,
  );
  connection.close();
  return rows;
}

test("what a run made on its engine is fresh, and stays until its text changes; then it is its cell's again", async () => {
  await make("sorted", "polars");
  expect(await status("sorted")).toEqual({ state: "fresh" });
  // A run that chooses nothing claims nothing: it leaves what stands, which says who made it.
  expect(
    printRun(await make("sorted", "polars"))
      .split("\n")
      .slice(1),
  ).toEqual([
    "Nothing had changed: nothing was done.",
    `sorted is made on ${head("sorted").engine} already.`,
  ]);
  const plain = await make("sorted");
  expect(steps(plain)).toEqual([]);
  expect(head("sorted").engine).toMatch(/^polars /);
  expect(printRun(plain).split("\n").slice(1)).toEqual([
    "Nothing had changed: nothing was done.",
    `sorted stays as an earlier run made it, on ${head("sorted").engine}.`,
  ]);

  await edit("order by n", "order by n desc");
  expect(await status("sorted")).toMatchObject({
    state: "stale",
    causes: [{ kind: "code", asset: "sorted", detail: "source changed" }],
  });
  expect(steps(await make("sorted"))).toEqual(["sorted done duckdb"]);
  expect(head("sorted").runEngine).toBeUndefined();
});

test("to name the own engine goes back to it: to what it gave before, when nothing else changed", async () => {
  await make("sorted");
  const { dataVersion, codeVersion } = head("sorted");
  await make("sorted", "polars");
  expect(head("sorted").codeVersion).not.toBe(codeVersion);
  expect(steps(await make("sorted", "duckdb"))).toEqual(["sorted done cached duckdb"]);
  expect(head("sorted")).toMatchObject({ dataVersion, codeVersion, takenFrom: { run: 1 } });
  expect(head("sorted").runEngine).toBeUndefined();

  const { versions } = await ask<object, HistoryResult>(history, { asset: "sorted" });
  const printed = (history as unknown as Verb<object, HistoryResult>).print({
    asset: assetKey("sorted"),
    partition: WHOLE,
    versions,
  });
  expect(printed.split("\n").filter((line) => line.includes("chosen for its run"))).toHaveLength(1);
  expect(versions[1]?.causes.every(({ kind }) => kind === "software")).toBe(true);
});

test("an engine of a run and that of a cell are two things: the one keeps to a schema, the other has its own", async () => {
  await make("sorted", "polars");
  const { codeVersion } = head("sorted");
  await edit("sql sorted asset", "sql sorted asset engine=polars");
  expect(await status("sorted")).toMatchObject({ state: "stale" });
  expect(steps(await make("sorted"))).toEqual(["sorted done polars"]);
  expect(head("sorted").runEngine).toBeUndefined();
  expect(head("sorted").columns[1]?.type).toBe("UINTEGER");
  expect(steps(await make("sorted", "duckdb"))).toEqual(["sorted done duckdb"]);
  expect(head("sorted").columns[1]?.type).toBe("UINTEGER");
  await edit("sql sorted asset engine=polars", "sql sorted asset");
  // Taken over from the first run, which had chosen it too.
  expect(steps(await make("sorted", "polars"))).toEqual(["sorted done cached polars"]);
  expect(head("sorted")).toMatchObject({ codeVersion, runEngine: "polars" });
  expect(head("sorted").columns[1]?.type).toBe("BIGINT");
});

test("of what is fresh, what is selected is made again on the engine, and not what it is made from", async () => {
  await make("first");
  const planned = await ask<object, { steps: { asset: string }[] }>(plan, {
    select: "first",
    engine: "polars",
  });
  expect(planned.steps.map(({ asset }) => asset)).toEqual(["first"]);
  expect(steps(await make("first", "polars"))).toEqual(["first done polars"]);
  expect(head("sorted").engine).toMatch(/^duckdb /);
  // By now it is: there is nothing to do.
  const again = await make("first", "polars");
  expect(steps(again)).toEqual([]);
  expect(printRun(again)).toContain("first is made on polars");
  expect(steps(await make("+first", "polars"))).toEqual(["sorted done polars", "first done polars"]);
  // What is missing is made on it too.
  await edit("n > 1 as more", "n > 2 as more");
  expect(steps(await make("onPolars", "duckdb"))).toEqual([
    "sorted done duckdb",
    "first done duckdb",
    "onPolars done duckdb",
  ]);
  expect(head("onPolars").runEngine).toBe("duckdb");
  expect(head("first").runEngine).toBeUndefined();
});

test("an engine that there is not, or that nothing of it can run on, is refused before anything runs", async () => {
  await expect(make("sorted", "spark")).rejects.toThrow("no such engine: spark");
  await expect(make("sorted", "spark")).rejects.toMatchObject({
    info: { code: "usage", hint: "There are duckdb, polars." },
  });
  await expect(make("scripted", "polars")).rejects.toMatchObject({
    info: {
      code: "usage",
      message: "nothing of this can run on polars: scripted",
      hint: "Leave the engine out, or select what takes a choice of it: sorted, first, onPolars, halved.",
    },
  });
  expect(workspace.catalog.runs(1)).toEqual([]);
});

test("a selection by state takes an engine as any other, also when it is of nothing", async () => {
  expect(steps(await make("missing and not halved", "polars"))).toContain("sorted done polars");
  const again = await make("(stale or missing) and not halved", "polars");
  expect([again.state, again.steps]).toEqual(["done", []]);
  const parameters = { select: "missing and not halved", partitions: "*", engine: "polars" };
  workspace.setPartition(partitionKey("anna", "genome"), {});
  const scope = { workspace, signal: never, progress: () => {} };
  expect(await runVerb(backfill, parameters, workspace, scope)).toMatchObject({
    partitions: [{ partition: "anna/genome", state: "done" }],
  });
});

test("a table that would have other columns on the engine of the run is refused with the column that differs", async () => {
  const { state, steps: made } = await make("halved", "polars");
  expect(state).toBe("failed");
  expect(made.at(-1)?.error).toMatchObject({
    code: "engine",
    message: "another schema: half BIGINT on polars, half DOUBLE on duckdb",
    hint: "Cast it in the cell, so that every engine gives the same; or leave the engine of the run out.",
    cell: "halved",
  });
  await edit("(n + 6) / 2", "cast(n + 6 as double) / 2");
  expect(steps(await make("halved", "polars"))).toEqual(["halved done polars"]);
  const before = head("halved");
  expect(steps(await make("halved", "duckdb"))).toEqual(["halved done duckdb"]);
  expect(await rowsOf(head("halved"))).toEqual(await rowsOf(before));
});

test("what is held stays what it is, and a retry chooses what the run did", async () => {
  await make("sorted");
  const { dataVersion } = head("sorted");
  workspace.catalog.append({ type: "held", asset: assetKey("sorted"), partition: WHOLE, dataVersion });
  expect(steps(await make("sorted", "polars"))).toEqual(["sorted skipped held"]);
  workspace.catalog.append({ type: "released", asset: assetKey("sorted"), partition: WHOLE });
  const retried = await ask<object, RunView>(runRetry, { id: 2 });
  expect(steps(retried)).toEqual(["sorted done polars"]);
});
