import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { assetKey, WHOLE } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import { runView } from "../../server/runs/run-view.ts";
import type { LiveRun } from "../../server/runs/live-runs.ts";
import type { Workspace, WorkspaceOptions } from "../../server/workspace.ts";
import { viewsOfAssets } from "../../server/workspace-views.ts";
import { until } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";

const NUMBERS = "select i::integer as n from range(20000) a(i)";
/** 400 million pairs. */
const PAIRS = "select a.n, b.n as m from numbers a cross join numbers b";

let workspace: Workspace;

async function open(heavy: string, options: Partial<WorkspaceOptions> = {}): Promise<void> {
  workspace = await openOver(
    `\`\`\`sql numbers asset\n${NUMBERS}\n\`\`\`\n\n\`\`\`sql heavy ${heavy}\n\`\`\`\n`,
    options,
  );
}

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

const seen = (run: LiveRun): RunView | null => runView(run.id, workspace.catalog.eventsOfRun(run.id), run);

const stepOf = (run: LiveRun, asset: string): RunView["steps"][number] | undefined =>
  seen(run)?.steps.find((step) => step.asset === asset);

async function started(): Promise<LiveRun> {
  const run = await workspace.startRun("+heavy", WHOLE);
  const heavy = assetKey("heavy");
  await until(
    () => run.progress.get(heavy)?.phase === "running the query" || stepOf(run, "heavy")?.state === "failed",
  );
  expect(stepOf(run, "heavy")).toMatchObject({ state: "running", error: null });
  return run;
}

/** Nothing of what was stopped is anywhere, and what was made before it is. */
async function leftNothing(): Promise<void> {
  expect(workspace.catalog.versions.head(assetKey("heavy"), WHOLE)).toBeNull();
  expect(workspace.catalog.versions.head(assetKey("numbers"), WHOLE)).not.toBeNull();
  expect(await readdir(join(workspace.paths.home, "staging"))).toEqual([]);
}

test("a run on DuckDB is said to stop at once and stops in the engine: its kernel lives", async () => {
  await open("asset\nselect count(*) as n from range(1000000000000) a(i), numbers");
  const run = await started();
  const kernel = await workspace.kernels.get("work");
  workspace.live.cancel(run.id);
  expect(seen(run)).toMatchObject({ state: "running", stoppingSince: expect.stringMatching(/^20/) });
  await run.ended;
  expect(seen(run)).toMatchObject({ state: "cancelled", stoppingSince: null });
  expect(stepOf(run, "heavy")?.state).toBe("cancelled");
  expect(kernel.alive).toBe(true);
  await leftNothing();
});

test("a run on Polars, which nothing can interrupt, is stopped with its kernel, and the next one runs", async () => {
  const others = "cross join (select n as m from numbers) as b cross join (select n as o from numbers) as c";
  await open(`asset engine=polars\nselect sum(n + m * o) as s from numbers as a ${others}`, {
    kernelBytes: 4e9,
  });
  const run = await started();
  const kernel = await workspace.kernels.get("work");
  workspace.live.cancel(run.id);
  await run.ended;
  expect(seen(run)?.state).toBe("cancelled");
  await until(() => !kernel.alive);
  await leftNothing();
  const next = await workspace.startRun("numbers", WHOLE);
  await next.ended;
  expect(seen(next)?.state).toBe("done");
});

test("a run can be stopped the hard way", async () => {
  await open("asset\nselect count(*) as n from range(1000000000000) a(i), numbers");
  const run = await started();
  const kernel = await workspace.kernels.get("work");
  workspace.live.cancel(run.id, true);
  await run.ended;
  expect(seen(run)?.state).toBe("cancelled");
  await until(() => !kernel.alive);
  await leftNothing();
});

const spared = (run: LiveRun): string[] =>
  workspace.catalog
    .eventsOfRun(run.id)
    .flatMap(({ event }) => (event.type === "step_spared" ? `${event.sparing}: ${event.error.message}` : []));

/** 800,000 rows of text, numbered within groups: what its threads work on cannot be spilled. */
const NUMBERED = `select i, m, row_number() over (partition by i % 1000 order by m) as r
  from (select i, md5(i::varchar) as m from range(800000) a(i)), (select max(n) from numbers)`;

