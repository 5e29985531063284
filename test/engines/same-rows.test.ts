import { join } from "node:path";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { engines } from "../../kernel/engines/index.ts";
import { polars } from "../../kernel/engines/polars.ts";
import { folder, opened, tableOf } from "./reading.ts";
import { variants } from "./variants.ts";

/** Queries in the SQL that both engines speak; sums are cast, for Polars sums an INTEGER in 32 bits. */
const SHARED = [
  "select * from v",
  'select chrom, "ref", count(*) as n, sum(cast(start as bigint)) as s, avg(qual) as q from v group by chrom, "ref"',
  "select a.start, a.rsid, b.qual from v a join v b on a.start = b.start and a.chrom = b.chrom where a.even",
  "select a.start, b.rsid as other from v a left join (select * from v where rsid is not null) b on a.start = b.start",
  "select distinct chrom, seen from v where qual > 100",
  "select start, coalesce(rsid, 'none') as name, case when even then 'e' else 'o' end as parity from v where rsid like 'rs1%'",
  "select rsid, qual from v where qual is null or rsid is null",
];

test.each(SHARED)("all engines give the same rows: %s", async (sql) => {
  const path = await variants();
  const directory = await folder();
  const results: string[][] = [];
  for (const engine of engines) {
    const connection = await opened(engine);
    await connection.register("v", path);
    const sunk = join(directory, `${engine.name}.parquet`);
    await connection.sink(sql, sunk);
    const streamed = await tableOf(connection.stream(sql));
    const rows = await connection.rows(sql);
    expect(streamed.numRows).toBe(rows.length);
    results.push(asSet(rows));
    const reader = await opened(duckdb);
    await reader.register("sunk", sunk);
    results.push(asSet(await reader.rows("from sunk")));
  }
  for (const result of results) expect(result).toEqual(results[0]);
});

test.each([
  ["MAP", "map {'a': 1}"],
  ["MAP", "[{'inner': map {'a': 1}}]"],
  ["INTERVAL", "interval 1 hour"],
])("a table with a column of %s, as of %s, is refused by Polars in words", async (type, value) => {
  const path = join(await folder(), "odd.parquet");
  const writer = await opened(duckdb);
  await writer.sink(`select 1 as n, ${value} as odd`, path);
  const connection = await opened(polars);
  await expect(connection.register("t", path)).rejects.toMatchObject({
    info: { message: expect.stringMatching(new RegExp(`^polars does not read ${type}: column \\w+ of t$`)) },
  });
});

function asSet(rows: readonly unknown[]): string[] {
  return rows
    .map((row) => JSON.stringify(row, (_, one: unknown) => (typeof one === "bigint" ? `${one}n` : one)))
    .toSorted();
}
