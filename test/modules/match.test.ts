import { access } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";

import { Bench, manifestText, moduleOf } from "./genome-fixture.ts";
import type { FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

/** Calls of a heterozygote at 1:100 A>G, the record most cases start from. */
const HET: FixtureRecord = { chrom: "1", start: 100, ref: "A", alt: "G", genotype: ["A", "G"] };
const HEADER = "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,gene,category\n";

function row(place: string, genotype: string, rest = "0.5,protective,a sentence,GENE,lipids"): string {
  return `${HEADER}rs1,${place},${genotype},${rest}\n`;
}

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

describe("rsIDs", () => {
  const unplaced = "rsid,genotype,weight,state,conclusion\nrs2,A/G,1,protective,a\n";

  test("one of several identifiers of a record finds a variant without a place, and the ID stays as it is", async () => {
    const directory = await bench.compile(moduleOf("fixture", unplaced));
    const { manifest, rows } = await bench.annotate({
      records: [{ ...HET, rsid: "rs1;rs2" }],
      modules: [{ name: "fixture", directory }],
      ingest: { has_rsids: true },
    });
    expect(manifest.modules[0]).toMatchObject({ status: "annotated", key: "rsid", probed: 1, matched: 1 });
    expect(rows).toMatchObject([{ rsid: "rs2", vcf_rsid: "rs1;rs2" }]);
  });

  test("a module of rsIDs alone is skipped with a reason when the file states none", async () => {
    const directory = await bench.compile(moduleOf("fixture", unplaced));
    const { manifest, staging } = await bench.annotate({
      records: [HET],
      modules: [{ name: "fixture", directory }],
    });
    expect(manifest.modules[0]).toMatchObject({
      status: "skipped",
      reason: "the module names its variants by rsID alone, and the file states no rsIDs",
      matched: 0,
      path: null,
      presence: { module_unjoinable: 1 },
    });
    await expect(access(join(staging, "modules/fixture_weights.parquet"))).rejects.toThrow("ENOENT");
  });

  test("a row without a place is met by rsID in a module that has places", async () => {
    const variants = `${row("1,100,A,G", "A/G")}rs2,,,,,C/T,1,protective,b,GENE,lipids\n`;
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = [HET, { ...HET, start: 500, ref: "C", alt: "T", genotype: ["C", "T"], rsid: "rs2" }];
    const modules = [{ name: "fixture", directory }];
    const withIds = await bench.annotate({ records, modules, ingest: { has_rsids: true } });
    expect(withIds.manifest.modules[0]).toMatchObject({
      key: "position",
      probed: 2,
      matched: 2,
      unmatchable: {},
    });
    const withoutIds = await bench.annotate({ records, modules });
    expect(withoutIds.manifest.modules[0]).toMatchObject({
      probed: 1,
      matched: 1,
      unmatchable: { unplaced: 1 },
    });
  });

  test("an rsID that stands elsewhere than the module's place matches nothing", async () => {
    const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
    const { manifest } = await bench.annotate({
      records: [{ ...HET, start: 999, rsid: "rs1" }],
      modules: [{ name: "fixture", directory }],
      ingest: { has_rsids: true },
    });
    expect(manifest.modules[0]).toMatchObject({ key: "position", matched: 0 });
  });
});

describe("modules of other ages", () => {
  const base = `'rs1' as rsid, 'old' as module, 0.5::double as weight, 'protective' as state, 'a' as conclusion,
    'chrM' as chrom, 100::uinteger as start, 100::uinteger as "end", 'A' as ref, ['G'] as alts`;
  const records: readonly FixtureRecord[] = [{ ...HET, chrom: "MT" }];

  test("a genotype that is text is split, and a contig of an old table is folded", async () => {
    const directory = await bench.compiledBy(`select ${base}, 'A/G' as genotype`);
    const { manifest } = await bench.annotate({ records, modules: [{ name: "old", directory }] });
    expect(manifest.modules[0]).toMatchObject({
      status: "annotated",
      version: null,
      title: "Old",
      matched: 1,
    });
  });

  test.each([
    ["by rsID", "", "select 'rs1' as rsid, unnest(['FIRST', 'SECOND']) as gene"],
    [
      "by variant",
      ", 'rs1' as variant_key",
      "select 'rs1' as rsid, 'rs1' as variant_key, unnest(['FIRST', 'SECOND']) as gene, unnest(['a', 'b']) as conclusion",
    ],
    [
      "by variant and genotype",
      ", 'rs1' as variant_key, false as phased",
      "select 'rs1' as variant_key, unnest(['A/G', 'A/G', 'G/G']) as genotype, unnest(['FIRST', 'SECOND', 'THIRD']) as gene",
    ],
  ])(
    "several annotations of a variant, keyed %s, leave the row count as it is",
    async (_by, columns, annotations) => {
      const directory = await bench.compiledBy(
        `select ${base}, ['A', 'G'] as genotype ${columns}`,
        annotations,
      );
      const { rows } = await bench.annotate({ records, modules: [{ name: "old", directory }] });
      expect(rows.map(({ gene }) => gene)).toEqual(["FIRST"]);
    },
  );

  test("a table of coordinates without genotypes is skipped, with the columns that it lacks", async () => {
    const directory = await bench.compiledBy("select 'x' as haplotype, '1' as chrom, 5 as start");
    const { manifest } = await bench.annotate({ records, modules: [{ name: "haplotypes", directory }] });
    expect(manifest.modules[0]).toMatchObject({
      status: "skipped",
      reason: "the module has no usable key: it lacks genotype, rsid",
    });
  });
});

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

test("fields that the header declares as lists give their first value", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
  const records = `select '1' as chrom, 100::uinteger as start, 100::uinteger as "end", '' as rsid, 'A' as ref, 'G' as alt,
    null::double as qual, '' as "filter", [31, 7] as "DP", 40 as "GQ", ['A', 'G'] as genotype,
    'called_variant' as presence, false as phased`;
  const { rows } = await bench.annotate({ records, modules: [{ name: "fixture", directory }] });
  expect(rows).toMatchObject([{ depth: 31, genotype_quality: 40, GT: null }]);
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

describe("a file whose header names no build", () => {
  const build = { detected: null, how: "the header names no contigs" };
  const starts = [100, 200, 300, 400, 500, 600];
  const variants = HEADER + starts.map((at) => `rs${at},1,${at},A,G,A/G,1,protective,a,G,x\n`).join("");

  test.each([
    ["is refused when REF contradicts five shared sites", { ref: "C", genotype: ["C", "G"] }, 5, true],
    ["is taken when REF contradicts four", { ref: "C", genotype: ["C", "G"] }, 4, false],
    [
      "is taken when indels begin at the shared sites",
      { ref: "AT", alt: "A", genotype: ["A", "AT"] },
      6,
      false,
    ],
  ])("%s", async (_name, other, wrong, refused) => {
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = starts.map((start, i) => ({ ...HET, start, ...(i < wrong ? other : {}) }));
    const run = bench.annotate({ records, modules: [{ name: "fixture", directory }], ingest: { build } });
    if (refused) {
      await expect(run).rejects.toThrow(
        "not on GRCh38: 5 of 6 reference alleles at positions of the modules contradict it",
      );
      await expect(run).rejects.toBeInstanceOf(WorkspaceError);
    } else {
      expect((await run).manifest.modules[0]?.status).toBe("annotated");
    }
  });

  test("is refused when its rsIDs stand at other positions", async () => {
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = starts.map((start) => ({ ...HET, start: start + 7_000, rsid: `rs${start}` }));
    const run = bench.annotate({
      records,
      modules: [{ name: "fixture", directory }],
      ingest: { build, has_rsids: true },
    });
    await expect(run).rejects.toThrow(
      "not on GRCh38: 6 of 6 positions of rsIDs that the modules know contradict it",
    );
  });
});
