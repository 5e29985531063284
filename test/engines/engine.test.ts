import { existsSync } from "node:fs";
import { access, symlink } from "node:fs/promises";
import { join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection, Engine } from "../../kernel/engines/engine.ts";
import { engines } from "../../kernel/engines/index.ts";
import { folder, messagesOf, opened, tableOf } from "./reading.ts";
import { variants } from "./variants.ts";

describe.each(engines.map((engine) => [engine.name, engine] as const))("%s", (_name, engine) => {
  test("says its name and version", () => {
    expect(engine).toMatchObject({
      name: /^[a-z]+$/,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
    });
  });

  test("a registered file is read by its name, as rows", async () => {
    const connection = await registered(engine);
    const rows = await connection.rows(
      "select chrom, start, rsid, qual, genotype, big, even, seen from v where start < 80 order by start",
    );
    expect(rows).toEqual([
      {
        chrom: "chr1",
        start: 0,
        rsid: null,
        qual: null,
        genotype: [],
        big: 9007199254740993n,
        even: true,
        seen: new Date("2024-01-01"),
      },
      {
        chrom: "chr1",
        start: 37,
        rsid: "rs1",
        qual: 0.0625,
        genotype: null,
        big: 9007199254740994n,
        even: false,
        seen: new Date("2024-01-02"),
      },
      {
        chrom: "chr1",
        start: 74,
        rsid: "rs2",
        qual: 0.125,
        genotype: ["A", "G"],
        big: 9007199254740995n,
        even: true,
        seen: new Date("2024-01-03"),
      },
    ]);
  });

  test("steps of a sink are read by name, by later ones too, and are gone afterwards", async () => {
    const connection = await registered(engine);
    const path = join(await folder(), "stepped.parquet");
    await connection.sink("select c.chrom, c.n from counted as c where c.n = 5 order by c.chrom", path, {
      steps: [
        { name: "few", sql: "select chrom from v where start % 500 = 0" },
        { name: "counted", sql: "select chrom, count(*) as n from few group by chrom" },
      ],
    });
    await connection.register("stepped", path);
    expect(await connection.rows("select * from stepped")).toEqual(
      [1, 2, 3, 4].map((contig) => ({ chrom: `chr${contig}`, n: 5 })),
    );
    await expect(connection.rows("select * from few")).rejects.toThrow();
  });

  test("a step may read much, and be several queries: its table has the rows of all", async () => {
    const connection = await registered(engine);
    const path = join(await folder(), "several.parquet");
    const parts = Array.from(
      { length: 30 },
      (_, part) => `select start, rsid from v where start % 30 = ${part}`,
    );
    await connection.sink(
      "select count(*) as n, count(distinct start) as starts, count(rsid) as ids from parts",
      path,
      {
        steps: [{ name: "parts", sql: parts, readsMuch: true }],
      },
    );
    await connection.register("several", path);
    expect(await connection.rows("select * from several")).toEqual([
      { n: 10_000, starts: 10_000, ids: 6666 },
    ]);
    await expect(connection.rows("select * from parts")).rejects.toThrow();
  });

  test("a name may stand for several files, and be given anew", async () => {
    const connection = await registered(engine);
    const path = await variants();
    await connection.register("v", [path, path]);
    expect(await connection.rows("select count(*) as n from v")).toEqual([{ n: 20_000 }]);
  });

  test("a name may stand for some rows of a file, which keep their numbers", async () => {
    const connection = await opened(engine);
    await connection.register("few", await variants(), { rowNumber: "r", rows: { first: 2040, count: 20 } });
    const rows = await connection.rows<{ r: number; start: number }>("select r, start from few order by r");
    expect(rows.map(({ r }) => r)).toEqual(Array.from({ length: 20 }, (_, at) => 2040 + at));
    expect(rows.map(({ start }) => start)).toEqual(Array.from({ length: 20 }, (_, at) => 37 * (2040 + at)));
    await connection.register("few", await variants(), { rows: { first: 9990, count: 50 } });
    expect(await connection.rows("select count(*) as n, min(start) as low from few")).toEqual([
      { n: 10, low: 37 * 9990 },
    ]);
  });

  test("a name with quotes and spaces is a name like others", async () => {
    const connection = await opened(engine);
    await connection.register('my "v"', await variants());
    expect(await connection.rows('select count(*) as n from "my ""v"""')).toEqual([{ n: 10_000 }]);
  });

  test("values are bound by number and by place, and never become SQL", async () => {
    const connection = await registered(engine);
    const hostile = "x' or '1'='1";
    expect(
      await connection.rows("select $1 as a, $2 as b, $1 as c, $3 as d, $4 as e", [hostile, -5, true, null]),
    ).toEqual([{ a: hostile, b: -5, c: hostile, d: true, e: null }]);
    expect(
      await connection.rows("select count(*) as n from v where chrom = ? and start < ?", ["chr1", 370]),
    ).toEqual([{ n: 10 }]);
    expect(await connection.rows("select count(*) as n from v where chrom = $1", [hostile])).toEqual([
      { n: 0 },
    ]);
    expect(await connection.rows("select '$1 ?' as a, $1 as b -- $2 ?\n", [1.5])).toEqual([
      { a: "$1 ?", b: 1.5 },
    ]);
  });

  test("a list of texts is bound as one value", async () => {
    const connection = await opened(engine);
    expect(await connection.rows("select $1 as l", [["a", "it's"]])).toEqual([{ l: ["a", "it's"] }]);
  });

  test("a parameter without a value is an error of the engine", async () => {
    const connection = await opened(engine);
    await expect(connection.rows("select $2 as a", [1])).rejects.toMatchObject({ info: { code: "engine" } });
  });

  test("what the planner and the parser refuse is an error of the engine", async () => {
    const connection = await registered(engine);
    for (const [sql, word] of [
      ["select * from nowhere", "nowhere"],
      ["selct 1", "selct"],
      ["select nothing from v", "nothing"],
    ] as const) {
      const error = await connection.rows(sql).then(
        () => null,
        (thrown: unknown) => thrown as WorkspaceError,
      );
      expect(error?.info).toMatchObject({ code: "engine" });
      expect([error?.info.message, error?.info.detail]).toEqual([
        expect.stringContaining(word),
        expect.stringContaining(word),
      ]);
    }
    expect(await connection.rows("select count(*) as n from v")).toEqual([{ n: 10_000 }]);
  });

  test("a missing file is an error of the engine", async () => {
    const connection = await opened(engine);
    const missing = join(await folder(), "missing.parquet");
    const read = connection.register("m", missing).then(() => connection.rows("select * from m"));
    await expect(read).rejects.toMatchObject({ info: { code: "engine" } });
  });

  test("a stream is whole messages: schema, batches of which the first is small, end", async () => {
    const connection = await registered(engine);
    const messages = await messagesOf(connection.stream("select * from v"));
    for (const message of messages) {
      expect([message.byteOffset % 8, message.byteLength % 8]).toEqual([0, 0]);
      expect([...message.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    }
    expect([...(messages.at(-1) ?? [])]).toEqual([255, 255, 255, 255, 0, 0, 0, 0]);
    const table = tableFromIPC(messages);
    expect(table.numRows).toBe(10_000);
    expect(table.batches[0]?.numRows).toBeLessThanOrEqual(2048);
    expect(table.getChild("big")?.get(9999)).toBe(9007199254740993n + 9999n);
    expect(table.getChild("rsid")?.nullCount).toBe(3334);
  });

  test("a stream of many batches has each row once, in its order", async () => {
    const path = join(await folder(), "many.parquet");
    const writer = await opened(duckdb);
    await writer.sink("select i::integer as i, 'row ' || i as said from range(300000) r(i)", path);
    const connection = await opened(engine);
    await connection.register("many", path);
    const table = await tableOf(connection.stream("select * from many"));
    expect(Math.max(...table.batches.map((batch) => batch.numRows))).toBeLessThanOrEqual(16_384);
    expect(table.getChild("i")?.toArray()).toEqual(Int32Array.from({ length: 300_000 }, (_, i) => i));
    expect(
      [1023, 1024, 132_095, 132_096, 299_999].map((i) => String(table.getChild("said")?.get(i))),
    ).toEqual([1023, 1024, 132_095, 132_096, 299_999].map((i) => `row ${i}`));
  });

  test("an empty result has its columns", async () => {
    const connection = await registered(engine);
    const table = await tableOf(connection.stream("select * from v where start < 0"));
    expect([table.numRows, table.schema.names]).toEqual([
      0,
      ["chrom", "start", "ref", "rsid", "qual", "genotype", "big", "even", "seen"],
    ]);
    expect(await connection.rows("select * from v where start < 0")).toEqual([]);
  });

  test("what fails a stream reaches its reader", async () => {
    const connection = await opened(engine);
    await expect(messagesOf(connection.stream("select * from nowhere"))).rejects.toMatchObject({
      info: { code: "engine" },
    });
  });

  test("a stream that is left leaves the connection as it was", async () => {
    const connection = await registered(engine);
    for await (const message of connection.stream("select * from v").messages) {
      expect(message.length).toBeGreaterThan(8);
      break;
    }
    expect(await connection.rows("select count(*) as n from v")).toEqual([{ n: 10_000 }]);
  });

  test("a sunk query is a Parquet file of its rows", async () => {
    const connection = await registered(engine);
    const path = join(await folder(), "it's sunk.parquet");
    await connection.sink("select rsid, start from v where chrom = $1; -- a comment", path, {
      parameters: ["chr2"],
    });
    await connection.register("s", path);
    expect(
      await connection.rows("select count(*) as n, count(rsid) as named, min(start) as first from s"),
    ).toEqual([{ n: 2500, named: 1667, first: 92_500 }]);
  });

  test("only one query can be sunk", async () => {
    const connection = await registered(engine);
    const path = join(await folder(), "none.parquet");
    for (const sql of ["select 1 as a; select 2 as a", "", "-- nothing"]) {
      await expect(connection.sink(sql, path)).rejects.toMatchObject({ info: { code: "engine" } });
    }
    await expect(access(path)).rejects.toThrow("ENOENT");
  });

  test.runIf(existsSync("/dev/full"))("a full disk is said in the words that it has elsewhere", async () => {
    const connection = await registered(engine);
    const path = join(await folder(), "full.parquet");
    await symlink("/dev/full", path);
    await expect(connection.sink("select * from v", path)).rejects.toMatchObject({
      info: {
        code: "asset",
        message: expect.stringMatching(/^no space is left on the disk(: |$)/),
        hint: "Free some space and do it again.",
        detail: expect.stringContaining("No space left on device"),
      },
    });
  });

  test("several statements run one after the other", async () => {
    const connection = await opened(engine);
    await connection.run("create table a as select 1 as x; create table b as select 2 as x; -- ;");
    expect(await connection.rows("select * from a union all select * from b order by x")).toEqual([
      { x: 1 },
      { x: 2 },
    ]);
  });

  test("another connection sees the same tables", async () => {
    const connection = await registered(engine);
    const other = await connection.connect();
    expect(await other.rows("select count(*) as n from v")).toEqual([{ n: 10_000 }]);
    other.close();
    expect(await connection.rows("select count(*) as n from v")).toEqual([{ n: 10_000 }]);
  });

  test("a signal that has fired already stops everything before it begins", async () => {
    const connection = await registered(engine);
    const fired = AbortSignal.abort();
    const path = join(await folder(), "never.parquet");
    for (const work of [
      connection.rows("select 1 as a", [], fired),
      connection.run("select 1 as a", [], fired),
      connection.sink("select 1 as a", path, { signal: fired }),
      messagesOf(connection.stream("select 1 as a", [], fired)),
    ]) {
      await expect(work).rejects.toMatchObject({ info: { code: "cancelled" } });
    }
    await expect(access(path)).rejects.toThrow("ENOENT");
  });
});

async function registered(engine: Engine): Promise<Connection> {
  const connection = await opened(engine);
  await connection.register("v", await variants());
  return connection;
}
