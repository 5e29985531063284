import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { parsePartition, WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import { LocalApi, runVerb } from "../../server/api.ts";
import { Automation } from "../../server/automation.ts";
import { why } from "../../server/cli/why.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import { viewOfRun, viewsOfAssets } from "../../server/workspace-views.ts";
import type { Workspace } from "../../server/workspace.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { until } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";

const ANNA = parsePartition("anna/genome");
const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql doubled asset auto=eager
select n * 2 as n from numbers
\`\`\`

\`\`\`sql below asset
select n from doubled
\`\`\`

\`\`\`sql failing asset auto=eager
select n / 0 as n, error('no') as e from numbers
\`\`\`

\`\`\`yaml vcf source=vcf
\`\`\`

\`\`\`yaml quality config
\`\`\`

\`\`\`yaml variants normalise auto=eager
source: vcf
filters: quality
\`\`\`
`;
const QUIET_MS = 300;

let workspace: Workspace;
let automation: Automation;

beforeEach(async () => {
  workspace = await openOver(NOTEBOOK);
  // Takes in what is edited, as in a server.
  new LocalApi(workspace, []).definitionsChanged();
  automation = new Automation(workspace, { quietMs: QUIET_MS });
});

afterEach(async () => {
  await automation.close();
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

function runs(partition: PartitionKey = WHOLE): RunView[] {
  const all = workspace.catalog.runs(100).toReversed();
  return all.flatMap((id) => viewOfRun(workspace, id) ?? []).filter((run) => run.partition === partition);
}

const ended = (partition: PartitionKey = WHOLE): RunView[] =>
  runs(partition).filter(({ state }) => state !== "running");

async function state(asset: string, partition: PartitionKey = WHOLE): Promise<string | undefined> {
  const found = [...(await workspace.statuses(partition))].find(([key]) => key === asset);
  return found?.[1].state;
}

/** What `karyon why` prints. */
async function whyOf(asset: string): Promise<string> {
  const context = { signal: new AbortController().signal, progress: (): void => {} };
  return why.print((await runVerb(why, { asset }, workspace, context)) as never);
}

async function edit(from: string, to: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  await session.dispatch({
    type: "edit",
    ops: [{ op: "set-source", block: from, source: to }],
    at: Date.now(),
  });
}

test("eager assets are made with what they need and follow an edit; others wait, and what failed is not tried twice", async () => {
  await automation.start();
  await until(() => ended().length === 1);
  expect(await state("doubled")).toBe("fresh");
  expect(await state("below")).toBe("missing");
  expect(runs()[0]).toMatchObject({ selection: "doubled or failing", state: "failed" });

  await edit("numbers", "select 2 as n");
  await edit("numbers", "select 3 as n");
  await until(() => ended().length === 2);
  expect(await state("doubled")).toBe("fresh");
  // Something else happens, and brings no third try of what fails.
  const run = await workspace.startRun("below", WHOLE);
  await run.ended;
  await edit("below", "select n from doubled -- said otherwise");
  await edit("below", "select n + 1 as n from doubled");
  await until(async () => (await state("below")) === "stale");
  expect(runs().map(({ selection }) => selection)).toEqual([
    "doubled or failing",
    "doubled or failing",
    "below",
  ]);
});

test("a VCF that is put into the input folder becomes a sample whose eager assets are made", async () => {
  await automation.start();
  const folder = join(workspace.paths.input, "users/anna");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "genome.vcf"), vcfOf({ records: [call("0/1")] }));
  await addDroppedFiles(workspace);
  await until(() => ended(ANNA).length === 1);
  expect(ended(ANNA)[0]).toMatchObject({ selection: "variants", state: "done" });
  expect(await state("variants", ANNA)).toBe("fresh");
});

test("a VCF that is written over, as while it is still copied, has its eager assets made again", async () => {
  await automation.start();
  const folder = join(workspace.paths.input, "users/anna");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "genome.vcf");
  await writeFile(file, "##fileformat=VCFv4.2\n");
  await addDroppedFiles(workspace);
  await until(() => ended(ANNA).length === 1);
  expect(ended(ANNA)[0]?.state).toBe("failed");
  await writeFile(file, vcfOf({ records: [call("0/1")] }));
  await automation.filesChanged([file]);
  await until(() => ended(ANNA).length === 2);
  expect(await state("variants", ANNA)).toBe("fresh");
});

