import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../../kernel/engines/duckdb.ts";
import { quoteText } from "../../../kernel/engines/engine.ts";
import { Tables } from "../../../kernel/query/tables.ts";

/* Looks at a large table as the page does, or by the bare query: tables|bare SCRATCH PARQUET jump|sort */

const PAGE_ROWS = 100;
const JUMPS = 20;
/** Same jumps in every run. */
const STRIDE = 0.618_033_988_749_895;

const [how, scratch = "", path = "", what] = process.argv.slice(2);
const { signal } = new AbortController();
await mkdir(join(scratch, "views"), { recursive: true });
const connection = await duckdb.open({ spillDirectory: join(scratch, "spill") });
const tables = new Tables(connection, join(scratch, "views"));
const rows = (await tables.rows({ path }, signal)) ?? 0;
// What a kernel that is warm has loaded.
await page(0);

const times: number[] = [];
for (let jump = 1; jump <= (what === "jump" ? JUMPS : 1); jump++) {
  const began = performance.now();
  await (what === "jump" ? page(Math.floor(((jump * STRIDE) % 1) * (rows - PAGE_ROWS))) : sorted());
  times.push(performance.now() - began);
}
connection.close();
times.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({
    duration_seconds: (times[Math.floor(times.length / 2)] ?? 0) / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: what === "jump" ? `slowest ${(times.at(-1) ?? 0).toFixed(0)} ms` : "",
  }),
);

async function page(offset: number): Promise<void> {
  if (how === "tables") {
    await drained(tables.page({ path }, { offset, limit: PAGE_ROWS }, signal));
    return;
  }
  const source = `read_parquet(${quoteText(path)}, file_row_number = true, hive_partitioning = false)`;
  const range = `file_row_number >= ${offset} and file_row_number < ${offset + PAGE_ROWS}`;
  await drained(
    connection.stream(`select * exclude (file_row_number) from ${source} where ${range}`).messages,
  );
}

async function sorted(): Promise<void> {
  if (how === "tables") {
    const view = { sort: [{ column: "qual", descending: true }] };
    await drained(tables.page({ path, view }, { offset: 0, limit: PAGE_ROWS }, signal));
    return;
  }
  const source = `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
  await drained(connection.stream(`select * from ${source} order by qual desc limit ${PAGE_ROWS}`).messages);
}

async function drained(messages: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of messages);
}
