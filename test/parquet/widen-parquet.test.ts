import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { polars } from "../../kernel/engines/polars.ts";
import { ParquetConcatenation } from "../../kernel/parquet/concatenate-parquet.ts";
import { widenParquet } from "../../kernel/parquet/widen-parquet.ts";

/** Every kind of column: dictionary and plain, lists, nulls, statistics of texts. */
const OWN = `select i::integer as n, 'chr' || (i % 3) as chrom, case when i % 5 > 0 then [i, null, i + 1] end as list,
  md5(i::varchar) as long, i % 2 = 0 as flag, {a: i, b: [i]} as nested`;
const ADDED = `select (i * 2)::uinteger as twice, case when i % 7 > 0 then 'rs' || i end as id, i / 3 as third`;

let folder: string;
let connection: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "karyon-widen-"));
  connection = await duckdb.open({ spillDirectory: join(folder, "spill"), threads: 1 });
});
afterAll(async () => {
  connection.close();
  await rm(folder, { recursive: true, force: true });
});

/** Rows `from` … `end - 1` of a query in a file. */
async function write(query: string, from: number, end: number, name: string): Promise<string> {
  const path = join(folder, name);
  await connection.sink(`${query} from range(${from}, ${end}) t(i)`, path, { rowGroupRows: 2048 });
  return path;
}

async function text(path: string, where = ""): Promise<string> {
  return JSON.stringify(await connection.rows(`from read_parquet('${path}') ${where}`));
}

test("columns of other files stand behind a file's own, row for row", async () => {
  const own = await write(OWN, 0, 5000, "own.parquet");
  const added = [await write(ADDED, 0, 4096, "one.parquet"), await write(ADDED, 4096, 5000, "two.parquet")];
  const wide = join(folder, "wide.parquet");
  await widenParquet(own, added, wide);
  const whole = await write(`${OWN}, ${ADDED.slice("select ".length)}`, 0, 5000, "whole.parquet");
  expect(await text(wide)).toBe(await text(whole));
  // By the statistics of the row groups, of both files.
  for (const where of ["where n = 4100", "where twice between 9000 and 9010", "where id = 'rs4999'"]) {
    expect(await text(wide, where)).toBe(await text(whole, where));
    expect(await text(wide, where)).not.toBe("[]");
  }
  expect(await text(wide, "where chrom = 'chr9'")).toBe("[]");
  const { size } = await stat(wide);
  const parts = await Promise.all([own, ...added].map(async (path) => (await stat(path)).size));
  expect(size).toBeLessThanOrEqual(parts.reduce((sum, bytes) => sum + bytes, 0));
});

test("files to add that hold a column in another type are refused", async () => {
  const own = await write(OWN, 0, 4096, "own-types.parquet");
  const added = [
    await write("select i::integer as score", 0, 2048, "integer.parquet"),
    await write("select i::float as score", 2048, 4096, "float.parquet"),
  ];
  await expect(widenParquet(own, added, join(folder, "wide-types.parquet"))).rejects.toThrow(
    /another schema: .*float\.parquet/,
  );
});

test("columns that another engine wrote, and a file of several parts", async () => {
  const parts = [await write(OWN, 0, 2048, "a.parquet"), await write(OWN, 2048, 2100, "b.parquet")];
  const own = join(folder, "both.parquet");
  const both = await ParquetConcatenation.open(own);
  for (const part of parts) await both.add(part);
  await both.finish();
  await both.close();
  const other = await polars.open({ spillDirectory: join(folder, "spill") });
  const added = [];
  for (const [index, [from, end]] of [[0, 2048] as const, [2048, 2100] as const].entries()) {
    const source = await write(ADDED, from, end, `source-${index}.parquet`);
    await other.register("source", source);
    added.push(join(folder, `polars-${index}.parquet`));
    await other.sink("select * from source", added.at(-1) ?? "");
  }
  other.close();
  const wide = join(folder, "wide-polars.parquet");
  await widenParquet(own, added, wide);
  const whole = await write(`${OWN}, ${ADDED.slice("select ".length)}`, 0, 2100, "whole-polars.parquet");
  expect(await text(wide)).toBe(await text(whole));
  await other.register("wide", wide);
  expect(await other.rows("select count(*) as n, sum(twice) as sum from wide where id is not null")).toEqual(
    await connection.rows(
      `select count(*) as n, sum(twice) as sum from read_parquet('${whole}') where id is not null`,
    ),
  );
});

test("a file without rows gets the columns", async () => {
  const wide = join(folder, "empty-wide.parquet");
  await widenParquet(
    await write(OWN, 0, 0, "empty.parquet"),
    [await write(ADDED, 0, 0, "empty-added.parquet")],
    wide,
  );
  const described = await connection.rows<{ column_name: string }>(`describe from read_parquet('${wide}')`);
  expect(described.map(({ column_name }) => column_name).join()).toBe(
    "n,chrom,list,long,flag,nested,twice,id,third",
  );
  expect(await text(wide)).toBe("[]");
});

test.each([
  { name: "fewer row groups", from: 0, end: 2048, message: "1 row groups to add to 2" },
  { name: "other rows", from: 0, end: 3000, message: "952 rows to add to 1952" },
])("$name are refused", async ({ from, end, message }) => {
  const own = await write(OWN, 0, 4000, "own-4000.parquet");
  const added = await write(ADDED, from, end, `added-${end}.parquet`);
  await expect(widenParquet(own, [added], join(folder, "never.parquet"))).rejects.toThrow(message);
});
