import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../../kernel/engines/duckdb.ts";
import { quoteText } from "../../../kernel/engines/engine.ts";
import { Tables } from "../../../kernel/query/tables.ts";

/* Looks at a large table as the page does, or by the bare query: tables|bare SCRATCH PARQUET jump|sort|rsid|stop */

const PAGE_ROWS = 100;
const JUMPS = 20;
/** A look that is stopped has begun to read. */
const BEFORE_STOP_MS = 100;
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

const looks: Readonly<Record<string, (jump: number) => Promise<number>>> = {
  jump: (jump) => timed(() => page(Math.floor(((jump * STRIDE) % 1) * (rows - PAGE_ROWS)))),
  sort: () => timed(sorted),
  rsid: (jump) => timed(() => find(rsidAt(jump))),
  stop: () => stopped(),
};
const look = looks[what ?? ""];
if (look === undefined) throw new Error(`no such look: ${what ?? ""}`);
const rsids = what === "rsid" ? await someRsids() : [];
if (what === "rsid" && how === "tables") await tables.index(path, signal, () => {});
const times: number[] = [];
for (let jump = 1; jump <= (what === "sort" ? 1 : JUMPS); jump++) times.push(await look(jump));
connection.close();
times.sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({
    duration_seconds: (times[Math.floor(times.length / 2)] ?? 0) / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: times.length > 1 ? `slowest ${(times.at(-1) ?? 0).toFixed(0)} ms` : "",
  }),
);

/** Milliseconds that something takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** rsIDs of rows from all over the table. */
async function someRsids(): Promise<string[]> {
  const places = Array.from({ length: JUMPS }, (_, at) => Math.floor((at / JUMPS) * rows));
  const source = `read_parquet(${quoteText(path)}, file_row_number = true, hive_partitioning = false)`;
  const found = await connection.rows<{ rsid: string }>(
    `select rsid from ${source} where file_row_number in (${places.join(", ")})`,
  );
  return found.map(({ rsid }) => rsid);
}

function rsidAt(jump: number): string {
  return rsids[jump % rsids.length] ?? "";
}

async function find(rsid: string): Promise<void> {
  if (how === "tables") {
    const view = { filters: [{ column: "rsid", is: "equal", value: rsid }] } as const;
    await tables.rows({ path, view }, signal);
    await drained(tables.page({ path, view }, { offset: 0, limit: PAGE_ROWS }, signal));
    return;
  }
  const source = `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
  await drained(connection.stream(`select * from ${source} where rsid = $1`, [rsid]).messages);
}

/** Milliseconds from the signal to the end of a filter that looks through the whole table. */
async function stopped(): Promise<number> {
  const stop = new AbortController();
  const found =
    how === "tables"
      ? tables.column({ path, view: { search: "no such text" } }, "rsid", stop.signal)
      : connection.rows(
          `select count(*) from read_parquet(${quoteText(path)}) where contains(lower(rsid), 'no such text')`,
          [],
          stop.signal,
        );
  await new Promise((resolve) => setTimeout(resolve, BEFORE_STOP_MS));
  return timed(() => {
    stop.abort();
    return found.then(null, () => null);
  });
}

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
