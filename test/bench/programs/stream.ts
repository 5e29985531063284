import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { duckdb } from "../../../kernel/engines/duckdb.ts";
import { quoteText } from "../../../kernel/engines/engine.ts";

/* Reads a whole table as Arrow batches, or as the chunks they are made of: batches|chunks SCRATCH PARQUET */

const [how, scratch = "", parquet = ""] = process.argv.slice(2);
const sql = `select * from read_parquet(${quoteText(parquet)}, hive_partitioning = false)`;
const began = how === "batches" ? await batches() : await chunks();
process.stdout.write(
  JSON.stringify({
    duration_seconds: (performance.now() - began.at) / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: `first after ${began.first.toFixed(0)} ms`,
  }),
);

/** When it began, and milliseconds until the first rows. */
interface Read {
  readonly at: number;
  readonly first: number;
}

async function batches(): Promise<Read> {
  const connection = await duckdb.open({ spillDirectory: join(scratch, "spill") });
  // A kernel that is warm has this loaded.
  for await (const _ of connection.stream("select 1").messages);
  const at = performance.now();
  let first = 0;
  let messages = 0;
  for await (const _ of connection.stream(sql).messages) {
    // The first message is the schema, the second holds rows.
    if (++messages === 2) first = performance.now() - at;
  }
  connection.close();
  return { at, first };
}

async function chunks(): Promise<Read> {
  const database = await DuckDBInstance.create(":memory:", { temp_directory: join(scratch, "spill") });
  const connection = await database.connect();
  const at = performance.now();
  const result = await connection.stream(sql);
  let first = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    if (first === 0) first = performance.now() - at;
  }
  connection.closeSync();
  return { at, first };
}
