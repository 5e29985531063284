import { afterAll, beforeAll, expect, test } from "vitest";

import { Bench, moduleOf, recordsQuery, row } from "./genome-fixture.ts";
import type { FixtureRecord, RemovedSite } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

const SITE =
  "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\nrs1,1,1000,A,G,G/G,1,protective,a\n";
const HET: FixtureRecord = { chrom: "1", start: 1000, ref: "A", alt: "G", genotype: ["A", "G"] };
const BLOCK: FixtureRecord = {
  chrom: "1",
  start: 900,
  end: 1100,
  ref: "C",
  alt: "<NON_REF>",
  genotype: ["C", "C"],
};

const cases: readonly {
  readonly what: string;
  readonly records: readonly FixtureRecord[];
  readonly removed?: readonly RemovedSite[];
  readonly kind?: "gvcf";
  readonly status: string;
  readonly detail: string | null;
}[] = [
  {
    what: "the authored genotype",
    records: [{ ...HET, genotype: ["G", "G"] }],
    status: "called_match",
    detail: null,
  },
  {
    what: "the authored genotype inside a deletion that is called, too,",
    records: [
      { ...HET, start: 990, end: 1010, alt: "<DEL>" },
      { ...HET, genotype: ["G", "G"] },
    ],
    status: "called_match",
    detail: "inside the variant at 990, too, which is not counted in",
  },
  {
    what: "the authored genotype where a longer REF begins that is called, too,",
    records: [
      { ...HET, genotype: ["G", "G"] },
      { ...HET, end: 1001, ref: "AT", alt: "A", genotype: ["A", "AT"] },
    ],
    status: "called_match",
    detail: "another variant begins at this position, and is not counted in",
  },
  {
    what: "the authored genotype at the end of a reference block",
    records: [
      { ...BLOCK, end: 1000, presence: "hom_ref_block" },
      { ...HET, genotype: ["G", "G"] },
    ],
    status: "called_match",
    detail: null,
  },
  { what: "another genotype", records: [HET], status: "called_other_genotype", detail: null },
  { what: "0/0", records: [{ ...HET, genotype: ["A", "A"] }], status: "called_hom_ref", detail: null },
  {
    what: "0/0 without a read",
    records: [{ ...HET, genotype: ["A", "A"], presence: "no_data" }],
    status: "no_data",
    detail: "0/0 without a read",
  },
  { what: "./.", records: [{ ...HET, genotype: [], presence: "no_call" }], status: "no_call", detail: null },
  {
    what: "./1",
    records: [{ ...HET, genotype: ["G"], presence: "half_call" }],
    status: "half_call",
    detail: null,
  },
  {
    what: "a deletion's star",
    records: [{ ...HET, alt: "*", genotype: ["*", "A"], presence: "overlapped" }],
    status: "overlapped",
    detail: "a deletion spans the site",
  },
  {
    what: "no call of a longer REF that begins there",
    records: [{ ...HET, end: 1001, ref: "AT", alt: "A", genotype: [], presence: "no_call" }],
    status: "no_call",
    detail: "inside the record at 1000",
  },
  {
    what: "three alleles",
    records: [{ ...HET, genotype: ["A", "G", "G"], presence: "polyploid" }],
    status: "not_comparable",
    detail: "more than two alleles called",
  },
  {
    what: "a letter for several bases",
    records: [{ ...HET, alt: "R", genotype: ["A", "R"] }],
    status: "not_comparable",
    detail: "an allele has a letter that stands for several bases",
  },
  {
    what: "a breakend",
    records: [{ ...HET, alt: "A]17:198982]", genotype: ["A", "A]17:198982]"] }],
    status: "not_comparable",
    detail: "the record here is of a structural variant",
  },
  {
    what: "0/0 of a large deletion, under another REF",
    records: [{ ...HET, ref: "N", alt: "<DEL>", genotype: ["N", "N"] }],
    status: "not_comparable",
    detail: "the record here is of a structural variant",
  },
  {
    what: "0/0 of a base and a large deletion",
    records: [{ ...HET, alt: "G|<DEL>", genotype: ["A", "A"] }],
    status: "called_hom_ref",
    detail: null,
  },
  {
    what: "a block with evidence",
    records: [{ ...BLOCK, presence: "hom_ref_block", MIN_DP: 23, GQ: 50 }],
    kind: "gvcf",
    status: "hom_ref_block",
    detail: "MIN_DP 23, GQ 50",
  },
  {
    what: "a block whose evidence is in other fields",
    records: [{ ...BLOCK, presence: "hom_ref_block" }],
    kind: "gvcf",
    status: "hom_ref_block",
    detail: "DP 30, quality not stated",
  },
  {
    what: "a block that ends before the site",
    records: [{ ...BLOCK, end: 999, presence: "hom_ref_block", MIN_DP: 23, GQ: 50 }],
    kind: "gvcf",
    status: "no_data",
    detail: null,
  },
  {
    what: "a long block",
    records: [{ ...BLOCK, start: 1, end: 900_000, presence: "hom_ref_block", MIN_DP: 12, GQ: 20 }],
    kind: "gvcf",
    status: "hom_ref_block",
    detail: "MIN_DP 12, GQ 20",
  },
  {
    what: "a block without evidence",
    records: [{ ...BLOCK, presence: "no_data", MIN_DP: 0, GQ: 0 }],
    kind: "gvcf",
    status: "no_data",
    detail: "a block without evidence: MIN_DP 0, GQ 0",
  },
  {
    what: "a deletion that began before the site",
    records: [{ ...HET, start: 995, ref: "CCCCCAG", alt: "C", genotype: ["C", "CCCCCAG"] }],
    status: "overlapped",
    detail: "inside the variant at 995",
  },
  {
    what: "an indel at the same base",
    records: [{ ...HET, ref: "AT", alt: "A", genotype: ["A", "AT"] }],
    status: "called_other_genotype",
    detail: "another variant begins at this position",
  },
  {
    what: "0/0 of a longer REF, which denies another variant",
    records: [{ ...HET, ref: "AT", alt: "A", genotype: ["AT", "AT"] }],
    status: "no_data",
    detail: null,
  },
  {
    what: "./1 of a longer REF",
    records: [{ ...HET, ref: "AT", alt: "A", genotype: ["A"], presence: "half_call" }],
    status: "half_call",
    detail: "another variant begins at this position",
  },
  {
    what: "a deletion's star beside a longer REF",
    records: [{ ...HET, ref: "AT", alt: "*|A", genotype: ["*", "A"], presence: "overlapped" }],
    status: "overlapped",
    detail: "a deletion spans the site",
  },
  {
    what: "three alleles of a longer REF",
    records: [{ ...HET, ref: "AT", alt: "A", genotype: ["A", "A", "AT"], presence: "polyploid" }],
    status: "not_comparable",
    detail: "more than two alleles called",
  },
  {
    what: "two records that call two genotypes",
    records: [
      { ...HET, genotype: ["G", "G"] },
      { ...HET, alt: "T", genotype: ["A", "T"] },
    ],
    status: "called_match",
    detail: "another record of this position calls another genotype",
  },
  {
    what: "two records that call one genotype",
    records: [
      { ...HET, genotype: ["G", "G"] },
      { ...HET, genotype: ["G", "G"] },
    ],
    status: "called_match",
    detail: "several records of this position call it, and each is counted",
  },
  {
    what: "another REF",
    records: [{ ...HET, ref: "C", genotype: ["C", "G"] }],
    status: "not_comparable",
    detail: "the file states another REF",
  },
  {
    what: "a record that two rules removed",
    records: [{ ...HET, start: 5000 }],
    removed: [{ chrom: "1", start: 1000, end: 1000, removed_by: "pass_filters,min_depth" }],
    status: "filtered",
    detail: "pass_filters,min_depth",
  },
  {
    what: "a removed block around the site",
    records: [{ ...HET, start: 5000 }],
    removed: [{ chrom: "1", start: 950, end: 1050, removed_by: "min_qual" }],
    status: "filtered",
    detail: "min_qual",
  },
  {
    what: "a record without a call that a rule removed too, as a RefCall",
    records: [{ ...HET, start: 5000 }],
    removed: [{ chrom: "1", start: 1000, end: 1000, presence: "no_call", removed_by: "pass_filters" }],
    status: "no_call",
    detail: "a rule removes the record as well",
  },
  {
    what: "a call beside a removed record",
    records: [HET],
    removed: [{ chrom: "1", start: 1000, end: 1000, removed_by: "min_qual" }],
    status: "called_other_genotype",
    detail: null,
  },
  { what: "nothing", records: [{ ...HET, start: 5000 }], status: "no_data", detail: null },
  { what: "another contig alone", records: [{ ...HET, chrom: "2" }], status: "no_data", detail: null },
];

