import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import { fileOf } from "./benchmark.ts";
import type { Benchmark, Case, Contender, PrepareContext } from "./benchmark.ts";
import { makeReference, normalised } from "./joining.ts";
import { programWords } from "./programs.ts";

const NAMES = [1, 2, 3, 4].map((sample) => `SAMPLE-${sample}.parquet`);

function joined(name: string, how: "together" | "alone"): Contender {
  return {
    name,
    program: process.execPath,
    words: (one, scratch) => [
      ...programWords("join"),
      "duckdb",
      fileOf(one, "SHARDS"),
      "all",
      scratch,
      how,
      ...NAMES.map((name) => fileOf(one, name)),
    ],
    reportsItself: false,
  };
}

/** A backfill: one pass over the reference for all samples. */
export const samples: Benchmark = {
  name: "samples",
  title: "Four samples joined with Ensembl",
  about:
    "Four samples of the smallest genome, each without another fifth of its variants, with the largest reference, on " +
    "DuckDB: in one pass over the reference, as `karyon backfill` does, and one after the other.",
  contenders: [joined("together", "together"), joined("one after the other", "alone")],
  prepare,
};

async function prepare({ genomes, references, folder, say }: PrepareContext): Promise<readonly Case[]> {
  const [smallest] = genomes.toSorted((a, b) => a.records - b.records);
  const rows = Math.max(...references);
  if (smallest === undefined) return [];
  say(`reference of ${rows} rows`);
  const variants = await normalised(smallest, join(folder, "variants-samples"));
  const shards = await makeReference(rows, variants, join(folder, "reference-samples"));
  const files: Record<string, string> = { SHARDS: shards };
  const connection = await duckdb.open({ spillDirectory: join(folder, "spill") });
  for (const [at, name] of NAMES.entries()) {
    const path = join(folder, name);
    await connection.sink(
      `select * from read_parquet(${quoteText(variants)}) where hash(start, ${at}) % 5 > 0`,
      path,
    );
    files[name] = path;
  }
  connection.close();
  const label = `${NAMES.length} × ${(0.8 * smallest.records).toLocaleString("en")} × ${rows.toLocaleString("en")}`;
  return [{ ...smallest, label, files }];
}
