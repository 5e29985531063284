/** Several runs at once, on real kernels. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

import { assetKey, partitionKey, WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";
import type { RunView, StepView } from "#protocol/view.ts";

import { backfill } from "../../server/cli/backfill.ts";
import { printRun } from "../../server/cli/runs.ts";
import type { Verb } from "../../server/cli/verb.ts";
import { erase } from "../../server/erase.ts";
import { Workspace } from "../../server/workspace.ts";
import type { LiveRun } from "../../server/runs/live-runs.ts";
import { viewOfRun } from "../../server/workspace-views.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { until } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";

/** `counted` takes hours for a sample with a call at 99, and no time for any other; `endless` for everyone. */
const NOTEBOOK = `\`\`\`yaml vcf source=vcf
\`\`\`

\`\`\`yaml variants normalise
source: vcf
\`\`\`

\`\`\`sql shared asset
select count(*)::integer as n from range(500000000) a(i)
\`\`\`

\`\`\`sql endless asset
select count(*)::integer as n from range(1000000000000) a(i)
\`\`\`

\`\`\`sql counted asset
select count(*)::integer as n
from (select case when count(*) filter (start = 99) > 0 then 1000000000000 else 10 end as most from variants) t,
  range(t.most)
\`\`\`

\`\`\`sql both asset
select a.n + b.n as n from shared a, counted b
\`\`\`

\`\`\`sql never asset
select a.n + b.n as n from endless a, counted b
\`\`\`
`;

const [SLOW, SLOW_TOO, QUICK, QUICK_TOO] = ["slow", "slow_too", "quick", "quick_too"].map((sample) =>
  partitionKey("anna", sample),
) as [PartitionKey, PartitionKey, PartitionKey, PartitionKey];

let workspace: Workspace;

beforeEach(async () => {
  workspace = await openOver(NOTEBOOK, { runsAtOnce: 2, threads: 1 });
  for (const partition of [SLOW, SLOW_TOO, QUICK, QUICK_TOO]) {
    const vcf = join(workspace.paths.root, `${partition.replace("/", "-")}.vcf`);
    const pos = partition.includes("slow") ? 99 : 100;
    await writeFile(vcf, vcfOf({ records: [call("0/1", { pos })] }));
    workspace.setPartition(partition, { vcf });
  }
});

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

const make = (selection: string, partition: PartitionKey): Promise<LiveRun> =>
  workspace.startRun(selection, partition);

function seen({ id }: LiveRun): RunView {
  const view = viewOfRun(workspace, id);
  if (view === null) throw new Error(`run ${id} left no trace`);
  return view;
}

function stepOf(run: LiveRun, asset: string): StepView {
  const found = seen(run).steps.find((step) => step.asset === asset);
  if (found === undefined) throw new Error(`run ${run.id} makes no ${asset}`);
  return found;
}

const at = (run: LiveRun, asset: string): Promise<void> =>
  until(() => run.progress.get(assetKey(asset))?.phase === "running the query");

test("a slow sample holds up no other; a run that waits says for what, and begins when a place is free", async () => {
  const [slow, slowToo] = [await make("counted", SLOW), await make("counted", SLOW_TOO)];
  await Promise.all([at(slow, "counted"), at(slowToo, "counted")]);
  const kernels = await Promise.all([workspace.kernels.work(0), workspace.kernels.work(1)]);
  expect(new Set(kernels.map(({ pid }) => pid)).size).toBe(2);
  expect(kernels.map(({ isBusy }) => isBusy)).toEqual([true, true]);

  const [quick, quickToo] = [await make("counted", QUICK), await make("counted", QUICK_TOO)];
  expect(seen(quick)).toMatchObject({ state: "running", waitsFor: [slow.id, slowToo.id] });
  expect(printRun(seen(quick))).toContain(`Run ${quick.id} · waits for run ${slow.id} or ${slowToo.id} ·`);
  for (const partition of [SLOW, QUICK]) {
    await expect(erase(workspace, [partition])).rejects.toMatchObject({ info: { code: "busy" } });
  }

  workspace.live.cancel(slowToo.id);
  await Promise.all([slowToo.ended, quick.ended, quickToo.ended]);
  expect([slowToo, quick, quickToo, slow].map((run) => seen(run).state)).toEqual([
    "cancelled",
    "done",
    "done",
    "running",
  ]);
  expect(seen(quick).waitsFor).toEqual([]);
  const started = [quick, quickToo].map((run) => stepOf(run, "variants").startedAt ?? "");
  expect(started).toEqual(started.toSorted());
});

test("runs of one sample follow one another, others pass them; a stop of one that waits is at once", async () => {
  const slow = await make("counted", SLOW);
  const next = await make("variants", SLOW);
  const last = await make("variants", SLOW);
  const other = await make("counted", QUICK);
  await other.ended;
  // Who opens the workspace beside us leaves them alone.
  const beside = await Workspace.open(workspace.paths, { software: "karyon test" });
  await beside.close();
  expect(seen(last)).toMatchObject({ state: "running", endedAt: null });
  expect([seen(other).state, seen(next).waitsFor, seen(last).waitsFor]).toEqual([
    "done",
    [slow.id],
    [next.id],
  ]);
  workspace.live.cancel(next.id, true);
  await next.ended;
  expect([seen(next).state, seen(slow).state, seen(last).waitsFor]).toEqual([
    "cancelled",
    "running",
    [slow.id],
  ]);
  await at(slow, "counted");
  workspace.live.cancel(slow.id);
  await last.ended;
  expect(stepOf(last, "variants")).toMatchObject({ state: "skipped", reason: "unchanged" });
});

