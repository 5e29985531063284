import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Bench, HET } from "./genome-fixture.ts";
import type { FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

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
