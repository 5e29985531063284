import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { engines } from "../../kernel/engines/index.ts";
import { Joining } from "./joining.ts";
import { lookUp, row, variant } from "./oracle.ts";
import type { ReferenceRow, Variant } from "./oracle.ts";

interface Case {
  readonly name: string;
  readonly variant: Variant;
  readonly reference: readonly ReferenceRow[];
  readonly ids: string | null;
  readonly match: "exact" | "allele" | "trimmed" | null;
}

const CASES: readonly Case[] = [
  {
    name: "the same spelling is exact",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "G", "rs1")],
    ids: "rs1",
    match: "exact",
  },
  {
    name: "another alternate is no match",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "T", "rs1")],
    ids: null,
    match: null,
  },
  {
    name: "another REF is no match",
    variant: variant(100, "A", "G"),
    reference: [row(100, "C", "G", "rs1")],
    ids: null,
    match: null,
  },
  {
    name: "an alternate among several matches by allele",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "C|G", "rs1")],
    ids: "rs1",
    match: "allele",
  },
  {
    name: "the same alternates in another order are exact",
    variant: variant(100, "A", "G|T"),
    reference: [row(100, "A", "T|G", "rs1")],
    ids: "rs1",
    match: "exact",
  },
  {
    name: "an exact row goes before a smaller number",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "C|G", "rs1"), row(100, "A", "G", "rs9")],
    ids: "rs9",
    match: "exact",
  },
  {
    name: "of duplicates the smallest number is taken",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "G", "rs10"), row(100, "A", "G", "rs9"), row(100, "A", "G", "COSV1")],
    ids: "rs9",
    match: "exact",
  },
  {
    name: "of duplicates with one id the first is taken",
    variant: variant(100, "A", "G"),
    reference: [row(100, "A", "G", "COSV9"), row(100, "A", "G", "COSV1")],
    ids: "COSV9",
    match: "exact",
  },
  {
    name: "alternates with rows of their own name both ids",
    variant: variant(100, "A", "G|T"),
    reference: [row(100, "A", "T", "rs1"), row(100, "A", "G", "rs2")],
    ids: "rs1;rs2",
    match: "allele",
  },
  {
    name: "an alternate that nobody knows leaves the other",
    variant: variant(100, "A", "G|T"),
    reference: [row(100, "A", "T", "rs1")],
    ids: "rs1",
    match: "allele",
  },
  {
    name: "an insertion with an anchor of its own is trimmed",
    variant: variant(100, "A", "AA"),
    reference: [row(99, "T", "TA", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "a deletion with a longer anchor is trimmed",
    variant: variant(100, "CA", "C"),
    reference: [row(98, "GTCA", "GTC", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "a deletion with bases behind it is trimmed",
    variant: variant(100, "CTA", "C"),
    reference: [row(100, "CTAG", "CG", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "a substitution in a longer row is trimmed",
    variant: variant(102, "C", "T"),
    reference: [row(100, "AACGG", "A|AATGG", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "a substitution of a longer record is trimmed",
    variant: variant(100, "CAA", "C|TAA"),
    reference: [row(100, "C", "T", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "an anchor of over sixty-four bases is found",
    variant: variant(300, "C", "T"),
    reference: [row(200, `${"AC".repeat(50)}C`, `${"AC".repeat(50)}T`, "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
  {
    name: "an indel at the other end of its repeat is not found",
    variant: variant(100, "GA", "G"),
    reference: [row(102, "AA", "A", "rs1"), row(105, "TC", "T", "rs2")],
    ids: null,
    match: null,
  },
  {
    name: "a symbolic alternate is no allele",
    variant: variant(100, "A", "<DEL>"),
    reference: [row(100, "A", "<DEL>|G", "rs1")],
    ids: null,
    match: null,
  },
  {
    name: "a star beside an alternate does not count",
    variant: variant(100, "A", "G|*"),
    reference: [row(100, "A", "G", "rs1")],
    ids: "rs1",
    match: "exact",
  },
  {
    name: "no alternate is no match",
    variant: variant(100, "A", ""),
    reference: [row(100, "A", "G", "rs1")],
    ids: null,
    match: null,
  },
  {
    name: "a row of another block of the genome is found",
    variant: variant(128, "A", "AT"),
    reference: [row(127, "GA", "GAT", "rs1")],
    ids: "rs1",
    match: "trimmed",
  },
];

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open();
});
afterAll(() => joining.close());

test.each(CASES)("by the plain reading, $name", ({ variant, reference, ids, match }) => {
  expect(lookUp(variant, reference)).toMatchObject({ ids, match });
});

describe.each(engines.map((engine) => ({ name: engine.name, engine })))("on $name", ({ engine }) => {
  test("every case of the table finds its row", async () => {
    // Each case on a stretch of its own, so that one run looks all of them up.
    const STRETCH = 1000;
    const shift = <T extends { start: number }>(one: T, at: number): T => ({
      ...one,
      start: one.start + at * STRETCH,
    });
    const variants = CASES.map(({ variant }, at) => shift(variant, at));
    const reference = { "1": CASES.flatMap(({ reference }, at) => reference.map((one) => shift(one, at))) };
    const { rows } = await joining.run({ variants, reference }, engine);
    const found = rows.map(({ id_ensembl, ensembl_match }, at) => [
      CASES[at]?.name,
      id_ensembl,
      ensembl_match,
    ]);
    expect(found).toEqual(CASES.map(({ name, ids, match }) => [name, ids, match]));
  });

  test("rows stay, each once, in their order, twins and several contigs too", async () => {
    const twin = variant(100, "A", "G");
    const variants = [
      { ...twin, chrom: "1" },
      { ...twin, chrom: "1" },
      { ...twin, chrom: "2" },
      { ...twin, chrom: "GL000220.1" },
      { ...twin, chrom: "X" },
      { ...twin, chrom: "MT" },
    ];
    const known = [row(100, "A", "G", "rs7"), row(100, "A", "G", "rs8")];
    const { rows, summary } = await joining.run(
      { variants, reference: { "1": known, "2": [], MT: known } },
      engine,
    );
    expect(rows.map(({ chrom, n, id_ensembl }) => [chrom, n, id_ensembl])).toEqual([
      ["1", 0, "rs7"],
      ["1", 1, "rs7"],
      ["2", 2, null],
      ["GL000220.1", 3, null],
      ["X", 4, null],
      ["MT", 5, "rs7"],
    ]);
    expect(summary).toEqual({
      rows: 6,
      matched: { exact: 3, allele: 0, trimmed: 0 },
      not_in_reference: { "GL000220.1": 1, X: 1 },
    });
  });

  test("a sample without variants is a table without rows", async () => {
    const { rows, path } = await joining.run(
      { variants: [], reference: { "1": [row(1, "A", "G", "rs1")] } },
      engine,
    );
    expect(rows).toEqual([]);
    expect((await joining.schema(path)).length).toBeGreaterThan(40);
  });

  test("several samples in one go get what each gets alone", async () => {
    const reference = {
      "1": [row(100, "A", "G", "rs7"), row(100, "A", "G|T", "rs8"), row(200, "T", "TA", "rs9")],
      MT: [row(100, "A", "C", "rs10")],
    };
    const first = [variant(100, "A", "G"), variant(100, "A", "T"), variant(201, "A", "AA")];
    const second = [
      variant(100, "A", "G|T"),
      variant(100, "A", "G"),
      { ...variant(100, "A", "C"), chrom: "MT" },
    ];
    const { together, alone } = await joining.together(
      [first, second].map((variants) => ({ variants, reference })),
      engine,
    );
    expect(together).toEqual(alone);
    expect(together[1]).toContain("rs10");
  });
});

const bases = fc.string({ unit: fc.constantFrom("A", "C"), minLength: 1, maxLength: 4 });
const alternates = fc.array(bases, { minLength: 1, maxLength: 3 }).map((all) => [...new Set(all)].join("|"));
const place = fc.integer({ min: 60, max: 70 });
const anyVariant = fc.record({ start: place, ref: bases, alt: alternates });
const anyRow = fc.record({
  start: place,
  ref: bases,
  alt: alternates,
  id: fc.constantFrom("rs1", "rs2", "rs30", "COSV1"),
});

test("on any small reference, both engines agree with the plain reading", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyVariant, { minLength: 1, maxLength: 30 }),
      fc.array(anyRow, { minLength: 1, maxLength: 40 }),
      async (variants, reference) => {
        const sorted = variants.toSorted((a, b) => a.start - b.start);
        const expected = sorted.map((one) => {
          const { row: chosen, ids, match } = lookUp(one, reference);
          return [one.start, chosen, ids, match];
        });
        for (const engine of engines) {
          const { rows } = await joining.run({ variants: sorted, reference: { "1": reference } }, engine);
          const found = rows.map(({ start, mac, id_ensembl, ensembl_match }) => [
            start,
            mac,
            id_ensembl,
            ensembl_match,
          ]);
          expect(found).toEqual(expected);
        }
      },
    ),
    { numRuns: 8 },
  );
});
