import { join } from "node:path";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { page } from "../../kernel/engines/page.ts";
import { tableFacts } from "../../kernel/engines/table-facts.ts";
import { folder, opened, tableOf } from "./reading.ts";

const TABLE = `select i, 'rs' || i as rsid, case when i % 4 > 0 then i / 2 end as half, i - 50 as low,
  case when i % 2 = 0 then [i] end as list, date '2024-01-01' + (i % 31)::integer as day, null::integer as nothing,
  repeat('é', 100) || (i % 3) as long`;

test.each([
  ["read through", 1000],
  ["by its footer alone", 300_000],
])("the facts of a table, %s", async (_how, rows) => {
  const path = join(await folder(), "it's a table.parquet");
  const connection = await opened(duckdb);
  await connection.sink(`${TABLE} from range(${rows}) t(i)`, path, { rowGroupRows: 20_480 });
  const facts = await tableFacts(connection, path);
  const isSmall = rows === 1000;
  expect(facts.rows).toBe(rows);
  const [i, rsid, half, low, list, day, nothing, long] = facts.columns;
  expect(i).toMatchObject({ name: "i", type: "BIGINT", nulls: 0, min: "0", max: String(rows - 1) });
  expect(rsid).toMatchObject({ type: "VARCHAR", min: "rs0", max: isSmall ? "rs999" : "rs99999" });
  expect(half).toMatchObject({ type: "DOUBLE", nulls: rows / 4, min: "0.5", max: String((rows - 1) / 2) });
  expect(low).toMatchObject({ min: "-50", max: String(rows - 51) });
  expect(list).toEqual({
    name: "list",
    type: "BIGINT[]",
    nulls: isSmall ? 500 : null,
    min: null,
    max: null,
    approxDistinct: null,
  });
  expect(day).toMatchObject({ type: "DATE", min: "2024-01-01", max: "2024-01-31" });
  expect(nothing).toMatchObject({ nulls: rows, min: null, max: null });
  if (isSmall) expect(long?.min).toBe("é".repeat(60));
  expect(i?.approxDistinct === null).toBe(!isSmall);
  if (isSmall) expect(Number(i?.approxDistinct)).toBeGreaterThan(850);
  if (isSmall) expect(Number(i?.approxDistinct)).toBeLessThanOrEqual(1000);
});

test("an empty table has its columns", async () => {
  const path = join(await folder(), "empty.parquet");
  const connection = await opened(duckdb);
  await connection.sink("select 1 as a, 'x' as b where false", path);
  expect(await tableFacts(connection, path)).toEqual({
    rows: 0,
    columns: [
      { name: "a", type: "INTEGER", nulls: 0, min: null, max: null, approxDistinct: 0 },
      { name: "b", type: "VARCHAR", nulls: 0, min: null, max: null, approxDistinct: 0 },
    ],
  });
});

test("a page holds the rows of its range, in the order of the file", async () => {
  const path = join(await folder(), "pages.parquet");
  const connection = await opened(duckdb);
  await connection.sink("select 99999 - i as n, 'x' || i as \"a b\" from range(100000) t(i)", path, {
    rowGroupRows: 8192,
  });
  const first = await tableOf(page(connection, path, { offset: 0, limit: 3 }));
  expect([...(first.getChild("n") ?? [])]).toEqual([99_999n, 99_998n, 99_997n]);
  expect([...(first.getChild("a b") ?? [])]).toEqual(["x0", "x1", "x2"]);
  const across = await tableOf(page(connection, path, { offset: 8190, limit: 5000, columns: ["a b"] }));
  expect([across.schema.names, across.numRows]).toEqual([["a b"], 5000]);
  expect([across.getChild("a b")?.get(0), across.getChild("a b")?.get(4999)]).toEqual(["x8190", "x13189"]);
  const last = await tableOf(page(connection, path, { offset: 99_998, limit: 100 }));
  expect(last.numRows).toBe(2);
  expect((await tableOf(page(connection, path, { offset: 200_000, limit: 10 }))).numRows).toBe(0);
});
