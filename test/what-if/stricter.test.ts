import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { QualityFilters } from "#protocol/annotation.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../../kernel/sources/source.ts";
import { ingestVcf } from "../../kernel/sources/vcf/ingest.ts";
import { stricter } from "../../kernel/what-if/stricter.ts";
import { FIELDS, vcfOf } from "../sources/vcf-case.ts";

const signal = new AbortController().signal;

/** Positions of the records that `rules` leave: of what is read with them, and of what was read without. */
async function left(vcf: string, rules: { min_qual?: number; min_depth?: number }): Promise<number[][]> {
  const directory = await mkdtemp(join(tmpdir(), "karyon-stricter-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "case.vcf");
  await writeFile(path, vcf);
  const connection = await duckdb.open({ spillDirectory: join(directory, "spill") });
  onTestFinished(() => connection.close());
  const read = async (filters: QualityFilters): Promise<string> => {
    const staging = await mkdtemp(join(directory, "read-"));
    const request = {
      paths: [path],
      sample: null,
      filters,
      staging,
      spillDirectory: join(directory, "spill"),
    };
    await ingestVcf(request, duckdb, { signal, progress: () => undefined });
    return staging;
  };
  const positions = async (table: string): Promise<number[]> => {
    const rows = await connection.rows<{ start: number }>(
      `select start from read_parquet(${quoteText(table)})`,
    );
    return rows.map(({ start }) => start);
  };
  const whole = await read({});
  const files = Object.fromEntries(
    [NORMALIZED_FILE, REMOVED_FILE].map((name) => [name, { path: join(whole, name), hash: "" }]),
  );
  const variants: InputFiles = {
    asset: "variants" as AssetKey,
    partition: "anna/one" as PartitionKey,
    dataVersion: "1" as DataVersion,
    files,
    table: NORMALIZED_FILE,
    facts: {},
  };
  const thresholds = { min_qual: rules.min_qual ?? null, min_depth: rules.min_depth ?? null };
  const target = await mkdtemp(join(directory, "stricter-"));
  const result = await stricter(variants, thresholds, target, connection, signal);
  return [
    await positions(join(await read(rules), NORMALIZED_FILE)),
    await positions(result.files[NORMALIZED_FILE]?.path ?? ""),
  ];
}

test.each([
  [
    "the depth of the sample, of its block or of all samples",
    vcfOf({
      records: [
        "1 100 . A G 50 PASS DP=90 GT:DP:MIN_DP 0/1:5:90",
        "1 101 . A G 50 PASS DP=90 GT:MIN_DP 0/1:5",
        "1 102 . A G 50 PASS DP=5 GT 0/1",
        "1 103 . A G 50 PASS . GT 0/1",
        "1 104 . A G 50 PASS DP=5 GT:DP 0/1:50",
      ],
    }),
    { min_depth: 10 },
    [103, 104],
  ],
  [
    "a depth that is declared as a list",
    vcfOf({
      meta: FIELDS.map((line) => line.replace("FORMAT=<ID=DP,Number=1", "FORMAT=<ID=DP,Number=.")),
      records: ["1 100 . A G 50 PASS . GT:DP 0/1:5", "1 101 . A G 50 PASS . GT:DP 0/1:50"],
    }),
    { min_depth: 10 },
    [101],
  ],
  [
    "QUAL",
    vcfOf({
      records: [
        "1 100 . A G 5 PASS . GT 0/1",
        "1 101 . A G . PASS . GT 0/1",
        "1 102 . A G nan PASS . GT 0/1",
        "1 103 . A G inf PASS . GT 0/1",
      ],
    }),
    { min_qual: 20 },
    [101, 102, 103],
  ],
])(
  "a stricter rule on %s removes what it would have removed from the file",
  async (_what, vcf, rules, kept) => {
    expect(await left(vcf, rules)).toEqual([kept, kept]);
  },
);
