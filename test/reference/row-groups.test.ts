import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { engines } from "../../kernel/engines/index.ts";
import { Joining } from "./joining.ts";
import { lookUp } from "./oracle.ts";
import type { ReferenceRow, Variant } from "./oracle.ts";

/* How a table lies in its file, in row groups of any size and over any contigs, changes nothing of what is found. */

const row = (start: number, ref: string, alt: string, id: string): ReferenceRow => ({ start, ref, alt, id });
const variant = (start: number, ref: string, alt: string): Variant => ({ start, ref, alt });

/** Variants and reference on several contigs, thousands of rows of each; the same at every call. */
function manyRows(): {
  variants: (Variant & { chrom: string })[];
  reference: Record<string, ReferenceRow[]>;
} {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 2 ** 16) % below;
  };
  const base = (): string => "ACGT"[random(4)] ?? "A";
  const bases = (most: number): string => Array.from({ length: 1 + random(most) }, base).join("");
  const alternates = (most: number): string =>
    Array.from({ length: 1 + random(2) }, () => bases(most)).join("|");
  /** No alternate is REF, nor another one. */
  const changed = (start: number): Variant => {
    const one = variant(start, bases(2), alternates(2));
    const all = one.alt.split("|");
    return all.includes(one.ref) || all[0] === all[1] ? changed(start) : one;
  };
  const variants = ["1", "2", "Z", "X"].flatMap((chrom) =>
    Array.from({ length: 1500 }, (_, n) => ({ chrom, ...changed(1 + 5 * n) })),
  );
  const known = (): ReferenceRow[] =>
    Array.from({ length: 2500 }, (_, n) => {
      const start = 1 + 3 * n;
      // Some reach far beyond the edge of a row group.
      const anchor = n % 50 === 0 ? "ACGTA".repeat(20) : "";
      return row(start, anchor + bases(2), `${anchor}${bases(2)}|${anchor}${bases(2)}`, `rs${random(5000)}`);
    });
  // What some variants say, behind a long anchor.
  const anchored = (chrom: string): ReferenceRow[] =>
    variants
      .filter((one, n) => one.chrom === chrom && n % 20 === 0 && !one.alt.includes("|") && one.start > 100)
      .map(({ start, ref, alt }) => row(start - 70, "A".repeat(70) + ref, "A".repeat(70) + alt, "rs7"));
  const same = (chrom: string): ReferenceRow[] =>
    variants
      .filter((one, n) => one.chrom === chrom && n % 6 === 0)
      .map(({ start, ref, alt }) => row(start, ref, alt, `rs${9000 + start}`));
  const shard = (chrom: string): ReferenceRow[] =>
    [...known(), ...anchored(chrom), ...same(chrom)].toSorted((a, b) => a.start - b.start);
  return { variants, reference: { "1": shard("1"), "2": shard("2"), X: shard("X") } };
}

/** The answer of the plain reading, which looks at all it is given: here, at what lies near. */
function nearbyAnswer(one: Variant, reference: readonly ReferenceRow[]): unknown[] {
  const from = reference.findIndex(({ start }) => start >= one.start - 120);
  const near = from < 0 ? [] : reference.slice(from).filter(({ start }) => start <= one.start + 120);
  const { row: chosen, ids, match } = lookUp(one, near);
  return [chosen === null ? null : from + chosen, ids, match];
}

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open();
});
afterAll(() => joining.close());

