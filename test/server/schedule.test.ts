import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { parsePartition, WHOLE } from "#protocol/ids.ts";

import type { Automation } from "../../server/automation.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import type { Workspace } from "../../server/workspace.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { until } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";
import { automate, edit, ended, runs, settled, state } from "./automated.ts";

const ANNA = parsePartition("anna/genome");
const NIGHTLY = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql nightly asset auto="cron 0 3 * * *"
select n from numbers
\`\`\`
`;

let workspace: Workspace;
let automation: Automation;

afterEach(async () => {
  await automation.close();
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

/** A workspace over one notebook with one policy, whose clock says what it is told. */
async function openAt(notebook: string, time: string): Promise<{ readonly clock: { now: Date } }> {
  workspace = await openOver(notebook);
  return { clock: restart(time) };
}

/** Another server over the same workspace, at another time. */
function restart(time: string): { now: Date } {
  const clock = { now: new Date(time) };
  automation = automate(workspace, { now: () => clock.now });
  return clock;
}

/** Until the times of the nightly asset have been attended to up to a time. */
async function attendedUntil(time: string): Promise<void> {
  await until(async () => {
    const text = await readFile(join(workspace.paths.home, "schedule.json"), "utf8").catch(() => "{}");
    const { nightly } = JSON.parse(text) as { nightly?: { until: string } };
    return nightly !== undefined && new Date(nightly.until) >= new Date(time);
  });
}

test("an asset with a cron expression waits for its time, is made then once, and stays stale until the next", async () => {
  const { clock } = await openAt(NIGHTLY, "2026-11-27T12:00:00");
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  await settled(workspace);
  expect(runs(workspace)).toEqual([]);

  clock.now = new Date("2026-11-28T03:00:00");
  workspace.touched(WHOLE);
  await until(() => ended(workspace).length === 1);
  expect(ended(workspace)[0]).toMatchObject({ selection: "nightly", state: "done" });
  expect(await state(workspace, "nightly")).toBe("fresh");

  await edit(workspace, "numbers", "select 2 as n");
  await until(async () => (await state(workspace, "nightly")) === "stale");
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(1);
  clock.now = new Date("2026-11-30T09:00:00");
  await settled(workspace);
  await until(() => ended(workspace).length === 2);
  // What is fresh at its time stays as it is.
  clock.now = new Date("2026-12-01T04:00:00");
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(2);
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
  expect(ended(workspace)).toHaveLength(1);
  await automation.close();
  await edit(workspace, "numbers", "select 3 as n");
  restart("2026-11-30T13:00:00");
  await automation.start();
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(1);

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
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(1);
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
  const [run] = runs(workspace);
  workspace.live.cancel(run?.id ?? 0, true);
  await until(() => ended(workspace).length === 1);
  await edit(workspace, "numbers", "select 1 as n");
  restart("2026-11-28T09:00:00");
  await automation.start();
  await until(() => ended(workspace).length === 2);
  expect(ended(workspace)[1]).toMatchObject({ selection: "nightly", state: "done" });
});

test("what failed at its time is not tried again before its next", async () => {
  const { clock } = await openAt(
    NIGHTLY.replace("select n from", "select error('no') as n from"),
    "2026-11-27T12:00:00",
  );
  await automation.start();
  await attendedUntil("2026-11-27T12:00:00");
  clock.now = new Date("2026-11-28T03:00:00");
  await settled(workspace);
  await until(() => ended(workspace).length === 1);
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(1);
  clock.now = new Date("2026-11-29T03:00:00");
  await settled(workspace);
  await until(() => ended(workspace).length === 2);
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
  await settled(workspace);
  expect(runs(workspace, ANNA)).toEqual([]);

  const leave = workspace.looks.show("one.md", ANNA);
  await until(() => ended(workspace, ANNA).length === 1 && ended(workspace).length === 1);
  expect([await state(workspace, "variants", ANNA), await state(workspace, "whole")]).toEqual([
    "fresh",
    "fresh",
  ]);
  expect(runs(workspace, parsePartition("boris/genome"))).toEqual([]);

  leave();
  await edit(workspace, "whole", "select 2 as n");
  await settled(workspace);
  expect(await state(workspace, "whole")).toBe("stale");
  workspace.looks.show("another.md", ANNA);
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(1);
});