test("a run whose cell was deleted while it waited has failed, and names it", async () => {
  const slow = await make("counted", SLOW);
  const next = await make("shared or variants", SLOW);
  const session = await workspace.sessions.session("one.md");
  session.disk(session.text.replace("sql shared", "sql renamed"));
  workspace.definitionsChanged();
  await at(slow, "counted");
  workspace.live.cancel(slow.id);
  await next.ended;
  expect(seen(next).state).toBe("failed");
  expect(stepOf(next, "shared")).toMatchObject({
    state: "failed",
    error: { message: "no cell defines shared any more" },
  });
  expect(stepOf(next, "variants").state).toBe("skipped");
});

test("what two runs would both make is made once", async () => {
  const [one, other] = [await make("both", QUICK), await make("both", QUICK_TOO)];
  await Promise.all([one.ended, other.ended]);
  expect([seen(one).state, seen(other).state]).toEqual(["done", "done"]);
  const outcomes = [one, other].map((run) => stepOf(run, "shared"));
  expect(outcomes.map(({ state, reason }) => `${state} ${reason}`).toSorted()).toEqual([
    "done null",
    "skipped unchanged",
  ]);
});

test("a run that waits for what another makes says so, and makes it when that one stops", async () => {
  const one = await make("never", QUICK);
  await at(one, "endless");
  const other = await make("never", QUICK_TOO);
  await until(() => stepOf(other, "endless").waitsFor !== null);
  expect(stepOf(other, "endless")).toMatchObject({ state: "pending", waitsFor: one.id });
  expect(printRun(seen(other))).toContain(`waits for run ${one.id}, which makes it`);
  workspace.live.cancel(one.id);
  await at(other, "endless");
  expect(stepOf(other, "endless")).toMatchObject({ state: "running", waitsFor: null });
  await one.ended;
  const third = await make("never", QUICK);
  await until(() => stepOf(third, "endless").waitsFor === other.id);
  workspace.live.cancel(third.id);
  await third.ended;
  expect(stepOf(third, "endless").state).toBe("cancelled");
  expect(seen(other).state).toBe("running");
});

test("a kernel that dies, or is killed, is of its run alone", async () => {
  const [slow, slowToo] = [await make("counted", SLOW), await make("counted", SLOW_TOO)];
  await Promise.all([at(slow, "counted"), at(slowToo, "counted")]);
  const [first, second] = [await workspace.kernels.work(0), await workspace.kernels.work(1)];
  second.kill();
  await until(() => !second.alive);
  await until(() =>
    workspace.catalog.eventsOfRun(slowToo.id).some(({ event }) => event.type === "step_lost"),
  );
  (await workspace.kernels.work(1)).kill();
  await slowToo.ended;
  expect(stepOf(slowToo, "counted")).toMatchObject({ state: "failed", error: { code: "killed" } });
  expect([stepOf(slow, "counted").state, first.alive]).toEqual(["running", true]);

  const again = await make("counted", SLOW_TOO);
  await at(again, "counted");
  const third = await workspace.kernels.work(1);
  workspace.live.cancel(again.id, true);
  await again.ended;
  await until(() => !third.alive);
  expect([seen(again).state, seen(slow).state, first.alive]).toEqual(["cancelled", "running", true]);
});

const known = backfill as unknown as Verb<
  { select: string; partitions: string },
  { partitions: readonly { partition: string; state: string }[] }
>;

test("a backfill makes several samples at once, a record each", async () => {
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const result = await known.run({ select: "counted", partitions: "anna/quick*" }, scope);
  expect(result.partitions).toMatchObject([
    { partition: QUICK, state: "done" },
    { partition: QUICK_TOO, state: "done" },
  ]);
  for (const partition of [QUICK, QUICK_TOO])
    expect(workspace.catalog.versions.head(assetKey("counted"), partition)?.kind).toBe("record");
  expect(workspace.catalog.versions.head(assetKey("counted"), WHOLE)).toBeNull();
});

test("a backfill says why a sample failed, and the others are made", async () => {
  await writeFile(vcfsOf(workspace.attributes(QUICK))[0] ?? "", "no VCF\n");
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const result = await known.run({ select: "counted", partitions: "anna/quick*" }, scope);
  expect(result).toMatchObject({
    partitions: [
      { partition: QUICK, state: "failed", error: { message: expect.stringContaining("not a VCF") } },
      { partition: QUICK_TOO, state: "done", error: null },
    ],
  });
  const [failed, done] = known.print(result).split("\n");
  expect(failed).toMatch(/^failed +anna\/quick +run \d+ +.*not a VCF/);
  expect(done).toMatch(/^done +anna\/quick_too +run \d+$/);
});

test("a backfill goes on without a sample that is removed meanwhile, and names it", async () => {
  const leave = workspace.onChange(({ run }) => {
    // Two are made at once, and this is the last one.
    if (run === null || workspace.catalog.partitions.get(SLOW_TOO) === null) return;
    workspace.catalog.append({ type: "partition_hidden", partition: SLOW_TOO });
  });
  onTestFinished(leave);
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const result = await known.run({ select: "variants", partitions: "anna/*" }, scope);
  const made = [QUICK, QUICK_TOO, SLOW].map((partition) => ({ partition, state: "done" }));
  expect(result).toMatchObject({ partitions: made, removed: [SLOW_TOO] });
  expect(known.failed?.(result)).toBe(false);
  expect(known.print(result)).toContain("anna/slow_too was removed meanwhile.");
});