describe.each(engines.map((engine) => ({ name: engine.name, engine })))("on $name", ({ engine }) => {
  test("variants of several row groups find what lies across their edges", async () => {
    const { variants, reference } = manyRows();
    const { rows, summary } = await joining.run({ variants, reference, rowGroupRows: 2048 }, engine);
    expect(rows.map(({ n }) => n)).toEqual(variants.map((_, n) => n));
    const expected = variants.map((one) => nearbyAnswer(one, reference[one.chrom] ?? []));
    const found = rows.map(({ mac, id_ensembl, ensembl_match }) => [mac, id_ensembl, ensembl_match]);
    expect(found).toEqual(expected);
    const count = (match: string): number => expected.filter(([, , one]) => one === match).length;
    expect(summary).toEqual({
      rows: variants.length,
      matched: { exact: count("exact"), allele: count("allele"), trimmed: count("trimmed") },
      not_in_reference: { Z: 1500 },
    });
    expect(Math.min(...Object.values(summary.matched))).toBeGreaterThan(10);
  });

  test("rows that are in no order keep their places", async () => {
    const { variants, reference } = manyRows();
    // A permutation: 7 has no divisor in common with their number.
    const mixed = variants.map((_, n) => variants[(n * 7) % variants.length] ?? variant(1, "A", "C"));
    const { rows } = await joining.run({ variants: mixed, reference, rowGroupRows: 2048 }, engine);
    const sorted = await joining.run({ variants, reference, rowGroupRows: 2048 }, engine);
    const answers = rows.map(({ id_ensembl, mac }) => `${mac} ${id_ensembl}`);
    expect(answers).toEqual(
      variants.map((_, n) => {
        const same = sorted.rows[(n * 7) % variants.length];
        return `${same?.mac} ${same?.id_ensembl}`;
      }),
    );
  });

  test("rows of a hundred contigs in one row group are looked up in a moment", async () => {
    const contigs = Array.from({ length: 100 }, (_, at) => `K${at}`);
    const variants = contigs.flatMap((chrom, at) => [
      { ...variant(100 + at, "A", "G"), chrom },
      { ...variant(100 + at, "A", "C"), chrom },
    ]);
    const reference = Object.fromEntries(
      contigs.slice(1).map((chrom, at) => [chrom, [row(101 + at, "A", "G", `rs${1 + at}`)]]),
    );
    const { rows, summary } = await joining.run({ variants, reference }, engine);
    expect(rows.map(({ id_ensembl }) => id_ensembl)).toEqual(
      contigs.flatMap((_, at) => [at === 0 ? null : `rs${at}`, null]),
    );
    expect(summary).toEqual({
      rows: 200,
      matched: { exact: 99, allele: 0, trimmed: 0 },
      not_in_reference: { K0: 2 },
    });
  });

  test("row groups of many rows and of few stand in one table", async () => {
    const variants = Array.from({ length: 41_000 }, (_, n) => variant(1 + n, "A", "G"));
    const reference = { "1": [row(1, "A", "G", "rs1"), row(41_000, "A", "G", "rs2")] };
    const { rows } = await joining.run({ variants, reference, rowGroupRows: 40_960 }, engine);
    expect([rows[0]?.id_ensembl, rows[1]?.id_ensembl, rows.at(-1)?.id_ensembl]).toEqual(["rs1", null, "rs2"]);
  });

  test("a row group of more rows than an engine writes by itself stays one", async () => {
    const count = 123_330;
    const variants = Array.from({ length: count }, (_, n) => variant(1 + n, "A", "G"));
    const reference = { "1": [row(1, "A", "G", "rs1"), row(count, "A", "G", "rs2")] };
    const { summary, rows } = await joining.run({ variants, reference, rowGroupRows: count }, engine);
    expect(summary).toMatchObject({ rows: count, matched: { exact: 2 } });
    expect([rows[0]?.id_ensembl, rows[1]?.id_ensembl, rows.at(-1)?.id_ensembl]).toEqual(["rs1", null, "rs2"]);
  });

  test("a row group over many contigs takes no more memory than one contig does", async () => {
    const contigs = Array.from({ length: 60 }, (_, at) => `C${at}`);
    const variants = contigs.map((chrom) => ({ chrom, ...variant(5, "A", "G") }));
    const rows = Array.from({ length: 2000 }, (_, at) => row(5 + at, "A", "G", `rs${at + 1}`));
    const reference = Object.fromEntries(contigs.map((chrom) => [chrom, rows]));
    const poor = await Joining.open(64 * 2 ** 20);
    try {
      const { summary } = await poor.run({ variants, reference }, engine);
      expect(summary).toMatchObject({ rows: 60, matched: { exact: 60 } });
    } finally {
      await poor.close();
    }
  });
});
