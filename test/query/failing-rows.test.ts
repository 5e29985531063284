import { expect, test } from "vitest";

import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import { bench, never, rowsOf } from "./support.ts";
import type { Bench } from "./support.ts";

/** `a` is no number in rows 3, 10, 17, 24 and 31 to 34. */
const T = `select i as n, case when i % 7 = 3 or i > 30 then 'x' || i else i::varchar end as a, i * 100000000 as b
  from range(35) r(i)`;

async function failure(one: Bench, source: string, engine = "duckdb"): Promise<ErrorInfo | null> {
  const tables = { t: await one.store("t.parquet", T) };
  const cells = [{ name: "asked", source, values: [20, 8], attributes: { engine } }];
  return rowsOf(one.interactive.query({ cells, tables, limit: 100 }, never)).then(
    () => null,
    (error: unknown) => errorInfo(error),
  );
}

const columnOf = (info: ErrorInfo | null): unknown[] => info?.rows?.rows.map(([value]) => value) ?? [];

test("the first five rows that a cast fails at are told, what it reads first", async () => {
  const info = await failure(await bench(), "select n, cast(a as integer) as k from t where ${1} < ${2} * 9");
  expect(info?.rows).toEqual({
    columns: ["a", "n", "b"],
    rows: [
      ["x3", "3", "300000000"],
      ["x10", "10", "1000000000"],
      ["x17", "17", "1700000000"],
      ["x24", "24", "2400000000"],
      ["x31", "31", "3100000000"],
    ],
  });
  expect(info).toMatchObject({
    message: "a value of a is not of the type that it is cast to",
    cell: "asked",
    span: { line: 1, column: 11 },
  });
  expect(info?.detail).toContain("x3");
});

test.each([
  ["rows that are left out", "select a::int as k from t where n < ${a} and n > ${b}", ["x10", "x17"]],
  ["a condition", "select n from t where ${a} > n and a::int + 1 > ${b}", ["x3", "x10", "x17"]],
  [
    "a WITH that hides the table",
    "with t as (select * from t where n < ${a} - ${b}) select a::int from t",
    ["x3", "x10"],
  ],
  [
    "a join",
    "select s.n from t join t s on t.a::int = s.n and ${a} > ${b}",
    ["x3", "x10", "x17", "x24", "x31"],
  ],
  ["an aggregate", "select sum(a::int) from t where n < ${a} - ${b}", ["x3", "x10"]],
  ["a group", "select count(*) from t where n < ${a} - ${b} group by a::int", ["x3", "x10"]],
  ["an order", "select n from t where n < ${a} - ${b} order by a::int", ["x3", "x10"]],
  ["a subquery", "select 1 where ${a} in (select a::int from t where n < ${b})", ["x3"]],
  ["a union", "select ${a} union all select a::int from t where n < ${b}", ["x3"]],
  [
    "a guard that lets some through",
    "select case when n > ${a} - ${b} then a::int end from t where n < 20",
    ["x17"],
  ],
  ["a time", "select strptime(a, '%Y') from t where n < ${a} and n > ${b}", ["x10", "x17"]],
  [
    "one of two parts that fail",
    "select b::int * b::int from t where n between ${a} and ${b} + 15",
    ["2200000000", "2300000000"],
  ],
  ["a logarithm", "select ln(n - ${a}) from t where n > ${b} + 11", ["20"]],
  [
    "an overflow",
    "select (b / 100000000)::int * 100000000::int from t where n > ${a} and n < ${b} + 16",
    ["2200000000", "2300000000"],
  ],
])("%s: the rows that fail are told", async (_what, source, expected) => {
  expect(columnOf(await failure(await bench(), source))).toEqual(expected);
});

test("what fails in no row of a table has no rows, and is told all the same", async () => {
  const sum = await failure(
    await bench(),
    "select sum((n + ${a} - ${b})::hugeint * 9000000000000000000000000000000000000) from t",
  );
  expect([sum?.code, sum?.rows]).toEqual(["engine", { columns: [], rows: [] }]);
  const binder = await failure(await bench(), "select nope, ${a} from t where n > ${b}");
  expect(binder).not.toHaveProperty("rows");
});

test("values that Polars names are told as rows, not in the message", async () => {
  const info = await failure(
    await bench(),
    "select cast(a as integer) as k from t where n < ${a} and n > ${b} + 2",
    "polars",
  );
  expect(info).toMatchObject({
    message: "a value of a is not of the type that it is cast to",
    rows: { columns: ["a"], rows: [["x17"]] },
  });
});
