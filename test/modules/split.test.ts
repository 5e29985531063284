import { afterAll, beforeAll, expect, test } from "vitest";

import { Bench, HEADER, HET, moduleOf } from "./genome-fixture.ts";
import type { Annotated, FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

const REST = "0.5,protective,a sentence,GENE,lipids\n";
/** All genotypes of one place with two alternates. */
const GENOTYPES = ["A/A", "A/G", "A/T", "G/G", "G/T", "T/T", "G", "T", "A/AC", "AC/ACG", "A/ACG"];

/** A record of 1:100 with one alternate, and the genotype that a splitter gives it. */
function split(alt: string, genotype: string, more: Partial<FixtureRecord> = {}): FixtureRecord {
  return { ...HET, alt, genotype: genotype.split("/").toSorted(), ...more };
}

async function annotated(records: readonly FixtureRecord[], rows: readonly string[]): Promise<Annotated> {
  const lines = rows.map((row) => `${row},${REST}`);
  const directory = await bench.compile(moduleOf("fixture", HEADER + lines.join("")));
  return bench.annotate({ records, modules: [{ name: "fixture", directory }], ingest: { has_rsids: true } });
}

const TOGETHER = "is put together from the records of this position, each of one alternate";
const ANOTHER = "another record of this position calls another genotype";
const SEVERAL = "several records of this position call it, and each is counted";

test.each<[string, readonly FixtureRecord[], readonly string[], string | null]>([
  ["1/2 is both alternates", [split("G", "G/A"), split("T", "A/T")], ["G/T"], `G/T ${TOGETHER}`],
  ["0/2 is no reference twice", [split("G", "A/A"), split("T", "A/T")], ["A/T"], null],
  ["0/0 counts once", [split("G", "A/A"), split("T", "A/A")], ["A/A"], null],
  ["2/2 is that alternate twice", [split("G", "A/A"), split("T", "T/T")], ["T/T"], null],
  ["2 of one copy is that alternate", [split("G", "A"), split("T", "T")], ["T"], null],
  ["more copies than there are stay apart", [split("G", "G/G"), split("T", "A/T")], ["A/T", "G/G"], ANOTHER],
  [
    "1/2 of two insertions is both",
    [split("AC", "A/AC"), split("ACG", "A/ACG")],
    ["AC/ACG"],
    `AC/ACG ${TOGETHER}`,
  ],
  [
    "an insertion may lie on the copy of a substitution",
    [split("G", "A/G"), split("AT", "A/AT")],
    ["A/G"],
    ANOTHER,
  ],
  ["one alternate twice is no split record", [split("G", "A/G"), split("G", "A/G")], ["A/G", "A/G"], SEVERAL],
])("of a record that was split by alternates, %s", async (_what, records, genotypes, detail) => {
  const { rows, sites } = await annotated(
    records,
    GENOTYPES.map((genotype) => `rs1,1,100,A,G|T|AC|ACG,${genotype}`),
  );
  expect(rows.map(({ genotype }) => genotype.join("/"))).toEqual(genotypes);
  expect(sites).toMatchObject([{ status: "called_match", detail }]);
});

/** A record of which `vt decompose` does not say what the other copy has, as in 1/. or 0/. */
function half(alt: string, known: string, more: Partial<FixtureRecord> = {}): FixtureRecord {
  return split(alt, known, { presence: "half_call", GT: known === "A" ? "0/." : "./1", ...more });
}

const ONE = { OLD_MULTIALLELIC: "1:100:A/G/AT" };

test.each<[string, readonly FixtureRecord[], readonly string[], string | null]>([
  ["1/2 is both alternates", [half("G", "G"), half("T", "T")], ["G/T"], `G/T ${TOGETHER}`],
  ["0/2 is one beside the reference", [half("G", "A"), split("T", "A/T")], ["A/T"], null],
  [
    "1 beside the reference that another record names",
    [half("G", "G"), half("T", "A")],
    ["A/G"],
    `A/G ${TOGETHER}`,
  ],
  [
    "0/1 is one beside the reference, whatever else there is",
    [split("G", "A/G"), half("*", "A"), half("", "A")],
    ["A/G"],
    null,
  ],
  ["0/. of both may be any", [half("G", "A"), half("T", "A")], [], null],
  ["what is one copy too many stays apart", [half("G", "G"), split("T", "T/T")], ["T/T"], ANOTHER],
  ["one alternate twice is no split record", [half("G", "G"), half("G", "G")], [], null],
  ["an insertion may lie on the copy of a substitution", [half("G", "G"), half("AT", "AT")], [], null],
  [
    "unless both are of one record",
    [half("G", "G", ONE), half("AT", "AT", ONE)],
    ["AT/G"],
    `AT/G ${TOGETHER}`,
  ],
])("of a record that was split into half calls, %s", async (_what, records, genotypes, detail) => {
  const { rows, sites } = await annotated(
    records,
    [...GENOTYPES, "AT/G"].map((genotype) => `rs1,1,100,A,G|T|AC|ACG|AT,${genotype}`),
  );
  expect(rows.map(({ genotype }) => genotype.join("/"))).toEqual(genotypes);
  expect(sites).toMatchObject([{ status: genotypes.length === 0 ? "half_call" : "called_match", detail }]);
});

test("of a record that was split into half calls and a spanning deletion, the other copy is deleted", async () => {
  const star = split("*", "*", { presence: "overlapped", GT: "1/." });
  const { rows, sites } = await annotated(
    [half("G", "G"), star],
    ["A/A", "A/G", "G/G"].map((genotype) => `rs1,1,100,A,G,${genotype}`),
  );
  expect(rows).toEqual([]);
  expect(sites).toMatchObject([{ status: "overlapped", detail: "a deletion spans the site" }]);
});

test("of a record that was split by alternates, 1/2 of two deletions, or of one and an insertion, is both", async () => {
  const at = (alt: string): FixtureRecord => split(alt, `ATT/${alt}`, { ref: "ATT" });
  const module = ["A/ATT", "AT/ATT", "ATT/ATTT", "A/AT", "A/ATTT"].map(
    (genotype) => `rs1,1,100,ATT,A|AT|ATTT,${genotype}`,
  );
  const called = async (...alts: readonly string[]): Promise<readonly string[]> =>
    (await annotated(alts.map(at), module)).rows.map(({ genotype }) => genotype.join("/"));
  expect(await called("A", "AT")).toEqual(["A/AT"]);
  expect(await called("A", "ATTT")).toEqual(["A/ATTT"]);
});

test.each<[string, readonly (readonly [string, string, string])[], readonly string[]]>([
  [
    "1/2 of two deletions",
    [
      ["CTT", "C", "C/CTT"],
      ["CT", "C", "C/CT"],
    ],
    ["CTT: C/CT"],
  ],
  [
    "0/2 of two deletions",
    [
      ["CTT", "C", "CTT/CTT"],
      ["CT", "C", "C/CT"],
    ],
    ["CTT: CT/CTT", "CT: C/CT"],
  ],
  [
    "2/2 of two deletions",
    [
      ["CTT", "C", "CTT/CTT"],
      ["CT", "C", "C/C"],
    ],
    ["CTT: CT/CT", "CT: C/C"],
  ],
  [
    "1/2 of a deletion and an insertion",
    [
      ["CTT", "C", "C/CTT"],
      ["C", "CT", "C/CT"],
    ],
    ["CTT: C/CTTT"],
  ],
  [
    "a deletion beside a substitution is none:",
    [
      ["CTT", "C", "C/CTT"],
      ["C", "G", "C/G"],
    ],
    ["CTT: C/CTT", "C: C/G"],
  ],
])("of indels that were split and left-aligned, %s is what both records say", async (_what, records, met) => {
  const genotypes = (ref: string, ...alts: readonly string[]): string[] =>
    [ref, ...alts].flatMap((one, at, all) =>
      all.slice(at).map((other) => `${ref},${alts.join("|")},${[one, other].toSorted().join("/")}`),
    );
  const authored = [
    ...genotypes("CTT", "C", "CT", "CTTT"),
    ...genotypes("CT", "C"),
    ...genotypes("C", "CT", "G"),
  ];
  const { rows } = await annotated(
    records.map(([ref, alt, genotype]) => split(alt, genotype, { ref })),
    authored.map((row, at) => `rs${at},1,100,${row}`),
  );
  const place = ({ rsid }: { readonly rsid: string | null }): number => Number(rsid?.slice(2));
  expect(rows.map((row) => authored[place(row)]?.replace(/,.*,/, ": "))).toEqual(met);
});

test.each<[string, string, string]>([
  ["1/2 has one copy", "A/G", "*/A"],
  ["0/2 has one copy", "A/A", "*/A"],
  ["2/2 has none", "A/A", "*/*"],
])(
  "of a record that was split from its spanning deletion, %s, and the other is deleted",
  async (_what, own, star) => {
    const { rows, sites } = await annotated(
      [split("G", own), split("*", star, { presence: "overlapped" })],
      ["A/A", "A/G", "G/G"].map((genotype) => `rs1,1,100,A,G,${genotype}`),
    );
    expect(rows).toEqual([]);
    expect(sites).toMatchObject([{ status: "overlapped", detail: "a deletion spans the site" }]);
  },
);

test("of a record of a gVCF that was split by alternates, <NON_REF> is no reference", async () => {
  const block = split("", "A/A", { presence: "hom_ref_block", GQ: 50 });
  const genotypes = async (...records: readonly FixtureRecord[]): Promise<readonly string[]> => {
    const rows = GENOTYPES.map((genotype) => `rs1,1,100,A,G|T|AC|ACG,${genotype}`);
    return (await annotated([...records, block], rows)).rows.map(({ genotype }) => genotype.join("/"));
  };
  expect(await genotypes(split("G", "A/G"))).toEqual(["A/G"]);
  expect(await genotypes(split("G", "A/G"), split("T", "A/T"))).toEqual(["G/T"]);
  expect(await genotypes(split("G", "A/A"))).toEqual(["A/A"]);
  const deleted = split("*", "*/A", { presence: "overlapped" });
  const { sites } = await annotated([deleted, block], ["rs1,1,100,A,G|T,A/A"]);
  expect(sites).toMatchObject([{ status: "overlapped" }]);
});

const BOTH = [split("G", "A/G", { rsid: "rs1" }), split("T", "A/T", { rsid: "rs1" })];

test("a genotype that no record has by itself is shown with both alternates", async () => {
  const { rows, manifest } = await annotated(BOTH, ["rs1,1,100,A,G|T,G/T"]);
  expect(rows).toMatchObject([{ ref: "A", alt: "G|T", genotype: ["G", "T"], GT: null, zygosity: "het" }]);
  expect(manifest.modules).toMatchObject([{ matched: 1, probed: 2 }]);
});

test("a record of which it is a part is not met by rsID, or where it is spelled otherwise", async () => {
  const { rows, sites } = await annotated(BOTH, ["rs1,,,,,A/G", "rs2,1,100,AC,GC,AC/GC"]);
  expect(rows).toEqual([]);
  expect(sites).toMatchObject([
    { rsid: "rs2", status: "called_other_genotype", detail: "another variant begins at this position" },
    { rsid: "rs1", status: "called_other_genotype", detail: null },
  ]);
});
