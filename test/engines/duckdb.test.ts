import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { folder, messagesOf, opened, tableOf } from "./reading.ts";

/** Longest time from a signal to the end of what it stops. */
const STOPPED_WITHIN_MS = 500;
/** Takes more memory than the tests of spilling give. */
const SORT =
  "select max(r) as n from (select row_number() over (order by hash(i)) as r from range(12000000) t(i))";

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

describe("limits", () => {
  test("what was asked for is set", async () => {
    const connection = await opened(duckdb, { memoryBytes: 300_000_000, threads: 1, preserveOrder: false });
    const settings = await connection.rows<{ name: string; value: string }>(
      "select name, value from duckdb_settings() where name in ('memory_limit', 'threads', 'preserve_insertion_order')",
    );
    expect(Object.fromEntries(settings.map(({ name, value }) => [name, value]))).toEqual({
      memory_limit: "286.1 MiB",
      threads: "1",
      preserve_insertion_order: "false",
    });
  });

  test("what does not fit into memory spills to a private folder, which goes when the connection does", async () => {
    const parent = join(await folder(), "spill");
    const connection = await duckdb.open({ spillDirectory: parent, memoryBytes: 150 * 2 ** 20, threads: 2 });
    const [name = ""] = await readdir(parent);
    expect((await stat(join(parent, name))).mode & 0o777).toBe(0o700);
    const sorting = connection.rows(SORT);
    let files = 0;
    const rest = new AbortController();
    const ended = sorting.finally(() => rest.abort());
    while (!rest.signal.aborted) files = Math.max(files, (await readdir(join(parent, name))).length);
    await ended;
    expect(await sorting).toEqual([{ n: 12_000_000 }]);
    expect(files).toBeGreaterThan(0);
    connection.close();
    await expect.poll(() => readdir(parent)).toEqual([]);
  });

  test("folders of processes that are gone are swept, those of others are left", async () => {
    const parent = join(await folder(), "spill");
    await mkdir(join(parent, "duckdb-999999999-gone"), { recursive: true });
    await mkdir(join(parent, `duckdb-${process.ppid}-alive`));
    await mkdir(join(parent, "something else"));
    await opened(duckdb, { spillDirectory: parent });
    const names = await readdir(parent);
    expect(names).toEqual(expect.arrayContaining([`duckdb-${process.ppid}-alive`, "something else"]));
    expect(names).not.toContain("duckdb-999999999-gone");
  });
});

describe("SQL that is not trusted", () => {
  test("reads and writes what it was given", async () => {
    const { connection, inside, outside } = await restricted();
    expect(await connection.rows(`from '${inside}/a.csv'`)).toEqual([{ a: 1 }]);
    expect(await connection.rows(`from '${outside}/single.csv'`)).toEqual([{ a: 2 }]);
    await connection.sink("select 5 as a", join(inside, "b.parquet"));
    await connection.register("b", join(inside, "b.parquet"));
    expect(await connection.rows("from b")).toEqual([{ a: 5 }]);
  });

  test("spills like any other", async () => {
    const root = await folder();
    const connection = await opened(duckdb, { memoryBytes: 150 * 2 ** 20, allowedDirectories: [root] });
    expect(await connection.rows(SORT)).toEqual([{ n: 12_000_000 }]);
  });

  const attempts = [
    "from read_csv('OUTSIDE/secret.csv')",
    "from read_csv('INSIDE/../secret.csv')",
    "from read_csv('OUTSIDE/inside-secret/a.csv')",
    "from read_csv('INSIDE/link.csv')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from '/etc/passwd'",
    "from glob('/**')",
    "from glob('OUTSIDE/*')",
    "from read_parquet('https://example.org/a.parquet')",
    "copy (select 1) to 'OUTSIDE/x.csv'",
    "copy (select 1) to 'OUTSIDE/x.parquet' (format parquet)",
    "export database 'OUTSIDE/all'",
    "attach 'OUTSIDE/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "load '/tmp/any.duckdb_extension'",
    "select getenv('HOME')",
    "set enable_external_access = true",
    "set allowed_directories = ['/']",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '100GB'",
    "set temp_directory = '/tmp'",
    "pragma threads = 64",
    "create secret (type s3, key_id 'a', secret 'b')",
  ];

  test.each(attempts)("is refused: %s", async (attempt) => {
    const { connection, inside, outside } = await restricted();
    const sql = attempt.replaceAll("INSIDE", inside).replaceAll("OUTSIDE", outside);
    expect(await errorOf(connection.rows(sql))).toMatchObject({ code: "engine" });
    expect(await errorOf(messagesOf(connection.stream(sql)))).toMatchObject({ code: "engine" });
    expect(await errorOf((await connection.connect()).rows(sql))).toMatchObject({ code: "engine" });
  });

  test("a file that is there and one that is not are refused with the same words", async () => {
    const { connection, outside } = await restricted();
    const there = await errorOf(connection.rows(`from read_csv('${outside}/secret.csv')`));
    const missing = await errorOf(connection.rows(`from read_csv('${outside}/nothere.csv')`));
    expect(missing?.message.replace("nothere", "secret")).toBe(there?.message);
  });
});

async function errorOf(work: Promise<unknown>): Promise<WorkspaceError["info"] | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as WorkspaceError).info,
  );
}

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

async function restricted(): Promise<{ connection: Connection; inside: string; outside: string }> {
  const root = await folder();
  const inside = join(root, "inside");
  await mkdir(inside);
  await writeFile(join(inside, "a.csv"), "a\n1\n");
  await writeFile(join(root, "single.csv"), "a\n2\n");
  await writeFile(join(root, "secret.csv"), "a\n3\n");
  await mkdir(join(root, "inside-secret"));
  await writeFile(join(root, "inside-secret", "a.csv"), "a\n4\n");
  await symlink(join(root, "secret.csv"), join(inside, "link.csv"));
  const connection = await opened(duckdb, {
    allowedDirectories: [inside],
    allowedPaths: [join(root, "single.csv")],
  });
  return { connection, inside, outside: root };
}

test("joins stay as they are written until the last of several sinks with steps has ended", async () => {
  const [connection, path] = [await opened(duckdb), await folder()];
  const [long, short] = [await connection.connect(), await connection.connect()];
  const setting = async (): Promise<unknown> =>
    connection.rows("select current_setting('disabled_optimizers') as disabled");
  const stop = new AbortController();
  const endless = long.sink("select count(*) from much a, much b where a.i * b.i = 7", join(path, "long"), {
    steps: [{ name: "much", sql: "select i from range(1000000) t(i)" }],
    signal: stop.signal,
  });
  const isStopped = expect(endless).rejects.toThrow("stopped");
  const few = { steps: [{ name: "few", sql: "select 1 as i" }] };
  await short.sink("select i from few", join(path, "short"), few);
  const words: unknown = expect.stringContaining("join_order,build_side_probe_side");
  expect(await setting()).toEqual([{ disabled: words }]);
  stop.abort();
  await isStopped;
  expect(await setting()).toEqual([{ disabled: "" }]);
  await expect(short.sink("delete from few", join(path, "none"), few)).rejects.toThrow(/syntax error/);
  expect(await setting()).toEqual([{ disabled: "" }]);
  long.close();
  short.close();
});
