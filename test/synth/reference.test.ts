import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { ENSEMBL_COLUMNS } from "../../kernel/reference/columns.ts";
import { synthesiseReference } from "../../kernel/synth/reference.ts";

let root: string;
let connection: Connection;
const context = { signal: new AbortController().signal, progress: () => {} };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "karyon-reference-"));
  connection = await duckdb.open({ spillDirectory: join(root, "spill") });
});
afterAll(async () => {
  connection.close();
  await rm(root, { recursive: true, force: true });
});

async function number(sql: string): Promise<number> {
  const [row] = await connection.rows<{ n: number }>(sql);
  return row?.n ?? Number.NaN;
}

test("a reference has 25 sorted shards, the dataset's columns, and as many rows as asked for", async () => {
  const out = join(root, "plain");
  const made = await synthesiseReference({ records: 5000, seed: 1, out, genome: null }, connection, context);
  expect(made).toMatchObject({ shards: 25, records: 5000, shared: 0 });
  expect(await readdir(out)).toHaveLength(25);
  const shards = `read_parquet(${quoteText(join(out, "*.parquet"))}, filename = true, file_row_number = true)`;
  const described = await connection.rows<{ column_name: string; column_type: string }>(
    `describe from read_parquet(${quoteText(join(out, "*.parquet"))})`,
  );
  expect(described.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }))).toEqual(
    ENSEMBL_COLUMNS,
  );
  expect(await number(`select count(*) as n from ${shards}`)).toBe(5000);
  const unsorted = `select start < lag(start) over (partition by filename order by file_row_number) as back from ${shards}`;
  expect(await number(`select count(*) as n from (${unsorted}) where back`)).toBe(0);
  expect(await number(`select count(*) as n from ${shards} where contains(alt, '|')`)).toBeGreaterThan(50);
  const twice = `select chrom, start, ref, alt from ${shards} group by all having count(*) > 1`;
  expect(await number(`select count(*) as n from (${twice})`)).toBeGreaterThan(5);
});

test("the same request gives the same rows, another seed others", async () => {
  const rowsOf = async (seed: number, name: string): Promise<unknown[]> => {
    const out = join(root, name);
    await synthesiseReference({ records: 1000, seed, out, genome: null }, connection, context);
    return connection.rows(`from read_parquet(${quoteText(join(out, "homo_sapiens-chr1.parquet"))})`);
  };
  const [first, again, other] = [await rowsOf(3, "a"), await rowsOf(3, "b"), await rowsOf(4, "c")];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("most variants of a genome are in it, some of them spelled otherwise", async () => {
  const genome = join(root, "genome.parquet");
  await connection.sink(
    `select '1' as chrom, (20000 + 100 * range)::uinteger as start, 'A' as ref,
       case when range % 4 = 0 then 'AT' when range % 4 = 1 then 'G|T' else 'C' end as alt from range(1000)`,
    genome,
  );
  const out = join(root, "shared");
  const made = await synthesiseReference({ records: 2000, seed: 1, out, genome }, connection, context);
  expect(made.shared).toBeGreaterThan(850);
  const shard = `read_parquet(${quoteText(join(out, "homo_sapiens-chr1.parquet"))})`;
  const known = `(select start, ref, alt from read_parquet(${quoteText(genome)}))`;
  const same = `select distinct start, ref, alt from ${shard} where (start, ref, alt) in ${known}`;
  const found = await number(`select count(*) as n from (${same})`);
  expect(found).toBeGreaterThan(650);
  expect(found).toBeLessThan(900);
});
