import { tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { errorOf, messagesOf, opened, tableOf } from "./reading.ts";

describe("values", () => {
  test("whole numbers are numbers where that is exact, else bigints", async () => {
    const connection = await opened(duckdb);
    const [row] = await connection.rows(
      "select 9007199254740991 as a, 9007199254740992 as b, sum(i) as c, [9007199254740993, 1] as d, {'e': 2::bigint} as e from range(4) t(i)",
    );
    expect(row).toEqual({
      a: 9007199254740991,
      b: 9007199254740992n,
      c: 6,
      d: [9007199254740993n, 1],
      e: { e: 2 },
    });
  });

  test("numbers are bound with the type they have", async () => {
    const connection = await opened(duckdb);
    const [row] = await connection.rows(
      "select typeof($1) as a, typeof($2) as b, typeof($3) as c, typeof($4) as d, typeof($5) as e, typeof($6) as f",
      [1, 2 ** 31, 0.5, 3n, 2n ** 64n, []],
    );
    expect(row).toEqual({
      a: "INTEGER",
      b: "BIGINT",
      c: "DOUBLE",
      d: "BIGINT",
      e: "HUGEINT",
      f: "VARCHAR[]",
    });
  });

  test("parameters belong to whichever statement names them", async () => {
    const connection = await opened(duckdb);
    await connection.run("create table t as select $1 as a; insert into t values ($1 + 1), ($2)", [1, 9]);
    expect(await connection.rows("select a from t order by a")).toEqual([{ a: 1 }, { a: 2 }, { a: 9 }]);
  });

  test("texts that repeat have one dictionary that grows with the stream; others have none", async () => {
    const connection = await opened(duckdb);
    const table = await tableOf(
      connection.stream("select 'gene ' || (i // 500) as gene, 'rs' || i as rsid from range(100000) t(i)"),
    );
    expect(table.schema.fields.map((field) => String(field.type))).toEqual([
      "Dictionary<Int32, Utf8>",
      "Utf8",
    ]);
    expect(table.getChild("gene")?.get(99_999)).toBe("gene 199");
    expect(table.getChild("gene")?.get(500)).toBe("gene 1");
  });

  test("a column that only looks repetitive at first outgrows its dictionary and stays right", async () => {
    const connection = await opened(duckdb);
    const sql =
      "select case when i < 3000 then '.' else 'INFO of record number ' || i end as info from range(200000) t(i)";
    const messages = await messagesOf(connection.stream(sql));
    const column = tableFromIPC(messages).getChild("info");
    expect([0, 2999, 3000, 70_000, 140_000, 199_999].map((i) => String(column?.get(i)))).toEqual([
      ".",
      ".",
      ...[3000, 70_000, 140_000, 199_999].map((i) => `INFO of record number ${i}`),
    ]);
  });

  test("texts of a dictionary that differ by little are told apart, in any order", async () => {
    const connection = await opened(duckdb);
    // Few texts in the first batch, so that there is a dictionary; then some of one word, of three, and long ones.
    await connection.run(
      `create table t as select i, hash(i) as shuffled, case
         when i < 2000 then 'A'
         when i % 7 = 0 then null
         when i % 7 = 1 then chr(65 + (i % 26)::int) || repeat(chr(0), (i % 5)::int)
         when i % 7 = 2 then (i % 3000)::varchar
         when i % 7 = 3 then 'twelve b ' || lpad((i % 900)::varchar, 3, '0')
         when i % 7 = 4 then 'thirteen b ' || lpad((i % 90)::varchar, 2, '0')
         when i % 7 = 5 then 'long, alike ' || (i % 500) || ' at both of its ends'
         else repeat('N', 10 + (i % 40)::int)
       end as v from range(40000) r(i)`,
    );
    for (const order of ["i", "i < 2000 desc, shuffled"]) {
      const column = (await tableOf(connection.stream(`select v from t order by ${order}`))).getChild("v");
      expect(String(column?.type)).toBe("Dictionary<Int32, Utf8>");
      const said = await connection.rows<{ v: string | null }>(`select v from t order by ${order}`);
      expect(Array.from(column ?? [])).toEqual(said.map(({ v }) => v));
    }
  });

  test("rows are given when they are found, not when a buffer is full", async () => {
    const connection = await opened(duckdb);
    const sql = "select i from range(1000000000000) a(i) where i < 3000 or i = 999999999999";
    const messages = connection.stream(sql).messages[Symbol.asyncIterator]();
    const schema = await messages.next();
    const batch = await messages.next();
    await messages.return?.();
    const rows = tableFromIPC([schema.value as Uint8Array, batch.value as Uint8Array]).numRows;
    expect(rows).toBe(2048);
  });

  test("long values make small batches", async () => {
    const connection = await opened(duckdb);
    const messages = await messagesOf(
      connection.stream(
        "select repeat(chr(65 + (i % 26)::int), 300000 + i::int) as long from range(100) t(i)",
      ),
    );
    expect(Math.max(...messages.map((message) => message.length))).toBeLessThan(8 << 20);
    const column = tableFromIPC(messages).getChild("long");
    expect(String(column?.get(99))).toBe("V".repeat(300_099));
  });

  test("an interval too long for nanoseconds is refused", async () => {
    const connection = await opened(duckdb);
    expect(
      await errorOf(messagesOf(connection.stream("select interval '3000000 hours' as i"))),
    ).toMatchObject({
      code: "engine",
      hint: "Cast it to VARCHAR.",
    });
  });

  test("time zones do not hang on the machine", async () => {
    const connection = await opened(duckdb);
    expect(await connection.rows("select '2024-07-01 12:00:00+00'::timestamptz::varchar as t")).toEqual([
      { t: "2024-07-01 12:00:00+00" },
    ]);
  });
});
