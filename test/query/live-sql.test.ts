import { setTimeout as wait } from "node:timers/promises";

import { expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";
import type { LiveCell } from "#protocol/kernel-messages.ts";
import type { QueryValue } from "#protocol/messages.ts";

import { bench, never, rowsOf } from "./support.ts";
import type { Bench } from "./support.ts";

const HITS = `select * from (values ('coronary', 'LPA', 1.5), ('lipids', 'APOE', -0.5), ('coronary', 'O''Neil', null))
  t(module, gene, weight)`;

function cell(name: string, source: string, ...values: QueryValue[]): LiveCell {
  return { name, source, values, attributes: {} };
}

async function ask(one: Bench, cells: readonly LiveCell[], limit = 100): Promise<Record<string, unknown>[]> {
  const tables = { hits: await one.store("hits.parquet", HITS) };
  return rowsOf(one.interactive.query({ cells, tables, limit }, never));
}

const genes = (rows: readonly Record<string, unknown>[]): unknown[] => rows.map((row) => row["gene"]);

test.each<[string, string, readonly QueryValue[], readonly string[]]>([
  ["a number", "select gene from hits where weight > ${least}", [0], ["LPA"]],
  ["a text", "select gene from hits where gene = ${gene}", ["O'Neil"], ["O'Neil"]],
  ["a text that attacks", "select gene from hits where gene = ${gene}", ["' or true --"], []],
  ["a list", "select gene from hits where module in (${modules}) order by 1", [["lipids", "x"]], ["APOE"]],
  ["an empty list", "select gene from hits where module in ( ${modules} )", [[]], []],
  [
    "an empty list, not in",
    "select gene from hits where module not in (${m}) order by 1",
    [[]],
    ["APOE", "LPA", "O'Neil"],
  ],
  [
    "a list elsewhere",
    "select gene from hits where list_contains(${modules}, module)",
    [["lipids"]],
    ["APOE"],
  ],
  ["numbers in a list", "select gene from hits where weight in (${weights})", [[1.5, 2]], ["LPA"]],
  ["a value in quotes", "select gene from hits where gene like '%${part}%'", ["Nei"], ["O'Neil"]],
  [
    "values in one text, with quotes of its own",
    "select gene from hits where 'it''s ' || gene = 'it''s ${a}''${b}' and weight is null",
    ["O", "Neil"],
    ["O'Neil"],
  ],
  [
    "a text that is cast",
    "select gene from hits where weight > '${n}'::double and '${w}.5'::double = 1.5",
    [0, 1],
    ["LPA"],
  ],
  [
    "a value in quotes that attacks",
    "select gene from hits where gene = 'x${gene}' or gene = ''",
    ["' or true --"],
    [],
  ],
  ["nothing in quotes", "select gene from hits where gene like 'L${part}A'", [null], []],
  [
    "a switch",
    "select gene from hits where ${all} or weight > 1 order by 1",
    [true],
    ["APOE", "LPA", "O'Neil"],
  ],
  ["a limit", "select gene from hits order by gene limit ${n}", [1], ["APOE"]],
  ["a comment", "select gene -- ${not} a hole\nfrom hits where weight > ${least} -- the end", [0], ["LPA"]],
  ["a semicolon at the end", "select gene from hits where weight > ${least};\n", [0], ["LPA"]],
])("%s is bound", async (_what, source, values, expected) => {
  const one = await bench();
  expect(genes(await ask(one, [cell("picked", source, ...values)]))).toEqual(expected);
});

test("a cell reads the live cells before it, each with its own values", async () => {
  const one = await bench();
  const cells = [
    cell("heavy", "select * from hits where weight > ${least}", -1),
    cell(
      "of_module",
      "with own as (select * from heavy) select gene from own where module = ${m}",
      "coronary",
    ),
  ];
  expect(await ask(one, cells)).toEqual([{ gene: "LPA" }]);
});

test("no more rows come than are asked for", async () => {
  const one = await bench();
  expect(await ask(one, [cell("many", "select * from range(100)")], 7)).toHaveLength(7);
});

test.each<[string, readonly LiveCell[], object]>([
  [
    "a column that is not there",
    [cell("a", "select gene\n  , genotyp from hits where weight > ${x}", 1)],
    { code: "engine", cell: "a", span: { line: 2, column: 5, length: 7 } },
  ],
  [
    "one after a hole on its line",
    [cell("a", "select ${long_expression + 1} + genotyp from hits", 1)],
    { cell: "a", span: { line: 1, column: 33, length: 7 } },
  ],
  [
    "one in a cell that is read",
    [cell("first", "select nothing from hits"), cell("second", "select * from first")],
    { cell: "first", span: { line: 1, column: 8, length: 7 } },
  ],
  [
    "a mistake of grammar",
    [cell("a", "select ${x}\nfrom where hits", 1)],
    { code: "notebook", cell: "a", span: { line: 2 } },
  ],
  [
    "what is no SELECT",
    [cell("a", "create table t (n integer)")],
    { message: "this is no SELECT", cell: "a" },
  ],
  [
    "a PIVOT whose values another query would look up",
    [cell("a", "from (pivot (select 1 as k, 2 as v) on k using sum(v))")],
    {
      message: "a PIVOT without its values is no single query",
      hint: expect.stringContaining("on gene in ("),
    },
  ],
  ["two statements", [cell("a", "select 1; select 2")], { message: "a cell holds one query", cell: "a" }],
  ["a table that is not there", [cell("a", "select * from misses")], { message: "table not found: misses" }],
  ["a value too few", [cell("a", "select ${x}")], { code: "usage", cell: "a" }],
  [
    "a hole in a quoted name",
    [cell("a", 'select "${x}"', 1)],
    { message: "a ${} in a quoted name", cell: "a" },
  ],
  [
    "an engine that is not there",
    [{ ...cell("a", "select 1"), attributes: { engine: "spark" } }],
    { message: "no such engine: spark", cell: "a" },
  ],
])("%s is an error at its place in the cell", async (_what, cells, info) => {
  const one = await bench();
  const error: unknown = await ask(one, cells).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(WorkspaceError);
  expect((error as WorkspaceError).info).toMatchObject(info);
});

test("a query that is superseded stops in the engine, and others go on", async () => {
  const one = await bench();
  const stop = new AbortController();
  const heavy = cell(
    "heavy",
    "select count(*) from range(100000000000) a, range(1000) b where a.range % 7 = b.range",
  );
  const running = rowsOf(one.interactive.query({ cells: [heavy], tables: {}, limit: 1 }, stop.signal));
  expect(await ask(one, [cell("light", "select 1 as one")])).toEqual([{ one: 1 }]);
  const asked = performance.now();
  stop.abort();
  await expect(running).rejects.toMatchObject({ info: { code: "cancelled" } });
  expect(performance.now() - asked).toBeLessThan(5_000);
});

test("more cells than databases stay open are answered, whenever each is asked for", async () => {
  const one = await bench();
  const queries = await Promise.all(
    Array.from({ length: 16 }, async (_, n) => {
      const tables = { [`t${n}`]: await one.store(`t${n}.parquet`, `select ${n} as n`) };
      const read = Array.from({ length: 6 }, (__, i) => cell(`c${i}`, `select n + ${i} as n from t${n}`));
      return { cells: [...read, cell("asked", "select n from c0")], tables, limit: 1 };
    }),
  );
  const rows = await Promise.all(
    queries.map(async (query, n) => {
      await wait(20 * n);
      return rowsOf(one.interactive.query(query, never));
    }),
  );
  expect(rows.flat()).toEqual(queries.map((_, n) => ({ n })));
});

test("engine=polars gives the same rows", async () => {
  const one = await bench();
  const source =
    "select gene from hits where weight > ${least} and module in (${modules}) and gene like '%${part}%'";
  const picked = { ...cell("picked", source, 0, ["coronary", "x"], "P"), attributes: { engine: "polars" } };
  expect(await ask(one, [picked])).toEqual([{ gene: "LPA" }]);
});
