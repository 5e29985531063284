// @vitest-environment jsdom
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";

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

test("a value that SQL cannot be given is an error of the cell", async () => {
  const { show, until } = page();
  show(cell("sql", "a", "select ${() => 1}"));
  expect(await until("cell:a", is("blocked"))).toMatchObject({
    error: { message: "a ${} of SQL cannot be a function" },
  });
});
