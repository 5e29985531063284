import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Bench, HEADER, HET, moduleOf } from "./genome-fixture.ts";
import type { Annotated, FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

/** Two bases in the place of two, called as one record: chr1:99 CA→TG. */
const MNV: FixtureRecord = { ...HET, start: 99, end: 100, ref: "CA", alt: "TG", genotype: ["CA", "TG"] };
const PART = "a part of the record at 99, whose alleles have 2 bases";

async function annotated(records: readonly FixtureRecord[], ...rows: readonly string[]): Promise<Annotated> {
  const lines = rows.map((row) => `${row},0.5,protective,a sentence,GENE,lipids\n`);
  const directory = await bench.compile(moduleOf("fixture", HEADER + lines.join("")));
  return bench.annotate({ records, modules: [{ name: "fixture", directory }] });
}

describe("a site inside a record of several bases", () => {
  const cases: readonly {
    readonly what: string;
    readonly record?: Partial<FixtureRecord>;
    readonly others?: readonly FixtureRecord[];
    readonly site: string;
    readonly status: string;
    readonly detail: string | null;
  }[] = [
    { what: "has the alleles there", site: "1,100,A,G,A/G", status: "called_match", detail: PART },
    { what: "that is its first base, too", site: "1,99,C,T,C/T", status: "called_match", detail: PART },
    {
      what: "whose genotype no row states",
      site: "1,100,A,G,G/G",
      status: "called_other_genotype",
      detail: PART,
    },
    {
      what: "that it leaves as it is, is called as the reference",
      record: { end: 101, ref: "CAG", alt: "TAC", genotype: ["CAG", "TAC"] },
      site: "1,100,A,G,G/G",
      status: "called_hom_ref",
      detail: "a part of the record at 99, whose alleles have 3 bases",
    },
    {
      what: "is not read from one that also deletes",
      record: { alt: "TG|C", genotype: ["C", "TG"] },
      site: "1,100,A,G,A/G",
      status: "overlapped",
      detail: "inside the variant at 99",
    },
    {
      what: "is not read from half a call",
      record: { genotype: ["TG"], presence: "half_call" },
      site: "1,99,C,T,C/T",
      status: "half_call",
      detail: "another variant begins at this position",
    },
    {
      what: "is read from the record of its own that is there",
      others: [{ ...HET, genotype: ["G", "G"] }],
      site: "1,100,A,G,A/G",
      status: "called_other_genotype",
      detail: null,
    },
    {
      what: "has the alleles of all records that it was split into",
      others: [{ ...MNV, alt: "CG", genotype: ["CA", "CG"] }],
      site: "1,100,A,G,G/G",
      status: "called_match",
      detail: "a part of the records at 99, whose alleles have 2 bases",
    },
    {
      what: "is not read from one that was split off a deletion",
      others: [{ ...MNV, alt: "C", genotype: ["C", "CA"] }],
      site: "1,100,A,G,A/G",
      status: "overlapped",
      detail: "inside the variant at 99",
    },
    {
      what: "has to have the same reference",
      site: "1,100,T,G,G/T",
      status: "overlapped",
      detail: "inside the variant at 99",
    },
  ];
  test.each(cases)("$what", async ({ record = {}, others = [], site, status, detail }) => {
    const { sites } = await annotated([{ ...MNV, ...record }, ...others], `rs1,${site}`);
    expect(sites).toMatchObject([{ status, detail }]);
  });
});

describe("a site of several bases", () => {
  const SNVS = [
    { ...HET, start: 99, ref: "C", alt: "T", genotype: ["C", "T"] },
    { ...HET, start: 100 },
  ];
  const inside = "a variant begins inside it, at 100: what lies on one copy is not looked at";
  const unphased = "variants are called at 99 and 100: whether they lie on one copy is not stated";
  test.each<[string, readonly FixtureRecord[], string, string, string | null]>([
    ["whose bases are called one by one", SNVS, "1,99,CA,TG,CA/TG", "not_comparable", unphased],
    ["inside which a variant begins", SNVS.slice(1), "1,99,CA,C,C/CA", "not_comparable", inside],
    ["that is called itself", [MNV, ...SNVS.slice(1)], "1,99,CA,TG,CA/TG", "called_match", null],
    [
      "of which the first base alone is called",
      SNVS.slice(0, 1),
      "1,99,CA,TG,CA/TG",
      "called_other_genotype",
      "another variant begins at this position",
    ],
  ])("%s", async (_what, records, site, status, detail) => {
    const { sites } = await annotated(records, `rs1,${site}`);
    expect(sites).toMatchObject([{ status, detail }]);
  });
});

describe("a site of several bases that are called one by one", () => {
  const C: FixtureRecord = { ...HET, start: 99, ref: "C", alt: "T", genotype: ["C", "T"] };
  const A: FixtureRecord = { ...HET, start: 100 };
  const G: FixtureRecord = { ...HET, start: 101, ref: "G", alt: "C", genotype: ["C", "G"] };
  const both = (first: Partial<FixtureRecord>, second: Partial<FixtureRecord>): FixtureRecord[] => [
    { ...C, ...first },
    { ...A, ...second },
  ];
  const hom = (alt: string): Partial<FixtureRecord> => ({ genotype: [alt, alt], GT: "1/1" });

  test.each<[string, readonly FixtureRecord[], string, string]>([
    ["on one copy, in one phase set", both({ GT: "1|0", PS: 99 }, { GT: "1|0", PS: 99 }), "CA,TG", "CA/TG"],
    ["on one copy, phased without a set", both({ GT: "0|1" }, { GT: "0|1" }), "CA,TG", "CA/TG"],
    ["on one copy each", both({ GT: "0|1" }, { GT: "1|0" }), "CA,TG", "CG/TA"],
    ["on both copies", both(hom("T"), hom("G")), "CA,TG", "TG/TG"],
    ["one of them on both copies", both(hom("T"), {}), "CA,TG", "TA/TG"],
    [
      "of two alternates",
      both({ GT: "0|1" }, { alt: "C|G", genotype: ["C", "G"], GT: "1|2" }),
      "CA,TG",
      "CC/TG",
    ],
    [
      "with a base between them",
      [
        { ...C, GT: "0|1" },
        { ...G, GT: "0|1" },
      ],
      "CAG,TAC",
      "CAG/TAC",
    ],
    ["of one copy", both({ genotype: ["T"], GT: "1" }, { genotype: ["G"], GT: "1" }), "CA,TG", "TG"],
  ])("has a genotype where they are %s", async (_what, records, alleles, genotype) => {
    const last = records.at(-1)?.start;
    const { rows, sites, manifest } = await annotated(records, `rs1,1,99,${alleles},${genotype}`);
    const [ref] = alleles.split(",");
    const detail = `put together from the records at 99 and ${last}`;
    expect(sites).toMatchObject([{ status: "called_match", detail }]);
    expect(rows).toMatchObject([
      { start: 99, ref, genotype: genotype.split("/"), module_ref: ref, GT: null },
    ]);
    expect(manifest.modules).toMatchObject([{ matched: 1 }]);
  });

  const unphased = "variants are called at 99 and 100: whether they lie on one copy is not stated";
  const inside = "a variant begins inside it, at 100: what lies on one copy is not looked at";
  const cis = both({ GT: "0|1" }, { GT: "0|1" });
  const other: FixtureRecord = { ...A, alt: "AT", genotype: ["A", "AT"] };
  test.each<[string, readonly FixtureRecord[], string, string]>([
    ["one is phased alone", both({ GT: "0|1" }, {}), "CA,TG", unphased],
    ["they are phased apart", both({ GT: "0|1", PS: 99 }, { GT: "0|1", PS: 100 }), "CA,TG", unphased],
    ["something is inserted there, too", [...cis, { ...other, GT: "0|1" }], "CA,TG", inside],
    ["the base of one has two records", [...cis, { ...A, GT: "0|1" }], "CA,TG", inside],
    ["the module states another reference", cis, "CG,TA", inside],
    ["a base that the module changes is not called", cis, "CAG,TGC", inside],
  ])("has none where %s", async (_what, records, alleles, detail) => {
    const [ref, alt] = alleles.split(",");
    const { rows, sites } = await annotated(records, `rs1,1,99,${alleles},${ref}/${alt}`);
    expect(rows).toEqual([]);
    expect(sites).toMatchObject([{ status: "not_comparable", detail }]);
  });

  test("has none where a rule removed a record", async () => {
    const directory = await bench.compile(
      moduleOf("fixture", `${HEADER}rs1,1,99,CAG,TAC,CAG/TAC,0.5,protective,a sentence,GENE,lipids\n`),
    );
    const records = [
      { ...C, GT: "0|1" },
      { ...G, GT: "0|1" },
    ];
    const removed = [{ chrom: "1", start: 100, end: 100, removed_by: "min_qual" }];
    const { rows } = await bench.annotate({ records, removed, modules: [{ name: "fixture", directory }] });
    expect(rows).toEqual([]);
  });
});

test("a row of it is at the site, with what is called there; the record stays whole in the module's own table", async () => {
  const both = { ...MNV, alt: "TG|CG", genotype: ["CG", "TG"] };
  const { rows, staging, manifest } = await annotated([both], "rs1,1,100,A,G,G/G", "rs2,1,99,C,T,C/T");
  const row = { alt: "G", zygosity: "hom", GT: null, genotype_evidence: "called" };
  expect(rows).toMatchObject([
    { rsid: "rs2", start: 99, ref: "C", alt: "T", genotype: ["C", "T"], zygosity: "het" },
    { rsid: "rs1", start: 100, ref: "A", genotype: ["G", "G"], ...row },
  ]);
  expect(manifest.modules).toMatchObject([{ matched: 2, probed: 1 }]);
  const looked = await bench.connection.rows(
    `select start, ref, start_fixture from read_parquet('${join(staging, "modules/fixture_weights.parquet")}') order by 3`,
  );
  expect(looked).toEqual([
    { start: 99, ref: "CA", start_fixture: 99 },
    { start: 99, ref: "CA", start_fixture: 100 },
  ]);
});

test("one change with other bases around it is met once, as it is called", async () => {
  const padded = { ...HET, ref: "AT", alt: "GT", genotype: ["AT", "GT"] };
  const { rows } = await annotated([padded], "rs1,1,100,A,G,A/G");
  expect(rows).toMatchObject([{ start: 100, ref: "AT", genotype: ["AT", "GT"] }]);
});
