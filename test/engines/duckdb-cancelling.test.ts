import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { folder, opened } from "./reading.ts";

/** From a signal to the end of what it stops: half a second is the aim, and what runs here would go on for minutes. */
const STOPPED_WITHIN_MS = 5_000;

describe("cancelling", () => {
  const endless = {
    "a cross join":
      "select count(*) from range(1000000000) a, range(1000000) b where (a.range * 7 + b.range) % 11 = 5",
    "a sort": "select * from range(400000000) t(i) order by hash(i), i % 7 limit 5 offset 300000000",
    "an aggregate": "select count(distinct hash(i)) from range(4000000000) t(i)",
    "a grouping":
      "select i % 1000003 as g, count(*), max(hash(i)) from range(8000000000) t(i) group by g order by 2 limit 1",
    "a window":
      "select max(r) from (select row_number() over (partition by i % 97 order by hash(i)) as r from range(300000000) t(i))",
    "a hash join":
      "select count(*) from range(300000000) a(i) join range(300000000) b(j) on hash(i) = hash(j)",
    "a recursion":
      "with recursive r as (select 1::hugeint as i union all select i + 1 from r where i < 1000000000) select max(i) from r",
    "text work":
      "select sum(length(regexp_replace(repeat(i::varchar, 200), '(1+)+', 'x', 'g'))) from range(1000000000) t(i)",
    "list work": "select sum(list_sum(list_transform(range(500), x -> x * i))) from range(100000000) t(i)",
    "making a table": "create table big as select hash(i) as h from range(4000000000) t(i)",
  } as const;

  test.each(Object.entries(endless))("stops %s in time", async (_name, sql) => {
    const connection = await opened(duckdb);
    await stopsInTime(connection, (signal) => connection.run(sql, [], signal));
    expect(await connection.rows("select 1 as a")).toEqual([{ a: 1 }]);
  });

  test("stops a sink in time", async () => {
    const connection = await opened(duckdb);
    const path = join(await folder(), "big.parquet");
    await stopsInTime(connection, (signal) =>
      connection.sink("select i, hash(i) as h from range(4000000000) t(i)", path, { signal }),
    );
  });

  test("stops reading text in time", async () => {
    const connection = await opened(duckdb);
    const path = join(await folder(), "big.csv");
    await writeFile(path, "a,b,c\n" + "1,text of some length,2.5\n".repeat(400_000));
    const list = Array.from({ length: 200 }, () => `'${path}'`).join(", ");
    await stopsInTime(connection, (signal) =>
      connection.run(`select count(distinct hash(columns(*))) from read_csv([${list}])`, [], signal),
    );
  });

  test("stops a stream in time, whether its rows have begun to come or not", async () => {
    const connection = await opened(duckdb);
    for (const sql of ["select i from range(100000000000) t(i)", endless["an aggregate"]]) {
      await stopsInTime(connection, async (signal) => {
        for await (const message of connection.stream(sql, [], signal).messages)
          expect(message.length).toBeGreaterThan(0);
      });
    }
  });

  test("leaving a stream in the middle of a long search ends the search", async () => {
    const connection = await opened(duckdb);
    const messages = connection.stream(endless["a cross join"]).messages[Symbol.asyncIterator]();
    const waiting = messages.next();
    const started = performance.now();
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ info: { code: "cancelled" } }),
      messages.return?.(),
    ]);
    expect(performance.now() - started).toBeLessThan(STOPPED_WITHIN_MS);
  });

  test("a statement that waits for another is stopped without touching it", async () => {
    const connection = await opened(duckdb);
    const abort = new AbortController();
    const first = connection.rows("select count(*) as n from range(200000000) t(i) where hash(i) % 2 = 3");
    const second = connection.rows("select 1 as a", [], abort.signal);
    abort.abort();
    await expect(second).rejects.toMatchObject({ info: { code: "cancelled" } });
    expect(await first).toEqual([{ n: 0 }]);
  });

  test("the statements after one that was stopped do not run", async () => {
    const connection = await opened(duckdb);
    await connection.run("create table t as select 1 as a");
    await stopsInTime(connection, (signal) =>
      connection.run(`${endless["a cross join"]}; insert into t values (2)`, [], signal),
    );
    expect(await connection.rows("select a from t")).toEqual([{ a: 1 }]);
  });

  test("closing stops what runs", async () => {
    const connection = await opened(duckdb);
    const running = connection.run(endless["a cross join"]);
    connection.close();
    await expect(running).rejects.toMatchObject({ info: { code: "cancelled" } });
  });
});

async function stopsInTime(
  connection: Connection,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const abort = new AbortController();
  const running = work(abort.signal);
  // A statement on a connection beside it takes its turn on the same threads: by its end the other has begun.
  const beside = await connection.connect();
  await beside.rows("select count(*) as n from range(3000000) t(i) where hash(i) % 2 = 0");
  beside.close();
  const fired = performance.now();
  abort.abort();
  await expect(running).rejects.toMatchObject({ info: { code: "cancelled" } });
  expect(performance.now() - fired).toBeLessThan(STOPPED_WITHIN_MS);
}
