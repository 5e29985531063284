import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { errorInfo } from "#protocol/error.ts";

import { engines } from "../../kernel/engines/index.ts";
import { Joining } from "./joining.ts";
import { lookUp } from "./oracle.ts";
import type { ReferenceRow, Variant } from "./oracle.ts";

interface Case {
  readonly name: string;
  readonly variant: Variant;
  readonly reference: readonly ReferenceRow[];
  readonly ids: string | null;
  readonly match: "exact" | "allele" | "trimmed" | null;
}

const row = (start: number, ref: string, alt: string, id: string): ReferenceRow => ({ start, ref, alt, id });
const variant = (start: number, ref: string, alt: string): Variant => ({ start, ref, alt });

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

const read = (row: object, name: string): unknown => Object.entries(row).find(([key]) => key === name)?.[1];

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

  test("what came out of another join is joined like any table", async () => {
    const reference = { "1": [row(100, "A", "G", "rs7"), row(200, "T", "TA", "rs9")] };
    const first = await joining.run(
      { variants: [variant(100, "A", "G"), variant(201, "A", "AA"), variant(300, "C", "T")], reference },
      engine,
    );
    const joined = `${first.path}.joined`;
    await rename(first.path, joined);
    const { rows, summary } = await joining.runOn(joined, first.shards, engine, ["id"]);
    expect(rows).toMatchObject([
      {
        id_ensembl: "rs7",
        ensembl_match: "exact",
        id_ensembl_ensembl: "rs7",
        ensembl_match_ensembl: "exact",
      },
      { id_ensembl: "rs9", id_ensembl_ensembl: "rs9", ensembl_match_ensembl: "trimmed" },
      { id_ensembl: null, id_ensembl_ensembl: null, ensembl_match_ensembl: null },
    ]);
    expect(summary).toEqual(first.summary);
  });

  test.each([
    ["select '1' as chrom, 7 as start, 'A' as ref", "the variants to join have no column alt"],
    [
      `select '1' as "CHROM", 7 as start, 'A' as ref, 'G' as alt`,
      "the variants to join have no column chrom",
    ],
    [
      "select '1' as chrom, '7' as start, 'A' as ref, 'G' as alt",
      "start of the variants to join is not a whole number: VARCHAR",
    ],
    [
      "select 1 as chrom, 7 as start, 'A' as ref, 'G' as alt",
      "chrom of the variants to join is not text: INTEGER",
    ],
    [
      `select '1' as chrom, 7 as start, 'A' as ref, 'G' as alt, 3 as "karyon row"`,
      "the variants to join have a column of a name that a join uses itself: karyon row",
    ],
  ])("a table that is none of variants is refused with its column: %s", async (sql, message) => {
    const { path, shards } = await joining.tableOf(sql);
    await expect(joining.runOn(path, shards, engine)).rejects.toThrow(message);
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

  test("chosen columns stand in their order, with the names and values they have among all", async () => {
    const variants = [variant(100, "A", "G|T"), variant(150, "C", "A"), variant(201, "A", "AA")];
    const known = [row(100, "A", "T", "rs1"), row(100, "A", "G", "rs2"), row(200, "T", "TA", "rs9")];
    const one = { variants, reference: { "1": known } };
    const own = ["chrom", "start", "rsid", "ref", "alt", "qual", "n"];
    const named = ["mac", "ref_ensembl", "start_ensembl", "ensembl_match"];
    const all = await joining.run(one, engine);
    const expected = all.rows.map((full) =>
      JSON.stringify([...own, ...named].map((name) => read(full, name))),
    );
    const few = await joining.run(one, engine, ["mac", "ref", "start"]);
    expect(few.rows.map((part) => JSON.stringify(Object.values(part)))).toEqual(expected);
    expect(Object.keys(few.rows[0] ?? {})).toEqual([...own, ...named]);
    expect(few.rows.map(({ mac }) => mac)).toEqual([0, null, 2]);
    const ids = await joining.run(one, engine, ["id"]);
    expect(ids.rows.map(({ id_ensembl }) => id_ensembl)).toEqual(["rs1;rs2", null, "rs9"]);
    const none = await joining.run(one, engine, []);
    expect(Object.keys(none.rows[0] ?? {})).toEqual([...own, "ensembl_match"]);
    expect(none.summary).toEqual(all.summary);
  });

  test("several samples in one go get the chosen columns", async () => {
    const reference = { "1": [row(100, "A", "G", "rs7"), row(200, "T", "TA", "rs9")] };
    const cases = [[variant(100, "A", "G")], [variant(100, "A", "G"), variant(201, "A", "AA")]];
    const { together, alone } = await joining.together(
      cases.map((variants) => ({ variants, reference })),
      engine,
      ["mac", "id"],
    );
    expect(together).toEqual(alone);
    expect(together[1]).toContain('"mac":1,"id_ensembl":"rs9","ensembl_match":"trimmed"');
  });

  test("a reference without a shard for any contig is a failure", async () => {
    const variants = [{ ...variant(1, "A", "G"), chrom: "X" }];
    await expect(joining.run({ variants, reference: { "1": [] } }, engine)).rejects.toThrow(
      "the reference has no shard for X",
    );
  });

  test("what no reference has is not to be downloaded", async () => {
    const hint = async (chrom: string): Promise<string | undefined> => {
      const variants = [{ ...variant(1, "A", "G"), chrom }];
      const failed = joining.run({ variants, reference: { "1": [] } }, engine);
      return errorInfo(await failed.catch((error: unknown) => error)).hint;
    };
    expect(await hint("X")).toBe("Download it: karyon download-ensembl");
    expect(await hint("HLA-A*01:01")).toBe("It lists chromosomes 1 to 22, X, Y and MT.");
  });

  test.each([
    ["replaced by another", (path: string) => copyFileSync(`${path}.other`, path)],
    ["written over by what is no Parquet", (path: string) => writeFileSync(path, "nothing")],
    ["gone", (path: string) => rmSync(path)],
  ])("a shard that is %s while the join runs is named, whatever was read of it", async (_how, change) => {
    const variants = [variant(100, "A", "G")];
    const joined = (...known: ReferenceRow[]): ReturnType<Joining["run"]> =>
      joining.run({ variants, reference: { "1": known } }, engine);
    const other = (await joined(row(90, "A", "T", "rs2"), row(100, "A", "T", "rs3"))).shards.get("1") ?? "";
    await rename(other, `${other}.other`);
    const { shards, variants: path } = await joined(row(100, "A", "G", "rs1"));
    const shard = shards.get("1") ?? "";
    const progress = ({ phase }: { phase: string }): void => {
      if (phase === "looking up contig 1") change(shard);
    };
    await expect(joining.runOn(path, shards, engine, null, progress)).rejects.toThrow(
      "the reference changed while it was read: homo_sapiens-chr1.parquet",
    );
  });
});

test("both engines write the same columns", async () => {
  const schemas = [];
  for (const engine of engines) {
    const { path } = await joining.run(
      { variants: [variant(1, "A", "G")], reference: { "1": [row(1, "A", "G", "rs1")] } },
      engine,
    );
    schemas.push(await joining.schema(path));
  }
  const [first, ...others] = schemas;
  for (const other of others) expect(other).toEqual(first);
  expect(first).toEqual(
    expect.arrayContaining([
      "start_ensembl UINTEGER",
      "id_ensembl VARCHAR",
      "qual_ensembl DOUBLE",
      "end UINTEGER",
      "ensembl_match VARCHAR",
    ]),
  );
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