test.each(cases)("a site where the file has $what is $status", async (given) => {
  const directory = await bench.compile(moduleOf("fixture", SITE));
  const { sites, manifest } = await bench.annotate({
    records: given.records,
    ...(given.removed === undefined ? {} : { removed: given.removed }),
    modules: [{ name: "fixture", directory }],
    ingest: given.kind === undefined ? {} : { kind: given.kind },
  });
  expect(sites).toMatchObject([{ rsid: "rs1", status: given.status, detail: given.detail }]);
  expect(manifest.modules[0]?.presence).toEqual({ [given.status]: 1 });
});

test("a quality with a fraction is told as it is judged", async () => {
  const directory = await bench.compile(moduleOf("fixture", row("1,1000,A,G", "A/A")));
  const block = { ...BLOCK, presence: "no_data", MIN_DP: 23 };
  const { sites } = await bench.annotate({
    records: `select * replace (19.6::float as "GQ") from (${recordsQuery([block])})`,
    modules: [{ name: "fixture", directory }],
    ingest: { kind: "gvcf" },
  });
  expect(sites).toMatchObject([{ status: "no_data", detail: "a block without evidence: MIN_DP 23, GQ 19" }]);
});

test("a site of several bases that lie in neighbouring blocks rests on the weakest of them, and is in none where there is a gap", async () => {
  const variants =
    "rsid,chrom,start,ref,alts,genotype,state,conclusion\n" +
    "rs1,1,1000,ATTC,A,A/A,neutral,a\nrs2,1,2000,ATTC,A,A/A,neutral,b\n";
  const block = { ...BLOCK, presence: "hom_ref_block", MIN_DP: 23, GQ: 50 };
  const directory = await bench.compile(moduleOf("fixture", variants));
  const { sites } = await bench.annotate({
    records: [
      { ...block, end: 1001, GQ: 30 },
      { chrom: "1", start: 1002, ref: "T", alt: "", genotype: ["T", "T"], presence: "called_hom_ref" },
      { ...block, start: 1003, end: 2001, MIN_DP: 11 },
      { ...block, start: 2003, end: 3000 },
    ],
    modules: [{ name: "fixture", directory }],
    ingest: { kind: "gvcf" },
  });
  expect(sites).toMatchObject([
    { rsid: "rs1", status: "hom_ref_block", detail: "MIN_DP 11, GQ 30, the least of several records" },
    { rsid: "rs2", status: "no_data", detail: null },
  ]);
});

