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
  test.each<[string, readonly FixtureRecord[], string, string, string | null]>([
    ["whose bases are called one by one", SNVS, "1,99,CA,TG,CA/TG", "not_comparable", inside],
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
