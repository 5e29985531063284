import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Bench, HET, manifestText, moduleOf, row } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

test("of two authored genotypes at one position only the person's is matched, and what was probed is counted apart", async () => {
  const variants = `${row("1,100,A,G", "A/G")}rs1,1,100,A,G,G/G,1,protective,b,GENE,lipids
rs2,1,200,A,G,A/G,1,protective,c,GENE,lipids\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const records = [HET, { ...HET, start: 200, genotype: ["G", "G"] }];
  const { manifest, staging } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  expect(manifest.modules[0]).toMatchObject({
    probed: 2,
    matched: 1,
    positive: 1,
    negative: 0,
    net_weight: 0.5,
  });
  const table = await bench.connection.rows<Record<string, unknown>>(
    `select start, module, rsid, rsid_fixture, ref_fixture, genotype_fixture, genotype_evidence
     from read_parquet('${join(staging, "modules/fixture_weights.parquet")}')`,
  );
  expect(table).toEqual([
    {
      start: 100,
      module: "fixture",
      rsid: "",
      rsid_fixture: "rs1",
      ref_fixture: "A",
      genotype_fixture: ["A", "G"],
      genotype_evidence: "called",
    },
    {
      start: 200,
      module: null,
      rsid: "",
      rsid_fixture: null,
      ref_fixture: null,
      genotype_fixture: null,
      genotype_evidence: "called",
    },
  ]);
});

test("two records at one position and two variants of a module each give a row of their own", async () => {
  const variants = `${row("1,100,A,G", "A/G")}rs2,1,100,A,G,A/G,-1,risk,b,GENE,lipids\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const { manifest } = await bench.annotate({
    records: [HET, HET],
    modules: [{ name: "fixture", directory }],
  });
  expect(manifest.modules[0]).toMatchObject({
    probed: 2,
    matched: 4,
    positive: 2,
    negative: 2,
    net_weight: -1,
  });
});

test("a module without weights reports its matches, takes signs from the direction and has no net weight", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G", ",protective,a,GENE,")));
  const { manifest, rows } = await bench.annotate({
    records: [HET],
    modules: [{ name: "fixture", directory }],
  });
  expect(manifest.modules[0]).toMatchObject({
    matched: 1,
    positive: 1,
    net_weight: null,
    by_category: { other: { matched: 1, positive: 1, negative: 0, net_weight: 0 } },
  });
  expect(rows).toMatchObject([{ weight: null, sign: 1, category: null }]);
});

test("totals are kept by category and rounded to two decimals", async () => {
  const variants = `${row("1,100,A,G", "A/G", "0.335,protective,a,GENE,lipids")}rs2,1,200,A,G,A/G,-0.1,risk,b,G2,lipids
rs3,1,300,A,G,A/G,0.2,protective,c,G3,insulin\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const records = [HET, { ...HET, start: 200 }, { ...HET, start: 300 }];
  const { manifest } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  expect(manifest.modules[0]).toMatchObject({
    net_weight: 0.44,
    by_category: {
      insulin: { matched: 1, positive: 1, negative: 0, net_weight: 0.2 },
      lipids: { matched: 2, positive: 1, negative: 1, net_weight: 0.24 },
    },
  });
});

test("modules that give one genotype opposite signs are named", async () => {
  const one = await bench.compile(moduleOf("one", row("1,100,A,G", "A/G")));
  const two = await bench.compile(moduleOf("two", row("1,100,A,G", "A/G", "-2,risk,b,GENE,")));
  const modules = [
    { name: "two", directory: two },
    { name: "one", directory: one },
  ];
  const { manifest } = await bench.annotate({ records: [HET], modules });
  expect(manifest.disagreements).toEqual([{ rsid: "rs1", modules: ["two", "one"] }]);
});

test("authored rows that can never match are counted by reason", async () => {
  const variants = `${row("1,100,A,G", "G|A")}rs2,1,200,A,G,C/T,1,protective,b,GENE,lipids
rs3,,,,,A/G,1,protective,c,GENE,lipids\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const { manifest } = await bench.annotate({ records: [HET], modules: [{ name: "fixture", directory }] });
  expect(manifest.modules[0]).toMatchObject({
    unmatchable: { phased_order: 1, allele_not_at_locus: 1, unplaced: 1 },
    authored: { genotypes: 3, sites: 3, placed: 2 },
  });
});

test("the manifest that is written is the manifest that is given back", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const { manifest, staging } = await bench.annotate({
    records: [HET],
    modules: [{ name: "fixture", directory }],
  });
  expect(JSON.parse(await manifestText(staging))).toEqual(manifest);
  expect(manifest).toMatchObject({
    format: "karyon.annotation/1",
    user: "anna",
    sample: "one",
    total_matched: 1,
  });
  expect(manifest.engine).toMatch(/^duckdb \d/);
  expect(manifest.modules[0]).toMatchObject({ version: "1.2.0", path: "modules/fixture_weights.parquet" });
});
