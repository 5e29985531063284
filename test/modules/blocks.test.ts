import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { quoteText } from "../../kernel/engines/engine.ts";
import { Bench, HEADER, moduleOf, row } from "./genome-fixture.ts";
import type { Annotated, FixtureRecord, RemovedSite } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

/** A reference block of a gVCF; REF is the base at its beginning. */
const BLOCK: FixtureRecord = {
  chrom: "1",
  start: 900,
  end: 1100,
  ref: "C",
  alt: "",
  genotype: ["C", "C"],
  presence: "hom_ref_block",
  MIN_DP: 23,
  GQ: 50,
};
const VARIANT: FixtureRecord = { chrom: "1", start: 1000, ref: "A", alt: "G", genotype: ["A", "G"] };

async function annotated(
  variants: string,
  records: readonly FixtureRecord[],
  removed: readonly RemovedSite[] = [],
): Promise<Annotated> {
  const directory = await bench.compile(moduleOf("fixture", variants));
  const modules = [{ name: "fixture", directory }];
  return bench.annotate({ records, removed, modules, ingest: { kind: "gvcf" } });
}

describe("a reference block with evidence", () => {
  const cases: readonly {
    readonly what: string;
    readonly variants?: string;
    readonly records: readonly FixtureRecord[];
    readonly removed?: readonly RemovedSite[];
    readonly matched: number;
  }[] = [
    { what: "answers a reference genotype inside it", records: [BLOCK], matched: 1 },
    {
      what: "answers one of several bases that lie in it whole",
      variants: row("1,1000,AT,A", "AT/AT"),
      records: [BLOCK],
      matched: 1,
    },
    {
      what: "answers one of several bases that begins with it",
      variants: row("1,1000,AT,A", "AT/AT"),
      records: [{ ...BLOCK, start: 1000, ref: "A", genotype: ["A", "A"] }],
      matched: 1,
    },
    {
      what: "answers no site at its beginning whose REF is another",
      variants: row("1,1000,GT,G", "GT/GT"),
      records: [{ ...BLOCK, start: 1000, ref: "A", genotype: ["A", "A"] }],
      matched: 0,
    },
    {
      what: "answers none that goes on behind it",
      variants: row("1,1000,AT,A", "AT/AT"),
      records: [{ ...BLOCK, end: 1000 }],
      matched: 0,
    },
    {
      what: "answers one that goes on in the next block",
      variants: row("1,1000,ATC,A", "ATC/ATC"),
      records: [
        { ...BLOCK, end: 1000 },
        { ...BLOCK, start: 1001, end: 1001, presence: "called_hom_ref", ref: "T", genotype: ["T", "T"] },
        { ...BLOCK, start: 1002 },
      ],
      matched: 1,
    },
    {
      what: "answers none that goes on in another one behind a gap",
      variants: row("1,1000,ATC,A", "ATC/ATC"),
      records: [
        { ...BLOCK, end: 1000 },
        { ...BLOCK, start: 1002 },
      ],
      matched: 0,
    },
    {
      what: "answers no other genotype",
      variants: row("1,1000,A,G", "A/G"),
      records: [BLOCK],
      matched: 0,
    },
    {
      what: "of one allele answers no genotype of two",
      records: [{ ...BLOCK, genotype: ["C"] }],
      matched: 0,
    },
    {
      what: "answers nothing where the module states no ref",
      variants: row("1,1000,,", "A/A"),
      records: [BLOCK],
      matched: 0,
    },
    {
      what: "answers nothing where the module states two refs",
      variants: `${HEADER}rs1,1,1000,A,G,A/A,1,protective,a,,\nrs2,1,1000,T,G,T/T,1,protective,a,,\n`,
      records: [BLOCK],
      matched: 0,
    },
    {
      what: "answers nothing where a variant begins",
      records: [BLOCK, VARIANT],
      matched: 0,
    },
    {
      what: "answers nothing inside a deletion",
      records: [BLOCK, { ...VARIANT, start: 998, ref: "TTAC", alt: "T", genotype: ["T", "TTAC"] }],
      matched: 0,
    },
    {
      what: "answers nothing where another block has no evidence",
      records: [BLOCK, { ...BLOCK, start: 990, end: 1010, presence: "no_data", MIN_DP: 0 }],
      matched: 0,
    },
    {
      what: "answers nothing where a quality rule removed a record",
      records: [BLOCK],
      removed: [{ chrom: "1", start: 1000, end: 1000, removed_by: "min_qual" }],
      matched: 0,
    },
    {
      what: "answers beside a variant",
      records: [BLOCK, { ...VARIANT, start: 1001 }],
      matched: 1,
    },
    { what: "answers on its own contig alone", records: [{ ...BLOCK, chrom: "2" }], matched: 0 },
    {
      what: "that lacks evidence answers nothing",
      records: [{ ...BLOCK, presence: "no_data", GQ: 10 }],
      matched: 0,
    },
    {
      what: "one allele on MT, where the block calls it twice",
      variants: row("MT,1000,A,G", "A"),
      records: [{ ...BLOCK, chrom: "MT" }],
      matched: 1,
    },
  ];
  test.each(cases)("$what", async ({ variants = row("1,1000,A,G", "A/A"), records, removed, matched }) => {
    const { manifest, rows } = await annotated(variants, records, removed);
    expect(rows.length).toBe(matched);
    expect(manifest.modules[0]?.matched).toBe(matched);
  });
});

