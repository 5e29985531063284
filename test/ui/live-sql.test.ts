// @vitest-environment jsdom
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test, vi } from "vitest";

import type { QueryValue } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

import { cell, hasValue, is, page } from "./cells-page.ts";

test("live SQL binds its own values and those of the live cells it reads", async () => {
  const { show, until, queries } = page(async () => tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2) })));
  show(
    cell("js", "low", "3"),
    cell("sql", "base", "select * from kept where x > ${low}"),
    cell("sql", "top", "select * from base limit ${low + 1}", { inputs: ["base"] }),
    cell("js", "rows", "top.numRows"),
  );
  await until("var:rows", hasValue(2));
  expect(queries.map(({ query }) => query).find(({ cell }) => cell === "top")).toMatchObject({
    values: { top: [4], base: [3] },
  });
});

test("a newer value stops the query of the older, and no view sees one with the result of the other", async () => {
  const waiting: (() => void)[] = [];
  const { show, until, queries, outputs } = page(async ({ values }) => {
    const [n] = values["rows"] ?? [];
    if (n === 1) await new Promise<void>((resolve) => waiting.push(resolve));
    return tableToIPC(tableFromArrays({ n: Int32Array.of(Number(n)) }));
  });
  const seen: unknown[] = [];
  const cells = (n: number): CellView[] => [
    cell("js", "n", String(n)),
    cell("sql", "rows", "select ${n} as n"),
    cell("js", "pair", "`${n} ${rows.get(0).n}`"),
  ];
  outputs.subscribe(() => {
    const pair = outputs.value("var:pair");
    if (pair?.kind === "variable") seen.push(pair.value);
  });
  show(...cells(1));
  await new Promise<void>((resolve) => {
    const look = (): unknown => (queries.length === 1 ? resolve() : setTimeout(look, 5));
    look();
  });
  show(...cells(2));
  await until("var:pair", hasValue("2 2"));
  expect(queries[0]?.signal.aborted).toBe(true);
  for (const resolve of waiting) resolve();
  expect(new Set(seen)).toEqual(new Set(["2 2"]));
});

test("live SQL that is run though nothing changed is asked for anew, as live SQL that reads it is", async () => {
  const { show, until, queries, outputs } = page(async () => tableToIPC(tableFromArrays({ n: [1] })));
  show(
    cell("sql", "rows", "select random() as n"),
    cell("sql", "few", "select * from rows", { inputs: ["rows"] }),
  );
  await until("var:few", is("variable"));
  expect(queries.map(({ query }) => query.cell).toSorted()).toEqual(["few", "rows"]);
  outputs.rerun("rows");
  await vi.waitFor(() => expect(queries).toHaveLength(4));
  outputs.rerun("few");
  await vi.waitFor(() => expect(queries).toHaveLength(5));
  expect(queries.at(-1)?.query.cell).toBe("few");
});

test.each<[expression: string, bound: QueryValue]>([
  ["undefined", null],
  ["NaN", null],
  ["7n", 7],
  ["new Date(0)", "1970-01-01T00:00:00.000Z"],
  ["new Date(0).getTime() === 0", true],
  ["Promise.resolve([1])", [1]],
  ["new Set(['a', null, true])", ["a", null, true]],
  ["Float64Array.of(1.5, NaN)", [1.5, null]],
  ["(function* () { yield 1; yield 2n; })()", [1, 2]],
])("%s is bound as %j", async (expression, bound) => {
  const { show, until } = page();
  show(cell("sql", "a", `select \${${expression}}`));
  expect(await until("values:a", is("variable"))).toMatchObject({ value: [bound] });
});

test.each([
  ["() => 1", "a function"],
  ["Symbol()", "a symbol"],
  ["Infinity", "Infinity"],
  ["[1, -Infinity]", "-Infinity"],
  ["2n ** 64n", "a bigint beyond 2^53"],
  ["new Date(NaN)", "an invalid date"],
  ["({})", "an Object"],
  ["[[1]]", "a list with a list in it"],
  ["new Map()", "a Map"],
  ["new ArrayBuffer(8)", "an ArrayBuffer"],
  ["document.createElement('form')", "an element"],
  ["'x'.repeat(200_001)", "a text of 200,001 characters"],
  ["(function* () { for (;;) yield 1; })()", "a list of more than 10,000"],
])("%s is refused with the place of it", async (expression, kind) => {
  const { show, until } = page();
  show(cell("sql", "a", `select 1,\n  \${${expression}}`));
  expect(await until("cell:a", is("error"))).toMatchObject({
    error: {
      message: `a \${} of SQL cannot be ${kind}`,
      cell: "a",
      span: { line: 2, column: 5, length: expression.length },
    },
  });
});

test("what reads a cell whose value is refused names it", async () => {
  const { show, until } = page();
  show(cell("sql", "a", "select ${{}}"), cell("sql", "b", "select * from a", { inputs: ["a"] }));
  expect(await until("cell:b", is("blocked"))).toMatchObject({ by: "a", error: { cell: "a" } });
});

test("a name in a `${}` that nothing defines is told with its place", async () => {
  const { show, until } = page();
  show(cell("sql", "a", "select 1,\n  ${1} + ${2 * nowhere}"));
  expect(await until("cell:a", is("error"))).toMatchObject({
    error: { message: "nowhere is not defined", span: { line: 2, column: 16, length: 7 } },
  });
});