test("what is held or disabled, or of a notebook that is not trusted, is left alone", async () => {
  await automation.start();
  await until(() => ended().length === 1);
  const head = workspace.catalog.versions.head("doubled" as never, WHOLE);
  if (head?.kind !== "record") throw new Error("not made");
  workspace.catalog.append({
    type: "held",
    asset: head.record.asset,
    partition: WHOLE,
    dataVersion: head.record.dataVersion,
  });
  await edit("numbers", "select 4 as n");
  await until(() => ended().length === 2);
  expect(runs()[1]?.selection).toBe("failing");
  expect(await state("doubled")).toBe("held");
  const session = await workspace.sessions.session("one.md");
  // Before it is saved, a change of the file would be one against the text before the edit.
  await until(() => session.isSaved);
  await writeFile(join(workspace.paths.notebooks, "one.md"), session.text.replace("select 4", "select 5"));
  await session.look();
  automation.edited();
  await until(async () => (await state("numbers")) === "stale");
  workspace.touched(WHOLE);
  await new Promise((resolve) => setTimeout(resolve, 3 * QUIET_MS));
  expect(runs()).toHaveLength(2);
});

test("what is not trusted keeps nothing else from being made, and is made once it is trusted", async () => {
  const foreign = "```sql theirs asset auto=eager\nselect 1 as n\n```\n";
  const after = "```sql after asset auto=eager\nselect n from theirs\n```\n";
  await writeFile(join(workspace.paths.notebooks, "two.md"), foreign);
  await writeFile(join(workspace.paths.notebooks, "three.md"), after);
  await workspace.sessions.trust("three.md");
  await automation.start();
  await until(() => ended().length === 1);
  expect([await state("doubled"), await state("theirs")]).toEqual(["fresh", "missing"]);
  await settled();
  expect(await whyOf("doubled")).not.toContain("waits");
  expect(await whyOf("theirs")).toMatch(
    /\n {2}waits: not run: two\.md .* not trusted\n {2}Look at it, .*trust two\.md$/,
  );
  expect(await whyOf("after")).toContain("\n  waits for theirs: not run: two.md was");
  const views = viewsOfAssets(workspace, await workspace.definitions(), WHOLE);
  expect(views.flatMap(({ key, waits }) => (waits === undefined ? [] : [[key, waits.cell]]))).toEqual([
    ["after", "theirs"],
    ["theirs", "theirs"],
  ]);
  await workspace.sessions.trust("two.md");
  await until(() => ended().length === 2);
  expect(ended()[1]).toMatchObject({ selection: "after or theirs", state: "done" });
  expect(await whyOf("after")).not.toContain("waits");
});

test("while thousands of samples are looked at, others are answered", async () => {
  await automation.start();
  await until(() => ended().length === 1);
  const samples = Array.from({ length: 2_000 }, (_, n) => parsePartition(`many/${n}`));
  workspace.catalog.append(
    ...samples.map((partition) => ({ type: "partition_set", partition, attributes: {} }) as const),
  );
  await edit("variants", "filters: quality");
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  count();
  const standing = vi.spyOn(workspace, "standing");
  const lookedAt = new Set<number>();
  standing.mockImplementation((graph) => {
    lookedAt.add(turns);
    return graph;
  });
  workspace.touched(WHOLE);
  await until(() => standing.mock.calls.length >= samples.length);
  isOver = true;
  standing.mockRestore();
  expect(lookedAt.size).toBeGreaterThan(samples.length / 2);
});

/** A workspace over one notebook with one policy, whose clock says what it is told. */
async function openAt(notebook: string, time: string): Promise<{ readonly clock: { now: Date } }> {
  await automation.close();
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
  workspace = await openOver(notebook);
  return { clock: restart(time) };
}

/** Another server over the same workspace, at another time. */
function restart(time: string): { now: Date } {
  const clock = { now: new Date(time) };
  new LocalApi(workspace, []).definitionsChanged();
  automation = new Automation(workspace, { quietMs: QUIET_MS, now: () => clock.now });
  return clock;
}

/** After everything that has happened was looked at. */
async function settled(): Promise<void> {
  workspace.touched(WHOLE);
  await new Promise((resolve) => setTimeout(resolve, 3 * QUIET_MS));
}

/** Until the times of the nightly asset have been attended to up to a time. */
async function attendedUntil(time: string): Promise<void> {
  await until(async () => {
    const text = await readFile(join(workspace.paths.home, "schedule.json"), "utf8").catch(() => "{}");
    const { nightly } = JSON.parse(text) as { nightly?: { until: string } };
    return nightly !== undefined && new Date(nightly.until) >= new Date(time);
  });
}

const NIGHTLY = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql nightly asset auto="cron 0 3 * * *"
select n from numbers
\`\`\`
`;

