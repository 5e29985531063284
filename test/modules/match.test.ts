import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Bench, HET, moduleOf, row } from "./genome-fixture.ts";
import type { FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

describe("a genotype of a module meets a record", () => {
  const cases: readonly {
    readonly name: string;
    readonly record: FixtureRecord;
    readonly variants: string;
    readonly matched: number;
    readonly mismatches?: number;
  }[] = [
    {
      name: "at the same position with the same alleles",
      record: HET,
      variants: row("1,100,A,G", "A/G"),
      matched: 1,
    },
    { name: "when the module writes chr1", record: HET, variants: row("chr1,100,A,G", "A/G"), matched: 1 },
    {
      name: "on the mitochondrion when the module writes chrM",
      record: { ...HET, chrom: "MT", genotype: ["G"] },
      variants: row("chrM,100,A,G", "G"),
      matched: 1,
    },
    {
      name: "of two alternates",
      record: { ...HET, alt: "G|T", genotype: ["G", "T"] },
      variants: row('1,100,A,"G,T"', "G/T"),
      matched: 1,
    },
    {
      name: "when the module writes small letters",
      record: HET,
      variants: row("1,100,a,g", "a/g"),
      matched: 1,
    },
    { name: "when the module states no ref", record: HET, variants: row("1,100,,", "A/G"), matched: 1 },
    {
      name: "of one allele on a haploid contig",
      record: { ...HET, chrom: "X", genotype: ["G"] },
      variants: row("X,100,A,G", "G"),
      matched: 1,
    },
    {
      name: "of two alleles that are alike on MT, where there is one copy",
      record: { ...HET, chrom: "MT", genotype: ["G", "G"] },
      variants: row("MT,100,A,G", "G"),
      matched: 1,
    },
    {
      name: "of one allele on Y, also where the module writes it twice",
      record: { ...HET, chrom: "Y", start: 5_000_000, genotype: ["G"] },
      variants: row("Y,5000000,A,G", "G/G"),
      matched: 1,
    },
    {
      name: "of one copy that is spelled otherwise",
      record: { ...HET, chrom: "MT", ref: "AC", alt: "GC", genotype: ["GC", "GC"] },
      variants: row("MT,100,A,G", "G"),
      matched: 1,
    },
    {
      name: "but not of one allele for two in the pseudo-autosomal region of Y",
      record: { ...HET, chrom: "Y", start: 20_000, genotype: ["G", "G"] },
      variants: row("Y,20000,A,G", "G"),
      matched: 0,
    },
    {
      name: "but not of one allele for two that differ on MT",
      record: { ...HET, chrom: "MT" },
      variants: row("MT,100,A,G", "G"),
      matched: 0,
    },
    {
      name: "of the reference when the record says 0/0",
      record: { ...HET, genotype: ["A", "A"] },
      variants: row("1,100,A,G", "A/A"),
      matched: 1,
    },
    { name: "but not of other alleles", record: HET, variants: row("1,100,A,G", "G/G"), matched: 0 },
    {
      name: "but not under another REF, which is counted",
      record: { ...HET, ref: "AT", genotype: ["A", "G"] },
      variants: row("1,100,A,G", "A/G"),
      matched: 0,
      mismatches: 1,
    },
    {
      name: "but not of two alleles where one is called",
      record: { ...HET, chrom: "X", genotype: ["G"] },
      variants: row("X,100,A,G", "G/G"),
      matched: 0,
    },
    {
      name: "but not by the one known allele of a half call",
      record: { ...HET, genotype: ["G"], presence: "half_call" },
      variants: row("1,100,A,G", "G"),
      matched: 0,
    },
    {
      name: "but not of a no-call",
      record: { ...HET, genotype: [], presence: "no_call" },
      variants: row("1,100,A,G", "A/G"),
      matched: 0,
    },
    {
      name: "but not of a reference block without evidence",
      record: { ...HET, genotype: ["A", "A"], presence: "no_data" },
      variants: row("1,100,A,G", "A/A"),
      matched: 0,
    },
    {
      name: "when the record spells an insertion with a base behind it",
      record: { ...HET, ref: "AG", alt: "ATG", genotype: ["AG", "ATG"] },
      variants: row("1,100,A,AT", "A/AT"),
      matched: 1,
    },
    {
      name: "when the record begins before the position",
      record: { ...HET, start: 98, ref: "GGCT", alt: "GGC", genotype: ["GGC", "GGC"] },
      variants: row("1,100,CT,C", "C/C"),
      matched: 1,
    },
    {
      name: "when an insertion stands on the base before it",
      record: { ...HET, start: 99, ref: "T", alt: "TA", genotype: ["T", "TA"] },
      variants: row("1,100,A,AA", "A/AA"),
      matched: 1,
    },
    {
      name: "of a substitution in a record with a deletion that is not called",
      record: { ...HET, ref: "AT", alt: "A|GT", genotype: ["AT", "GT"] },
      variants: row("1,100,A,G", "A/G"),
      matched: 1,
    },
    {
      name: "when the module has bases around the variant",
      record: { ...HET, genotype: ["G", "G"] },
      variants: row("1,99,CATT,CGTT", "CGTT/CGTT"),
      matched: 1,
    },
    {
      name: "but not when what is left is another change",
      record: { ...HET, ref: "AT", alt: "A|CT", genotype: ["AT", "CT"] },
      variants: row("1,100,A,G", "A/G"),
      matched: 0,
    },
    {
      name: "but not when a called deletion is left beside it",
      record: { ...HET, ref: "AT", alt: "A|GT", genotype: ["A", "GT"] },
      variants: row("1,100,A,G", "A/G"),
      matched: 0,
    },
    {
      name: "but not in homolog order, when the record has more bases",
      record: { ...HET, ref: "AT", alt: "GT", genotype: ["AT", "GT"] },
      variants: row("1,100,A,G", "G|A"),
      matched: 0,
    },
    {
      name: "but not a reference genotype of more bases, which no change is taken from",
      record: { ...HET, ref: "AT", alt: "A", genotype: ["AT", "AT"] },
      variants: row("1,100,A,G", "A/A"),
      matched: 0,
    },
    {
      name: "but not of an indel that is anchored elsewhere: a known limit",
      record: { ...HET, start: 99, ref: "CA", alt: "C", genotype: ["C", "CA"] },
      variants: row("1,100,AT,A", "A/AT"),
      matched: 0,
    },
    {
      name: "but not in homolog order, which is never sorted",
      record: HET,
      variants: row("1,100,A,G", "G|A"),
      matched: 0,
    },
  ];
  test.each(cases)("$name", async ({ record, variants, matched, mismatches = 0 }) => {
    const directory = await bench.compile(moduleOf("fixture", variants));
    const { manifest, rows } = await bench.annotate({
      records: [record],
      modules: [{ name: "fixture", directory }],
    });
    const [module] = manifest.modules;
    expect({ matched: module?.matched, rows: rows.length }).toEqual({ matched, rows: matched });
    expect(module?.ref_mismatches).toBe(mismatches);
  });
});

test("a record that spells the variant otherwise is a row as it is called, and one that the module looked at", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,CT,C", "C/CT")));
  const record = { ...HET, start: 98, ref: "GGCT", alt: "GGC", genotype: ["GGC", "GGCT"] };
  const { manifest, rows, sites, staging } = await bench.annotate({
    records: [record],
    modules: [{ name: "fixture", directory }],
  });
  expect(rows).toMatchObject([
    {
      start: 98,
      ref: "GGCT",
      alt: "GGC",
      genotype: ["GGC", "GGCT"],
      zygosity: "het",
      module_start: 100,
      module_ref: "CT",
      weight: 0.5,
    },
  ]);
  expect(sites).toMatchObject([{ start: 100, status: "called_match" }]);
  expect(manifest.modules).toMatchObject([{ probed: 1, matched: 1, ref_mismatches: 0 }]);
  const looked = await bench.connection.rows(
    `select start, start_fixture from read_parquet('${join(staging, "modules/fixture_weights.parquet")}')`,
  );
  expect(looked).toEqual([{ start: 98, start_fixture: 100 }]);
});

