import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Bench, HET, moduleOf, row } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

test("a module that fails leaves the others whole and is reported with its reason", async () => {
  const good = await bench.compile(moduleOf("good", row("1,100,A,G", "A/G")));
  const { manifest } = await bench.annotate({
    records: [HET],
    modules: [
      { name: "gone", directory: join(bench.directory, "nowhere") },
      { name: "good", directory: good },
    ],
    broken: [{ name: "broken", reason: "variants.csv:2 [genotype] is empty" }],
  });
  expect(manifest.modules.map(({ name, status }) => [name, status])).toEqual([
    ["gone", "failed"],
    ["good", "annotated"],
    ["broken", "failed"],
  ]);
  expect(manifest.modules[0]?.reason).toMatch(/^WorkspaceError: .*nowhere/);
  expect(manifest.total_matched).toBe(1);
});

test("a run that is stopped is no failure of a module", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const modules = [{ name: "fixture", directory }];
  const run = bench.annotate({ records: [HET], modules, signal: AbortSignal.abort() });
  await expect(run).rejects.toMatchObject({ info: { code: "cancelled" } });
  const { manifest } = await bench.annotate({ records: [HET], modules });
  expect(manifest.total_matched).toBe(1);
});

test("a file without genotypes is not scored", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const { manifest } = await bench.annotate({
    records: [HET],
    modules: [{ name: "fixture", directory }],
    ingest: { kind: "sites_only" },
  });
  expect(manifest.modules[0]).toMatchObject({ status: "skipped", reason: "the file states no genotypes" });
});

test("a run without modules gives empty tables", async () => {
  const { manifest, rows, sites } = await bench.annotate({ records: [HET], modules: [] });
  expect([manifest.modules, manifest.total_matched, rows, sites]).toEqual([[], 0, [], []]);
});

test("a weight that is no number is none, and weights of any size are summed", async () => {
  const weighted = (weight: string): Promise<string> =>
    bench.compiledBy(
      `select 'rs1' as rsid, '1' as chrom, 100 as start, 'A' as ref, ['A', 'G'] as genotype, 'neutral' as state,
         ${weight}::double as weight, 'a' as conclusion`,
    );
  const { manifest, rows } = await bench.annotate({
    records: [HET],
    modules: [
      { name: "none", directory: await weighted("'nan'") },
      { name: "huge", directory: await weighted("1e40") },
    ],
  });
  expect(rows.map(({ weight, sign }) => [weight, sign])).toEqual([
    [null, 0],
    [1e40, 1],
  ]);
  expect(manifest.modules.map(({ positive, net_weight }) => [positive, net_weight])).toEqual([
    [0, null],
    [1, 1e40],
  ]);
});