test("a row inside a block is at the place of the site, with the evidence of the block", async () => {
  const variants = `${HEADER}rs1,1,1000,A,G,A/A,0.5,protective,a,,\nrs2,1,1050,TG,T,TG/TG,1,protective,a,,\n`;
  const { manifest, rows, sites, staging } = await annotated(variants, [BLOCK]);
  const place = { chrom: "1", alt: "", genotype_evidence: "called" };
  expect(rows).toMatchObject([
    { ...place, rsid: "rs1", start: 1000, ref: "A", genotype: ["A", "A"], zygosity: "hom", weight: 0.5 },
    { ...place, rsid: "rs2", start: 1050, ref: "TG", genotype: ["TG", "TG"], zygosity: "hom", weight: 1 },
  ]);
  expect(sites.map(({ status, detail }) => [status, detail])).toEqual([
    ["called_match", "MIN_DP 23, GQ 50"],
    ["called_match", "MIN_DP 23, GQ 50"],
  ]);
  expect(manifest.modules).toMatchObject([{ probed: 2, matched: 2, positive: 2, net_weight: 1.5 }]);
  expect(
    await bench.connection.rows(
      `select start, "end", ref, genotype, "MIN_DP", "GQ", start_fixture, typeof("end") as type
       from read_parquet(${quoteText(join(staging, "modules", "fixture_weights.parquet"))})`,
    ),
  ).toEqual([
    {
      start: 1000,
      end: 1000,
      ref: "A",
      genotype: ["A", "A"],
      MIN_DP: 23,
      GQ: 50,
      start_fixture: 1000,
      type: "UINTEGER",
    },
    {
      start: 1050,
      end: 1051,
      ref: "TG",
      genotype: ["TG", "TG"],
      MIN_DP: 23,
      GQ: 50,
      start_fixture: 1050,
      type: "UINTEGER",
    },
  ]);
});

test("modules disagree by site, not by the block that several sites lie in", async () => {
  const one = await bench.compile(moduleOf("one", row("1,1000,A,G", "A/A")));
  const other = await bench.compile(
    moduleOf("other", `${HEADER}rs2,1,1050,T,G,T/T,-1,risk,a,,\n`, { studies: "rsid,pmid\nrs2,1\n" }),
  );
  const { manifest } = await bench.annotate({
    records: [BLOCK],
    modules: [
      { name: "one", directory: one },
      { name: "other", directory: other },
    ],
    ingest: { kind: "gvcf" },
  });
  expect(manifest.total_matched).toBe(2);
  expect(manifest.disagreements).toEqual([]);
});
