import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { rowsOf, tableOf } from "../../ui/runtime/table-rows.ts";
import { cellText } from "../../ui/table/cell-text.ts";
import { csvLines } from "../../ui/table/csv.ts";
import { heldTable } from "../../ui/table/held-table.ts";
import type { ArrowPage } from "../../ui/table/table-pages.ts";
import { opened } from "../engines/reading.ts";

const signal = new AbortController().signal;

async function rows(sql: string): Promise<ArrowPage> {
  const connection = await opened(duckdb);
  return readPage(connection.stream(sql).messages);
}

test.each([
  ["1.5", 1.5],
  ["-0.001", -0.001],
  ["12345678901234567890.5", 1.2345678901234567e19],
  ["-9999999999999999999999999999.9999999999", -1e28],
  ["2::decimal(18, 6)", 2],
  ["-170141183460469231731687303715884105727::hugeint", -1.7014118346046923e38],
  ["340282366920938463463374607431768211455::uhugeint", 3.402823669209385e38],
  ["(select sum(i) from range(10) t(i))", 45],
])("%s of SQL is the number %d", async (value, number) => {
  const page = await rows(`select ${value} as x union all select null`);
  const table = heldTable(page);
  expect([table.value(0, 0), table.value(1, 0)]).toEqual([number, null]);
  expect([...(tableOf(page).getChild("x") ?? [])]).toEqual([number, null]);
});

test("a decimal is shown, saved and copied as the number that it is", async () => {
  const table = heldTable(
    await rows("select 1234.5 as x, -0.5 as weight, 7::hugeint as n, [0.1, 2.25] as l"),
  );
  const [row = []] = await table.read({ first: 0, last: 0 }, signal);
  const kinds = table.columns.map(({ kind }) => kind);
  expect(row.map((value, at) => cellText(value, kinds[at] ?? "text"))).toEqual([
    "1,234.5",
    "−0.50",
    "7",
    "0.1, 2.25",
  ]);
  expect(csvLines([row], table.columns)).toBe('1234.5,-0.5,7,"0.1,2.25"\r\n');
});

test("decimals of the page are sorted, filtered and summed up as numbers", async () => {
  const table = heldTable(await rows("select unnest([10.5, 9.25, null, -1.0]) as x"));
  const sorted = await table.under({ sort: [{ column: "x", descending: false }] }, signal);
  expect([0, 1, 2, 3].map((row) => sorted.value(row, 0))).toEqual([-1, 9.25, 10.5, null]);
  const between = await table.under(
    { filters: [{ column: "x", is: "between", least: 0, most: 10 }] },
    signal,
  );
  expect([between.rows, between.value(0, 0)]).toEqual([1, 9.25]);
  expect((await table.views?.column("x", {}))?.histogram?.edges.at(-1)).toBe(10.5);
});

test("for a script a column of decimals is one of numbers, also from the middle of a table", async () => {
  const page = await rows(
    "select i / 4.0::decimal(9, 2) as q, (i + 0.5)::decimal(9, 1) as x, {'in': 1.5} as s from range(5) t(i)",
  );
  const table = tableOf(rowsOf(page, 2, 2));
  expect(String(table.getChild("x")?.type)).toBe("Float64");
  expect(
    (table.toArray() as { toJSON: () => unknown }[]).map((row) => JSON.parse(JSON.stringify(row)) as unknown),
  ).toEqual([
    { q: 0.5, x: 2.5, s: { in: 1.5 } },
    { q: 0.75, x: 3.5, s: { in: 1.5 } },
  ]);
});

test("whole numbers inside lists and structures are numbers for scripts, as those of a column, where each is exact", async () => {
  const page =
    await rows(`select i::bigint as n, [i, null, 2]::bigint[] as l, {'a': i::bigint, 'b': [[i::ubigint]]} as s,
    map {'k': i::bigint} as m, [9007199254740993 + i]::bigint[] as far, null::bigint[] as none
    from range(3000) t(i) where i > 0`);
  const table = tableOf(page);
  const value = (name: string, row: number): unknown =>
    JSON.parse(
      JSON.stringify(table.getChild(name)?.get(row) ?? null, (_key, one: unknown) =>
        typeof one === "bigint" ? `${one}n` : one,
      ),
    );
  for (const row of [0, 2998]) {
    const n = row + 1;
    const names = ["n", "l", "s", "m", "far", "none"];
    expect(names.map((name) => value(name, row))).toEqual([
      n,
      [n, null, 2],
      { a: n, b: [[n]] },
      { k: n },
      [`${9007199254740993n + BigInt(n)}n`],
      null,
    ]);
  }
  const list: unknown = table.getChild("l")?.get(1);
  expect([...(list as Iterable<number>)].reduce((a, b) => a + b)).toBe(4);
});
