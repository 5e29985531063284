import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { readScript } from "../../kernel/scripts/read-script.ts";
import { runScript } from "../../kernel/scripts/run-script.ts";
import { bench, never } from "../query/support.ts";

const HITS = "select * from (values ('APOE', -3.0), ('LPA', -1.5), ('CETP', 1.5)) as t(gene, weight)";

interface Ran {
  readonly rows: readonly Record<string, unknown>[];
  readonly types: readonly string[];
  /** What was told while it ran. */
  readonly arrived: readonly NonNullable<Progress["arrived"]>[];
  readonly console: readonly string[];
}

/** Runs a script over `hits` in the real engine, shut as a cell's is, and reads what it wrote. */
async function ran(source: string, signal: AbortSignal = never): Promise<Ran> {
  const { root, settings, store } = await bench();
  const path = await store("hits.parquet", HITS);
  const cell = { name: "mine", language: "ts", attributes: { kernel: "" }, source };
  const connection = await duckdb.open({
    spillDirectory: settings.spill,
    threads: 1,
    allowedPaths: [path],
    allowedDirectories: [root],
  });
  onTestFinished(() => connection.close());
  await connection.register("hits", path);
  const target = join(root, "mine.parquet");
  const script = await readScript(cell);
  const arrived: NonNullable<Progress["arrived"]>[] = [];
  const console = await runScript(
    { cell: "mine", script, tables: { hits: path }, target, arrived: (what) => arrived.push(what) },
    connection,
    signal,
  );
  const rows = await connection.rows<Record<string, unknown>>(`select * from '${target}'`);
  const described = await connection.rows<{ column_type: string }>(`describe from '${target}'`);
  return { rows, types: described.map(({ column_type }) => column_type), console, arrived };
}

async function failure(source: string, signal?: AbortSignal): Promise<WorkspaceError["info"]> {
  const error: unknown = await ran(source, signal).catch((caught: unknown) => caught);
  return (error as WorkspaceError).info;
}

describe("what a script gives becomes a table", () => {
  test.each<[string, string, readonly unknown[]]>([
    [
      "a query",
      "sql`select gene from ${hits} where weight > ${0} and gene in (${['CETP', 'LPA']})`",
      [{ gene: "CETP" }],
    ],
    [
      "a query over a query",
      "const strong = sql`select * from ${hits} where abs(weight) > ${2}`;\nreturn sql`select count(*)::integer as n from ${strong} where gene = ${'APOE'}`",
      [{ n: 1 }],
    ],
    [
      "a query over a query whose texts look like parameters, and which ends in a comment",
      "const dear = sql`select gene, '$1 off' as t, ${7}::integer as n from ${hits} where gene = ${'LPA'} -- dear`;\nreturn sql`select ${'x'} as x, * from ${dear}`",
      [{ x: "x", gene: "LPA", t: "$1 off", n: 7 }],
    ],
    [
      "a query with lists of nothing",
      "sql`select gene from ${hits} where gene not in (${[]}) and gene <> 'APOE' and not gene in ( ${[]} ) order by 1`",
      [{ gene: "CETP" }, { gene: "LPA" }],
    ],
    ["the table itself", "hits", [{ gene: "APOE", weight: "-3.0" }, {}, {}]],
    [
      "rows",
      "(await hits.rows()).slice(0, 1).map(({gene}) => ({gene, n: 1 as number}))",
      [{ gene: "APOE", n: 1 }],
    ],
    [
      "a lazy frame",
      "const frame = await hits.frame();\nreturn frame.filter(polars.col('gene').eq(polars.lit('LPA'))).select('gene')",
      [{ gene: "LPA" }],
    ],
    ["a frame", "polars.DataFrame({gene: ['A', 'B'], n: [1, 2]})", [{ gene: "A" }, { gene: "B" }]],
    ["rows as they come", "(async function* () { yield {a: 1}; yield {a: 2}; })()", [{ a: 1 }, { a: 2 }]],
  ])("%s", async (_what, source, rows) => {
    const found = await ran(source);
    expect(found.rows).toHaveLength(rows.length);
    if (!source.startsWith("hits")) expect(found.rows).toMatchObject(rows as object[]);
  });

  test("with types that follow from all rows, and null for what is missing", async () => {
    const { rows, types } = await ran(
      "[{n: 1, w: 2, t: null, list: [1]}, {w: 0.5, t: '2026-01-01', d: new Date(0), list: []}, {big: 9007199254740993n}]",
    );
    expect(types).toEqual(["BIGINT", "DOUBLE", "VARCHAR", "BIGINT[]", "TIMESTAMP", "BIGINT"]);
    expect(rows[0]).toMatchObject({ n: 1, w: 2, t: null, big: null });
    expect(rows[1]).toMatchObject({ n: null, w: 0.5, t: "2026-01-01" });
    expect(rows[2]).toMatchObject({ big: 9_007_199_254_740_993n });
  });
});

describe("an error names the cell and the place", () => {
  test.each<[string, string, object]>([
    ["of what the script throws", "const a = 1;\n  throw new RangeError('too far');", { line: 2, column: 9 }],
    ["deeper than one call", "function f() {\n  return null.x;\n}\nreturn f();", { line: 2, column: 15 }],
    [
      "of a query, where it was written",
      "const q = 1;\nreturn (await sql`select nothing from ${hits}`.rows());",
      { line: 2 },
    ],
    ["of a query that is the result", "\nreturn sql`select nothing from ${hits}`", { line: 2 }],
  ])("%s", async (_what, source, span) => {
    expect(await failure(source)).toMatchObject({ cell: "mine", span });
  });

  test.each([
    ["a number", "3", "the result is no table: number"],
    ["rows of two types", "[{a: 1}, {a: 'x'}]", "column a holds BIGINT and, in row 2, VARCHAR"],
    ["no rows", "[]", "no rows, and so no columns"],
    ["numbers for rows", "[1]", "row 1 is no row: number"],
  ])("%s is no table", async (_what, source, message) => {
    expect(await failure(source)).toMatchObject({ cell: "mine", message });
  });
});

test("a query reaches the tables it names, and no file", async () => {
  expect(await failure("sql`select * from read_csv('/etc/passwd')`")).toMatchObject({ code: "engine" });
});

test("what it writes to its console is kept, also when it fails", async () => {
  const { console } = await ran("console.log('rows', 3); console.warn({a: 1}); return hits");
  expect(console).toEqual(["rows 3", "warning: { a: 1 }"]);
  expect((await failure("console.log('here'); throw new Error('no')")).detail).toBe("console:\nhere");
});

test("a stopped script leaves no result", async () => {
  expect(await failure("hits", AbortSignal.abort())).toMatchObject({ code: "cancelled" });
});

test("lines and rows are told of while it runs, the lines of a flood by its end", async () => {
  const { arrived, rows } = await ran(`
    for (let i = 0; i < 300; i++) console.log(i);
    async function* slow() {
      for (let n = 0; n < 50; n++) {
        yield {n};
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    return slow();
  `);
  expect(arrived[0]).toEqual({ rows: 0, log: ["0"] });
  expect(arrived[299]?.log).toEqual(Array.from({ length: 20 }, (_, i) => String(280 + i)));
  // The last of them may be told of, too, when they come as slowly as a busy machine has them come.
  expect(arrived.some((told) => told.rows > 0 && told.rows < rows.length)).toBe(true);
  expect(arrived.at(-1)?.log.at(-1)).toBe("299");
});
