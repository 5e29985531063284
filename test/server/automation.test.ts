import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { parsePartition, WHOLE } from "#protocol/ids.ts";

import { runVerb } from "../../server/api.ts";
import type { Automation } from "../../server/automation.ts";
import { why } from "../../server/cli/why.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import { viewsOfAssets } from "../../server/workspace-views.ts";
import type { Workspace } from "../../server/workspace.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { until } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";
import { automate, edit, ended, runs, settled, state } from "./automated.ts";

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

let workspace: Workspace;
let automation: Automation;

beforeEach(async () => {
  workspace = await openOver(NOTEBOOK);
  automation = automate(workspace);
});

afterEach(async () => {
  await automation.close();
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

/** What `karyon why` prints. */
async function whyOf(asset: string): Promise<string> {
  const context = { signal: new AbortController().signal, progress: (): void => {} };
  return why.print((await runVerb(why, { asset }, workspace, context)) as never);
}

test("eager assets are made with what they need and follow an edit; others wait, and what failed is not tried twice", async () => {
  await automation.start();
  await until(() => ended(workspace).length === 1);
  expect(await state(workspace, "doubled")).toBe("fresh");
  expect(await state(workspace, "below")).toBe("missing");
  expect(runs(workspace)[0]).toMatchObject({ selection: "doubled or failing", state: "failed" });

  await edit(workspace, "numbers", "select 2 as n");
  await edit(workspace, "numbers", "select 3 as n");
  await until(() => ended(workspace).length === 2);
  expect(await state(workspace, "doubled")).toBe("fresh");
  // Something else happens, and brings no third try of what fails.
  const run = await workspace.startRun("below", WHOLE);
  await run.ended;
  await edit(workspace, "below", "select n from doubled -- said otherwise");
  await edit(workspace, "below", "select n + 1 as n from doubled");
  await until(async () => (await state(workspace, "below")) === "stale");
  expect(runs(workspace).map(({ selection }) => selection)).toEqual([
    "doubled or failing",
    "doubled or failing",
    "below",
  ]);
});

test("what could not be looked at, as without a kernel, is looked at again when nothing else happens", async () => {
  await automation.close();
  automation = automate(workspace, { retryMs: 200 });
  const definitions = vi.spyOn(workspace, "definitions");
  definitions.mockRejectedValue(new Error("no kernel"));
  workspace.touched(WHOLE);
  await until(() => definitions.mock.calls.length > 0);
  await settled(workspace);
  definitions.mockRestore();
  await until(() => ended(workspace).length === 1);
  expect(await state(workspace, "doubled")).toBe("fresh");
}, 20_000);

test("a VCF that is put into the input folder becomes a sample whose eager assets are made", async () => {
  await automation.start();
  const folder = join(workspace.paths.input, "users/anna");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "genome.vcf"), vcfOf({ records: [call("0/1")] }));
  await addDroppedFiles(workspace);
  await until(() => ended(workspace, ANNA).length === 1);
  expect(ended(workspace, ANNA)[0]).toMatchObject({ selection: "variants", state: "done" });
  expect(await state(workspace, "variants", ANNA)).toBe("fresh");
});

test("a VCF that is written over, as while it is still copied, has its eager assets made again", async () => {
  await automation.start();
  const folder = join(workspace.paths.input, "users/anna");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "genome.vcf");
  await writeFile(file, "##fileformat=VCFv4.2\n");
  await addDroppedFiles(workspace);
  await until(() => ended(workspace, ANNA).length === 1);
  expect(ended(workspace, ANNA)[0]?.state).toBe("failed");
  await writeFile(file, vcfOf({ records: [call("0/1")] }));
  await automation.filesChanged([file]);
  await until(() => ended(workspace, ANNA).length === 2);
  expect(await state(workspace, "variants", ANNA)).toBe("fresh");
});

test("what is held or disabled, or of a notebook that is not trusted, is left alone", async () => {
  await automation.start();
  await until(() => ended(workspace).length === 1);
  const head = workspace.catalog.versions.head("doubled" as never, WHOLE);
  if (head?.kind !== "record") throw new Error("not made");
  workspace.catalog.append({
    type: "held",
    asset: head.record.asset,
    partition: WHOLE,
    dataVersion: head.record.dataVersion,
  });
  await edit(workspace, "numbers", "select 4 as n");
  await until(() => ended(workspace).length === 2);
  expect(runs(workspace)[1]?.selection).toBe("failing");
  expect(await state(workspace, "doubled")).toBe("held");
  const session = await workspace.sessions.session("one.md");
  // Before it is saved, a change of the file would be one against the text before the edit.
  await until(() => session.isSaved);
  await writeFile(join(workspace.paths.notebooks, "one.md"), session.text.replace("select 4", "select 5"));
  await session.look();
  automation.edited();
  await until(async () => (await state(workspace, "numbers")) === "stale");
  await settled(workspace);
  expect(runs(workspace)).toHaveLength(2);
});

test("what is not trusted keeps nothing else from being made, and is made once it is trusted", async () => {
  const foreign = "```sql theirs asset auto=eager\nselect 1 as n\n```\n";
  const after = "```sql after asset auto=eager\nselect n from theirs\n```\n";
  await writeFile(join(workspace.paths.notebooks, "two.md"), foreign);
  await writeFile(join(workspace.paths.notebooks, "three.md"), after);
  await workspace.sessions.trust("three.md");
  await automation.start();
  await until(() => ended(workspace).length === 1);
  expect([await state(workspace, "doubled"), await state(workspace, "theirs")]).toEqual(["fresh", "missing"]);
  await settled(workspace);
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
  await until(() => ended(workspace).length === 2);
  expect(ended(workspace)[1]).toMatchObject({ selection: "after or theirs", state: "done" });
  expect(await whyOf("after")).not.toContain("waits");
});

test("while thousands of samples are looked at, others are answered", async () => {
  await automation.start();
  await until(() => ended(workspace).length === 1);
  const samples = Array.from({ length: 2_000 }, (_, n) => parsePartition(`many/${n}`));
  workspace.catalog.append(
    ...samples.map((partition) => ({ type: "partition_set", partition, attributes: {} }) as const),
  );
  await edit(workspace, "variants", "filters: quality");
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
