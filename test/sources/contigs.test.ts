import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import {
  PRIMARY_CONTIGS,
  foldContig,
  foldContigSql,
  usualSpellings,
} from "../../kernel/sources/vcf/contigs.ts";

test.each([
  ["chr1", "1"],
  ["CHR22", "22"],
  ["Chr7", "7"],
  ["01", "1"],
  ["chrx", "X"],
  ["y", "Y"],
  ["M", "MT"],
  ["chrM", "MT"],
  ["mt", "MT"],
  ["NC_012920.1", "MT"],
  ["NC_000001.11", "1"],
  ["NC_000001.10", "1"],
  ["NC_000023.11", "X"],
  ["CM000663.2", "1"],
  ["CM000686.1", "Y"],
  ["CM000662.1", "CM000662.1"],
  ["KI270728.1", "KI270728.1"],
  ["chrUn_KI270302v1", "Un_KI270302v1"],
  ["HLA-A*01:01:01:01", "HLA-A*01:01:01:01"],
  ["chr1_KI270706v1_random", "1_KI270706v1_random"],
  ["NC_007605", "NC_007605"],
  ["chr", "chr"],
])("contig %s is named %s", (name, folded) => {
  expect(foldContig(name)).toBe(folded);
});

test("every usual spelling is of a primary contig", () => {
  expect(new Set(usualSpellings().map((name) => foldContig(name)))).toEqual(new Set(PRIMARY_CONTIGS));
});

test("contigs fold in SQL as they fold in the code", async () => {
  const directory = await mkdtemp(join(tmpdir(), "karyon-contigs-"));
  const connection = await duckdb.open({ spillDirectory: directory });
  const name = fc.oneof(
    fc.stringMatching(/^[ -~]{1,12}$/),
    fc.stringMatching(/^(chr|CHR|Chr)?(0?[1-9]|1[0-9]|2[0-4]|[xyXYmM]|MT|mt)$/),
    fc.stringMatching(/^(NC_0000[0-2][0-9]|CM0006[6-9][0-9]|NC_012920|J01415)\.[0-9]{1,2}$/),
  );
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 50 }), async (names) => {
        const values = names.map((text) => `(${quoteText(text)})`).join(", ");
        const rows = await connection.rows<{ folded: string }>(
          `SELECT ${foldContigSql("n")} AS folded FROM (VALUES ${values}) AS v(n)`,
        );
        expect(rows.map(({ folded }) => folded)).toEqual(names.map((text) => foldContig(text)));
      }),
      { numRuns: 40 },
    );
  } finally {
    connection.close();
    await rm(directory, { recursive: true });
  }
});