test("a step that the engine has no memory for is made once more with fewer threads, and says so", async () => {
  await open(`asset\n${NUMBERED}`, { memoryBytes: 48e6, threads: 8 });
  const run = await workspace.startRun("+heavy", WHOLE);
  await until(() => spared(run).length > 0 || seen(run)?.state !== "running");
  expect(stepOf(run, "heavy")).toMatchObject({ state: "running", sparing: "threads" });
  await run.ended;
  expect(spared(run)).toEqual([
    expect.stringMatching(
      /^threads: out of memory: the engine held \S+ MiB of 45.7 MiB; largest input: numbers/,
    ),
  ]);
  expect(stepOf(run, "heavy")).toMatchObject({ state: "done", sparing: "threads", error: null });
  expect(seen(run)?.state).toBe("done");
});

test("a step that makes its kernel hold too much is made once more with an engine that spills sooner", async () => {
  await open(
    `asset\nselect md5(i::varchar) as a, md5((i + 1)::varchar) as b from range(3000000) t(i), (select max(n) from numbers) order by a`,
    { kernelBytes: 450e6, threads: 2 },
  );
  const run = await workspace.startRun("+heavy", WHOLE);
  await run.ended;
  expect(spared(run)).toEqual([
    expect.stringMatching(/^memory: out of memory: the kernel held \S+ MB of 450 MB/),
  ]);
  expect(stepOf(run, "heavy")).toMatchObject({ state: "done", sparing: "memory", error: null });
});

test.each([
  [
    "asset engine=polars",
    `${PAIRS} order by m, n`,
    { kernelBytes: 600e6 },
    /^out of memory: the kernel held \S+ \wB of 600 MB; once more with less memory; largest input: numbers/,
  ],
  [
    "asset",
    "select i % 200000 as g, list(md5(i::varchar)) as l from range(800000) a(i), (select max(n) from numbers) group by 1",
    { memoryBytes: 48e6, threads: 8 },
    /^out of memory: the engine held \S+ MiB of 45.7 MiB; once more with fewer threads; largest input: numbers/,
  ],
] as const)(
  "what does not fit then either is named with its largest input: %s",
  async (fence, sql, limits, message) => {
    await open(`${fence}\n${sql}`, limits);
    const run = await workspace.startRun("+heavy", WHOLE);
    await run.ended;
    expect(stepOf(run, "heavy")).toMatchObject({
      state: "failed",
      error: { message: expect.stringMatching(message), hint: expect.stringMatching("KARYON_") },
    });
    expect(spared(run)).toHaveLength(1);
    const lost = workspace.catalog.eventsOfRun(run.id).filter(({ event }) => event.type === "step_lost");
    expect(lost).toEqual([]);
    await leftNothing();
  },
);

test("a stop ends the second try too, and its kernel", async () => {
  await open(`asset\n${NUMBERED}, range(1000000) b(j)`, { memoryBytes: 48e6, threads: 8 });
  const run = await workspace.startRun("+heavy", WHOLE);
  await until(() => spared(run).length > 0);
  workspace.live.cancel(run.id);
  await run.ended;
  expect(stepOf(run, "heavy")?.state).toBe("cancelled");
  expect(spared(run)).toHaveLength(1);
  await leftNothing();
});

test("a step whose kernel dies by itself is made in another, and that is written down", async () => {
  await open("asset\nselect count(*) as n from range(3000000000) a(i)");
  const run = await started();
  process.kill((await workspace.kernels.get("work")).pid ?? 0, "SIGKILL");
  await until(() => workspace.catalog.eventsOfRun(run.id).some(({ event }) => event.type === "step_lost"));
  expect(stepOf(run, "heavy")?.state).toBe("running");
  process.kill((await workspace.kernels.get("work")).pid ?? 0, "SIGKILL");
  await run.ended;
  expect(stepOf(run, "heavy")).toMatchObject({
    state: "failed",
    error: {
      code: "killed",
      message: "the kernel was killed from outside (SIGKILL); the last that it told: running the query",
    },
  });
  const views = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
  expect(views.find(({ key }) => key === "heavy")?.status).toMatchObject({
    state: "failed",
    error: {
      message: "the kernel was killed from outside (SIGKILL); the last that it told: running the query",
    },
  });
});
