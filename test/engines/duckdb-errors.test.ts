import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { page } from "../../kernel/engines/page.ts";
import { errorOf, folder, messagesOf, opened } from "./reading.ts";

describe("errors", () => {
  const places = [
    ["select * from nowhere", { line: 1, column: 15, length: 7 }],
    ["select\n  1,\n  nothing(2) as n", { line: 3, column: 3, length: 7 }],
    ["selct 1", { line: 1, column: 1, length: 5 }],
    [`select ${"1 as a_rather_long_name, ".repeat(10)} nothing(1)`, { line: 1, column: 259, length: 7 }],
    ["select 1;\nselct 2", { line: 2, column: 1, length: 5 }],
  ] as const;

  test.each(places)("the place of the error in %j is told", async (sql, span) => {
    const connection = await opened(duckdb);
    const info = await errorOf(connection.rows(sql));
    expect(info?.span).toEqual(span);
    expect(info?.message).toMatch(/^(?:Catalog|Parser|Binder) Error: /);
  });

  test("no place is told where DuckDB counts from the wrong start", async () => {
    const connection = await opened(duckdb);
    const info = await errorOf(connection.rows("select 1;\nselect nothing from range(3)"));
    expect([info?.message, info?.span]).toEqual(["no column nothing", undefined]);
  });

  test("a column that is named as the number of a row is refused in words", async () => {
    const connection = await opened(duckdb);
    const path = join(await folder(), "t.parquet");
    await connection.sink("select 1 as file_row_number", path);
    const info = await errorOf(messagesOf(page(connection, path, { offset: 0, limit: 1 })));
    expect(info?.message).toBe("a table with a column named file_row_number cannot be looked at");
  });

  test.each([
    ["select GTQ from t", "no column GTQ", "Columns with a name like it: GT."],
    ["select t.GTQ from t", "no column GTQ", "Columns with a name like it: GT"],
    ["select * exclude (DP) from t", "no column DP", "No column has a name like it."],
    ["select * from t join t u using (DP)", "no column DP", "No column has a name like it."],
    ["select AD[2] / AD[1] from t", "/ does not take (VARCHAR, VARCHAR)", "try_cast(… as integer)"],
    ["select avg(GT) from t", "avg does not take (VARCHAR)", "try_cast(… as integer)"],
  ])("%s is refused in words", async (sql, message, hint) => {
    const connection = await opened(duckdb);
    await connection.run("create temp table t as select '0/1' as GT, '14,16' as AD");
    const info = await errorOf(connection.rows(sql));
    expect(info?.message).toBe(message);
    expect(info?.hint).toContain(hint);
    expect(info?.detail).toMatch(/^Binder Error: /);
  });

  test("a query that fails after its first rows fails the stream, with the true reason", async () => {
    const connection = await opened(duckdb);
    const sql =
      "select case when i = $1 then error('row ' || i) else i::varchar end as x from range(300000) t(i)";
    let rows = 0;
    const info = await errorOf(
      (async () => {
        for await (const message of connection.stream(sql, [200_000]).messages)
          rows += message.length > 1000 ? 1 : 0;
      })(),
    );
    expect(rows).toBeGreaterThan(1);
    expect(info).toMatchObject({ code: "engine", message: "Invalid Input Error: row 200000" });
  });

  test("so does one of several statements, without the reason", async () => {
    const connection = await opened(duckdb);
    const sql =
      "select 1; select case when i = 200000 then error('x') else i::varchar end as x from range(300000) t(i)";
    expect(await errorOf(messagesOf(connection.stream(sql)))).toMatchObject({
      code: "engine",
      message: "the query failed after its first rows",
    });
  });
});