test("a matched row carries the person's alleles, the module's and what is attached to them", async () => {
  const directory = await bench.compile(moduleOf("fixture", row('1,100,A,"G,T"', "A/G")));
  const { rows } = await bench.annotate({ records: [HET], modules: [{ name: "fixture", directory }] });
  expect(rows).toMatchObject([
    {
      module: "fixture",
      rsid: "rs1",
      vcf_rsid: "",
      ref: "A",
      alt: "G",
      module_ref: "A",
      module_alts: ["G", "T"],
      genotype: ["A", "G"],
      zygosity: "het",
      genotype_evidence: "called",
      gene: "GENE",
      category: "lipids",
      weight: 0.5,
      sign: 1,
      study_count: 1,
    },
  ]);
});

test("fields that the header declares as lists give their first value", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const records = `select '1' as chrom, 100::uinteger as start, 100::uinteger as "end", '' as rsid, 'A' as ref, 'G' as alt,
    null::double as qual, '' as "filter", [31, 7] as "DP", 40 as "GQ", ['A', 'G'] as genotype,
    'called_variant' as presence, false as phased`;
  const { rows } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  expect(rows).toMatchObject([{ depth: 31, genotype_quality: 40, GT: null }]);
});

test("rows are in the order of the modules, then of contigs and positions", async () => {
  const variants = `${row("10,100,A,G", "A/G")}rs2,2,300,A,G,A/G,1,protective,b,GENE,lipids
rs3,2,200,A,G,A/G,1,protective,c,GENE,lipids\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const records = [
    { ...HET, chrom: "2", start: 200 },
    { ...HET, chrom: "2", start: 300 },
    { ...HET, chrom: "10" },
  ];
  const { rows } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  expect(rows.map(({ rsid }) => rsid)).toEqual(["rs3", "rs2", "rs1"]);
});

test("records of one position are in the order of the file", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const records = Array.from({ length: 3 }, (_, index): FixtureRecord => ({ ...HET, rsid: `rs9${index}` }));
  const { rows, staging } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  const looked = await bench.connection.rows<{ rsid: string }>(
    `select rsid from read_parquet('${join(staging, "modules/fixture_weights.parquet")}')`,
  );
  expect([rows.map(({ vcf_rsid: rsid }) => rsid), looked.map(({ rsid }) => rsid)]).toEqual([
    ["rs90", "rs91", "rs92"],
    ["rs90", "rs91", "rs92"],
  ]);
});

test("only the studies of matched variants are written", async () => {
  const variants = `${row("1,100,A,G", "A/G")}rs2,1,200,A,G,A/G,1,protective,b,GENE,lipids\n`;
  const studies = "rsid,pmid\nrs1,11\nrs2,22\nrs1,33\n";
  const directory = await bench.compile(moduleOf("fixture", variants, { studies }));
  const { staging } = await bench.annotate({ records: [HET], modules: [{ name: "fixture", directory }] });
  const rows = await bench.connection.rows(
    `select module, rsid, pmid from read_parquet('${join(staging, "modules/studies.parquet")}')`,
  );
  expect(rows).toEqual([
    { module: "fixture", rsid: "rs1", pmid: "11" },
    { module: "fixture", rsid: "rs1", pmid: "33" },
  ]);
});