test("an asset with a cron expression waits for its time, is made then once, and stays stale until the next", async () => {
  const { clock } = await openAt(NIGHTLY, "2026-11-27T12:00:00");
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  await settled();
  expect(runs()).toEqual([]);

  clock.now = new Date("2026-11-28T03:00:00");
  workspace.touched(WHOLE);
  await until(() => ended().length === 1);
  expect(ended()[0]).toMatchObject({ selection: "nightly", state: "done" });
  expect(await state("nightly")).toBe("fresh");

  await edit("numbers", "select 2 as n");
  await until(async () => (await state("nightly")) === "stale");
  await settled();
  expect(runs()).toHaveLength(1);
  clock.now = new Date("2026-11-30T09:00:00");
  await settled();
  await until(() => ended().length === 2);
  // What is fresh at its time stays as it is.
  clock.now = new Date("2026-12-01T04:00:00");
  await settled();
  expect(runs()).toHaveLength(2);
});

test("a time that passed while no server ran is made up once at the next start; of a new expression none was missed", async () => {
  await openAt(NIGHTLY, "2026-11-27T12:00:00");
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  await automation.close();
  // Three nights later.
  restart("2026-11-30T12:00:00");
  await automation.start();
  await attendedUntil("2026-11-30T03:00:00");
  expect(ended()).toHaveLength(1);
  await automation.close();
  await edit("numbers", "select 3 as n");
  restart("2026-11-30T13:00:00");
  await automation.start();
  await settled();
  expect(runs()).toHaveLength(1);

  const session = await workspace.sessions.session("one.md");
  await session.dispatch({
    type: "edit",
    ops: [
      {
        op: "set-info",
        block: "nightly",
        language: "sql",
        attributes: { asset: "", auto: "cron 0 4 * * *" },
      },
    ],
    at: 0,
  });
  await settled();
  expect(runs()).toHaveLength(1);
});

test("what a killed server was attending to at its time is made at the next start", async () => {
  const { clock } = await openAt(
    NIGHTLY.replace("select 1 as n", "select sum(i) as n from range(100000000000) as r(i)"),
    "2026-11-27T12:00:00",
  );
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  clock.now = new Date("2026-11-28T03:00:01");
  workspace.touched(WHOLE);
  await until(() => workspace.catalog.latest(5).some(({ event }) => event.type === "step_started"));
  // As if it had been killed: nothing of the end of the run is seen.
  await automation.close();
  const [run] = runs();
  workspace.live.cancel(run?.id ?? 0, true);
  await until(() => ended().length === 1);
  await edit("numbers", "select 1 as n");
  restart("2026-11-28T09:00:00");
  await automation.start();
  await until(() => ended().length === 2);
  expect(ended()[1]).toMatchObject({ selection: "nightly", state: "done" });
});

test("what failed at its time is not tried again before its next", async () => {
  const { clock } = await openAt(
    NIGHTLY.replace("select n from", "select error('no') as n from"),
    "2026-11-27T12:00:00",
  );
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  clock.now = new Date("2026-11-28T03:00:00");
  await settled();
  await until(() => ended().length === 1);
  await settled();
  expect(runs()).toHaveLength(1);
  clock.now = new Date("2026-11-29T03:00:00");
  await settled();
  await until(() => ended().length === 2);
});

test("a lazy asset is made while a page shows its notebook, for the sample that is shown", async () => {
  await openAt(
    `\`\`\`yaml vcf source=vcf
\`\`\`

\`\`\`yaml quality config
\`\`\`

\`\`\`yaml variants normalise auto=lazy
source: vcf
filters: quality
\`\`\`

\`\`\`sql whole asset auto=lazy
select 1 as n
\`\`\`
`,
    "2026-11-27T12:00:00",
  );
  await automation.start();
  for (const user of ["anna", "boris"]) {
    const folder = join(workspace.paths.input, "users", user);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "genome.vcf"), vcfOf({ records: [call("0/1")] }));
  }
  await addDroppedFiles(workspace);
  await settled();
  expect(runs(ANNA)).toEqual([]);

  const leave = workspace.looks.show("one.md", ANNA);
  await until(() => ended(ANNA).length === 1 && ended().length === 1);
  expect([await state("variants", ANNA), await state("whole")]).toEqual(["fresh", "fresh"]);
  expect(runs(parsePartition("boris/genome"))).toEqual([]);

  leave();
  await edit("whole", "select 2 as n");
  await settled();
  expect(await state("whole")).toBe("stale");
  workspace.looks.show("another.md", ANNA);
  await settled();
  expect(runs()).toHaveLength(1);
});