test("on another mitochondrion nothing is compared, by place or by ID, and the rest is", async () => {
  const variants =
    "rsid,chrom,start,ref,alts,genotype,state,conclusion\n" +
    "rs1,MT,1000,A,G,G,neutral,a\nrs1,MT,1000,A,G,A,neutral,a\nrs2,1,1000,A,G,A/G,neutral,b\n";
  const directory = await bench.compile(moduleOf("fixture", variants));
  const { sites, rows } = await bench.annotate({
    records: [HET, { ...HET, chrom: "MT", rsid: "rs1", genotype: ["G"] }],
    modules: [{ name: "fixture", directory }],
    ingest: {
      build: { detected: null, how: "" },
      has_rsids: true,
      findings: [{ kind: "MT_NOT_COMPARABLE", count: 1, first: null }],
    },
  });
  expect(rows.map(({ chrom }) => chrom)).toEqual(["1"]);
  expect(sites).toMatchObject([
    { chrom: "1", status: "called_match" },
    { chrom: "MT", status: "not_comparable", detail: "the mitochondrion of the file is not the rCRS" },
  ]);
});

test("a variant without a place, and one whose rsID stands for several, cannot be compared", async () => {
  const resolution = `rsid,chrom,start,ref,alts,locus_index,status
rs1,1,1000,A,G,0,resolved
rs1,HG2072_PATCH,77,A,G,1,resolved
rs2,,,,,,unplaced\n`;
  const variants = "rsid,genotype,state,conclusion\nrs1,A/G,neutral,a\nrs2,A/G,neutral,b\n";
  const directory = await bench.compile(moduleOf("fixture", variants, { resolution }));
  const modules = [{ name: "fixture", directory }];
  const silent = await bench.annotate({ records: [{ ...HET, start: 5000 }], modules });
  expect(silent.sites.map(({ chrom, status, detail }) => [chrom, status, detail])).toEqual([
    ["1", "not_comparable", "the rsID stands for 2 positions"],
    ["HG2072_PATCH", "not_comparable", "the rsID stands for 2 positions"],
    [null, "not_comparable", "the variant has no known position"],
  ]);
  const called = await bench.annotate({ records: [HET], modules });
  expect(called.sites.map(({ status }) => status)).toEqual([
    "called_match",
    "not_comparable",
    "not_comparable",
  ]);
});

test("a site is of the category of its variant", async () => {
  const variants = `rsid,chrom,start,ref,alts,genotype,state,conclusion,category
rs1,1,1000,A,G,A/G,neutral,a,lipids
rs2,1,2000,A,G,A/G,neutral,b,\n`;
  const directory = await bench.compile(moduleOf("fixture", variants));
  const { sites } = await bench.annotate({ records: [HET], modules: [{ name: "fixture", directory }] });
  expect(sites.map(({ start, category }) => [start, category])).toEqual([
    [1000, "lipids"],
    [2000, null],
  ]);
});

test("0/0 of a structural variant is no reference of bases, and that of a module which speaks of the variant", async () => {
  const record = { ...HET, alt: "<DEL>", genotype: ["A", "A"] };
  const rows = ["rs1,1,1000,A,G,A/A,1,protective,a", "rs2,1,1000,A,<DEL>,A/A,1,protective,a"];
  const directory = await bench.compile(moduleOf("fixture", `${SITE.split("\n")[0]}\n${rows.join("\n")}\n`));
  const found = await bench.annotate({ records: [record], modules: [{ name: "fixture", directory }] });
  expect(found.rows.map(({ rsid }) => rsid)).toEqual(["rs2"]);
  expect(found.sites).toMatchObject([{ status: "not_comparable" }, { status: "called_match" }]);
});
