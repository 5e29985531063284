import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";
import type { ModuleEdit } from "#protocol/what-if.ts";

import { runVerb } from "../../server/api.ts";
import { diff } from "../../server/cli/diff.ts";
import type { DiffResult } from "#protocol/verb-results.ts";
import type { AnyVerb } from "../../server/cli/verb.ts";
import { whatIfKeepFilters } from "../../server/cli/what-if-keep-filters.ts";
import { whatIfKeep } from "../../server/cli/what-if-keep.ts";
import type { KeptFork } from "../../server/cli/what-if-keep.ts";
import { whatIf } from "../../server/cli/what-if.ts";
import type { WhatIfResult } from "../../server/cli/what-if.ts";
import { never } from "../query/support.ts";
import { genome, PANEL } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const ANNOTATIONS = "user_hf_module_annotations" as AssetKey;
const HEAVIER: ModuleEdit = {
  module: "panel",
  variant: "rs11",
  genotype: "A/G",
  column: "weight",
  value: "-2",
};

let made: Genome;

beforeAll(async () => {
  made = await genome();
});
afterAll(() => made.close());

async function ask(
  edits?: readonly ModuleEdit[],
  thresholds?: WhatIfResult["thresholds"],
): Promise<WhatIfResult> {
  const parameters = {
    asset: ANNOTATIONS,
    partition: made.partition,
    ...(edits === undefined ? {} : { edits }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
  return (await runVerb(whatIf, parameters, made.workspace, {
    signal: never,
    progress: () => {},
  })) as WhatIfResult;
}

async function keep(name: string, edits?: readonly ModuleEdit[]): Promise<KeptFork> {
  const parameters = {
    asset: ANNOTATIONS,
    partition: made.partition,
    module: "panel",
    name,
    ...(edits === undefined ? {} : { edits }),
  };
  return (await runVerb(whatIfKeep, parameters, made.workspace, {
    signal: never,
    progress: () => {},
  })) as KeptFork;
}

test("without annotations there is nothing to ask about", async () => {
  await expect(ask([HEAVIER])).rejects.toThrow(`${ANNOTATIONS} of ${made.partition} is not made yet`);
});

test("a fork says what it would move, and nothing is written down or published", async () => {
  await made.make(ANNOTATIONS);
  const [seq, head] = [made.workspace.catalog.lastSeq(), made.record(ANNOTATIONS)];
  const offered = await ask();
  expect(offered.rows).toContainEqual(
    expect.objectContaining({
      module: "panel",
      variant: "rs11",
      genotype: "A/G",
      weight: -0.8,
      state: "risk",
    }),
  );
  const { diff } = await ask([HEAVIER]);
  expect(diff.modules).toMatchObject([
    { module: "panel", changed: 1, net_weight_before: -0.3, net_weight_after: -1.5 },
  ]);
  expect(diff.rows).toMatchObject([
    { kind: "changed", cells: [{ column: "weight", before: "-0.8", after: "-2.0" }] },
  ]);
  expect(made.workspace.catalog.lastSeq()).toBe(seq);
  expect(made.record(ANNOTATIONS)).toEqual(head);
  const spill = await readdir(join(made.workspace.paths.home, "spill"));
  expect(spill.filter((name) => name.startsWith("what-if-"))).toEqual([]);
});

test("a fork is held until it is thrown away; one that cannot be is not held", async () => {
  await ask([HEAVIER]);
  await expect(ask([{ ...HEAVIER, value: "heavy" }])).rejects.toThrow("not a number: heavy");
  expect((await ask()).edits).toEqual([HEAVIER]);
  expect((await ask([])).diff.counts).toMatchObject({ added: 0, removed: 0, changed: 0 });
  expect((await ask()).edits).toEqual([]);
});

test("stricter filters take away what poor calls say, and only that", async () => {
  // QUAL of rs11 is 50.5, that of rs13 is 7; rs12 states none.
  const { diff, standing } = await ask([], { min_qual: 20, min_depth: null });
  expect(standing).toEqual({ min_qual: null, min_depth: null });
  expect(diff.rows.map(({ kind, key }) => [kind, key.at(-1)])).toEqual([["removed", "rs13"]]);
  expect((await ask([], { min_qual: null, min_depth: 31 })).diff.rows.map(({ key }) => key.at(-1))).toEqual([
    "rs11",
  ]);
  expect((await ask()).thresholds).toEqual({ min_qual: null, min_depth: 31 });
  await ask([], { min_qual: null, min_depth: null });
});

test("a fork of one module among others says what an edit of it then moves", async () => {
  const two = await genome(
    `
\`\`\`yaml other module
${PANEL.replace("name: panel", "name: other").replace("weight: 0.5", "weight: 0.25")}\`\`\`

\`\`\`yaml both modules
use: [panel, other]
\`\`\`

\`\`\`yaml of_both annotate
variants: user_vcf_normalized
modules: both
\`\`\`
`,
  );
  const run = <Result>(verb: AnyVerb, parameters: object): Promise<Result> =>
    runVerb(verb, { asset: "of_both", partition: two.partition, ...parameters }, two.workspace, {
      signal: never,
      progress: () => {},
    }) as Promise<Result>;
  try {
    await two.make("+of_both");
    const state: ModuleEdit = { ...HEAVIER, column: "state", value: "protective" };
    const { diff: would } = await run<WhatIfResult>(whatIf, { edits: [HEAVIER, state] });
    const fork = PANEL.replace("weight: -0.8, state: risk", "weight: -2, state: protective");
    const [, before = ""] = /(.*rs11, gene.*)/.exec(PANEL) ?? [];
    const [, after = ""] = /(.*rs11, gene.*)/.exec(fork) ?? [];
    await two.edit(before, after);
    await two.make("+of_both");
    expect(await run<DiffResult>(diff, {})).toMatchObject(would);
    expect(would.counts).toEqual({ before: 6, after: 6, added: 0, removed: 0, changed: 1 });
    expect(would.modules?.map(({ module, changed }) => [module, changed])).toEqual([
      ["other", 0],
      ["panel", 1],
    ]);
  } finally {
    await two.close();
  }
});

test("a fork that is kept is a module of its own, beside the one that it came from", async () => {
  await expect(keep("panel", [HEAVIER])).rejects.toThrow("not a name for a new module: panel");
  await expect(keep("../up", [HEAVIER])).rejects.toThrow("not a name for a new module: ../up");
  await expect(keep("mine")).rejects.toThrow("nothing of panel is changed");
  await ask([HEAVIER]);
  expect(await keep("mine")).toEqual({ name: "mine", folder: "modules/mine", notebook: null, edits: 1 });
  const folder = join(made.workspace.paths.notebooks, "modules", "mine");
  expect(await readFile(join(folder, "variants.csv"), "utf8")).toContain("-2");
  const view = await made.make("modules/mine");
  expect(view.state).toBe("done");
  await expect(keep("mine")).rejects.toThrow("not a name for a new module: mine");
});

test("a fork of a module that is a cell is written into it, and taken back", async () => {
  const { workspace, partition } = made;
  const session = await workspace.sessions.session("genome.md");
  const before = session.text;
  await ask([HEAVIER]);
  const parameters = { asset: ANNOTATIONS, partition, module: HEAVIER.module };
  const kept = await runVerb(whatIfKeep, parameters, workspace, { signal: never, progress: () => {} });
  expect(kept).toEqual({ name: "panel", folder: null, notebook: "genome.md", edits: 1 });
  expect(session.text).toBe(before.replace("weight: -0.8", `weight: ${HEAVIER.value}`));
  // What is written is no fork any more.
  expect((await ask()).edits).toEqual([]);
  await session.dispatch({ type: "undo" });
  expect(session.text).toBe(before);
});

test("stricter filters are written into the cell of those that stand, and taken back", async () => {
  const own = await genome("\n```yaml rules config\nmin_qual: 5   # Phred\n```\n");
  try {
    const { workspace, partition } = own;
    await own.edit("source: user_vcf_source", "source: user_vcf_source\nfilters: rules");
    await own.make(ANNOTATIONS);
    const session = await workspace.sessions.session("genome.md");
    const before = session.text;
    const keepFilters = (thresholds: WhatIfResult["thresholds"]): Promise<unknown> =>
      runVerb(whatIfKeepFilters, { asset: ANNOTATIONS, partition, thresholds }, workspace, {
        signal: never,
        progress: () => {},
      });
    await expect(keepFilters({ min_qual: null, min_depth: null })).rejects.toThrow("no filter is changed");
    expect(await keepFilters({ min_qual: 30, min_depth: 12 })).toEqual({
      cell: "rules",
      notebook: "genome.md",
      values: { min_qual: "30", min_depth: "12" },
    });
    expect(session.text).toBe(
      before.replace("min_qual: 5   # Phred", "min_qual: 30   # Phred\nmin_depth: 12"),
    );
    await own.make(ANNOTATIONS);
    // QUAL of the last match is 7.
    expect(own.record(ANNOTATIONS).rows).toBe(2);
    await session.dispatch({ type: "undo" });
    expect(session.text).toBe(before);
  } finally {
    await own.close();
  }
});
