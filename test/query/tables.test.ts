import { expect, test } from "vitest";

import type { TableView } from "#protocol/messages.ts";

import { bench, never, rowsOf } from "./support.ts";
import type { Bench } from "./support.ts";

/** 20,000 rows in file order `n`; `score` falls and rises and is null for each seventh; some odd values and names. */
const ROWS = `select n::integer as n, case when n % 7 > 0 then ((n * 7919) % 1000)::double / 10 end as score,
  'rs' || n as rsid, ['A', case when n % 2 = 0 then 'A' else 'G' end] as genotype,
  case n when 3 then 'it''s 100%_done' when 5 then '' else 'PASS' end as "od""d; name"
  from range(20000) t(n)`;

async function column(
  bench: Bench,
  path: string,
  view: TableView | undefined,
  name: string,
  [offset, limit]: readonly [number, number] = [0, 30_000],
): Promise<unknown[]> {
  const table = view === undefined ? { path } : { path, view };
  const tables = await bench.interactive.tables();
  const rows = await rowsOf(tables.page(table, { offset, limit }, never));
  return rows.map((row) => row[name]);
}

test("without a view, a page is rows of the file by number", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  expect(await column(one, path, undefined, "n", [9_999, 3])).toEqual([9_999, 10_000, 10_001]);
  expect(await (await one.interactive.tables()).rows({ path }, never)).toBe(20_000);
});

test("pages of a sorted view follow on one another and together are the sorted table", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const view: TableView = { sort: [{ column: "score", descending: true }] };
  const expected = Array.from({ length: 20_000 }, (_, n) => n).toSorted((a, b) => {
    const [x, y] = [a, b].map((n) => (n % 7 > 0 ? (n * 7919) % 1000 : -1)) as [number, number];
    return y - x || a - b;
  });
  const pages = [];
  for (const offset of [0, 7_000, 14_000]) pages.push(await column(one, path, view, "n", [offset, 7_000]));
  expect(pages.flat()).toEqual(expected);
});

test("nulls come last, whichever way a column is sorted", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  for (const descending of [false, true]) {
    const view: TableView = { sort: [{ column: "score", descending }] };
    expect(await column(one, path, view, "score", [19_990, 10])).toEqual(
      Array.from({ length: 10 }, () => null),
    );
  }
});

test.each<[string, TableView, readonly number[]]>([
  ["equal to a number", { filters: [{ column: "n", is: "equal", value: "12" }] }, [12]],
  [
    "equal to a number with a fraction",
    {
      filters: [
        { column: "score", is: "equal", value: "91.9" },
        { column: "n", is: "between", least: null, most: 1_500 },
      ],
    },
    [1],
  ],
  ["equal to a text", { filters: [{ column: "rsid", is: "equal", value: "rs7" }] }, [7]],
  ["equal to an empty text", { filters: [{ column: 'od"d; name', is: "equal", value: "" }] }, [5]],
  [
    "equal to a text with a quote",
    { filters: [{ column: 'od"d; name', is: "equal", value: "it's 100%_done" }] },
    [3],
  ],
  ["not equal", { filters: [{ column: 'od"d; name', is: "not-equal", value: "PASS" }] }, [3, 5]],
  [
    "contains, whatever the case",
    { filters: [{ column: 'od"d; name', is: "contains", value: "%_DONE" }] },
    [3],
  ],
  ["between", { filters: [{ column: "n", is: "between", least: 4, most: 6 }] }, [4, 5, 6]],
  ["open below", { filters: [{ column: "n", is: "between", least: null, most: 1 }] }, [0, 1]],
  [
    "null",
    {
      filters: [
        { column: "score", is: "null" },
        { column: "n", is: "between", least: 1, most: 15 },
      ],
    },
    [7, 14],
  ],
  [
    "searched",
    { search: "RS1999" },
    [1999, 19990, 19991, 19992, 19993, 19994, 19995, 19996, 19997, 19998, 19999],
  ],
  [
    "searched as a genotype is written, and filtered",
    { search: "a/g", filters: [{ column: "n", is: "between", least: null, most: 4 }] },
    [1, 3],
  ],
  ["searched for a wildcard", { search: "100%_" }, [3]],
  ["an attack", { search: "') or true; drop table t; --" }, []],
])("rows that are %s are found and counted", async (_what, view, expected) => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const found = (await column(one, path, view, "n")) as number[];
  expect(found).toEqual(expected);
  const tables = await one.interactive.tables();
  // On a busy machine a count may take longer than a page is let wait.
  await expect.poll(() => tables.rows({ path, view }, never), { timeout: 30_000 }).toBe(found.length);
  expect(await column(one, path, view, "n", [1, 1])).toEqual(found.slice(1, 2));
});

test.each<[string, TableView, string]>([
  [
    "an unknown column to sort",
    { sort: [{ column: "genotyp", descending: false }] },
    "column not found: genotyp",
  ],
  ["an unknown column to filter", { filters: [{ column: "x", is: "null" }] }, "column not found: x"],
  [
    "a prototype's name",
    { filters: [{ column: "constructor", is: "null" }] },
    "column not found: constructor",
  ],
  [
    "a number that is none",
    { filters: [{ column: "n", is: "equal", value: "1 or 1" }] },
    "not a number: 1 or 1",
  ],
  [
    "a range of texts",
    { filters: [{ column: "rsid", is: "between", least: 1, most: 2 }] },
    "not a column of numbers: rsid",
  ],
])("%s is an error that says so", async (_what, view, message) => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const tables = await one.interactive.tables();
  const failed = { info: { code: "usage", message } };
  await expect(tables.rows({ path, view }, never)).rejects.toMatchObject(failed);
  await expect(rowsOf(tables.page({ path, view }, { offset: 0, limit: 1 }, never))).rejects.toMatchObject(
    failed,
  );
});

test("a view is stopped when it is superseded, and can be asked for again", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select hash(n) as h from range(3000000) t(n)");
  const tables = await one.interactive.tables();
  const stop = new AbortController();
  const view: TableView = { sort: [{ column: "h", descending: false }] };
  const first = tables.rows({ path, view }, stop.signal);
  stop.abort();
  await expect(first).rejects.toMatchObject({ info: { code: "cancelled" } });
  expect(await tables.rows({ path, view }, never)).toBe(3_000_000);
});

test("two who look at one view make it once and both get it, though one of them leaves", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const tables = await one.interactive.tables();
  const view: TableView = { sort: [{ column: "rsid", descending: true }] };
  const stop = new AbortController();
  const leaves = tables.rows({ path, view }, stop.signal);
  const stays = tables.rows({ path, view }, never);
  stop.abort();
  await expect(leaves).rejects.toMatchObject({ info: { code: "cancelled" } });
  expect(await stays).toBe(20_000);
});

test("the statistics of numbers are exact, and every number is in one bin", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const tables = await one.interactive.tables();
  const summary = await tables.column({ path }, "score", never);
  expect(summary).toMatchObject({ rows: 20_000, nulls: 2_858, distinct: 1_000, top: [] });
  expect(summary.histogram?.counts.length).toBe(40);
  expect(summary.histogram?.edges[0]).toBe(0);
  expect(summary.histogram?.edges.at(-1)).toBe(99.9);
  expect(summary.histogram?.counts.reduce((sum, count) => sum + count)).toBe(20_000 - 2_858);
});

test("whole numbers of a small span have a bin each", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select unnest([3, 5, 5, null])::integer as n");
  const { histogram } = await (await one.interactive.tables()).column({ path }, "n", never);
  expect(histogram).toEqual({ edges: [3, 4, 5, 6], counts: [1, 0, 2] });
});

test.each([
  ["one value", "select 2.5::double as x from range(3)", { edges: [2.5, 2.5], counts: [3] }],
  [
    "what is no number",
    "select unnest(['nan'::double, 'inf'::double, 1, 2])::double as x",
    { counts: expect.arrayContaining([1, 1]) as unknown },
  ],
  ["nothing", "select null::double as x", null],
  [
    "numbers that are too long to be told apart",
    "select unnest([9223372036854775806, 9223372036854775807]) as x",
    { edges: [2 ** 63, 2 ** 63], counts: [2] },
  ],
])("a histogram of %s holds what can be in it", async (_what, sql, expected) => {
  const one = await bench();
  const path = await one.store("t.parquet", sql);
  const { histogram } = await (await one.interactive.tables()).column({ path }, "x", never);
  if (expected === null) expect(histogram).toBeNull();
  else expect(histogram).toMatchObject(expected);
});

test("what is no number lies between no two, open or not", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select unnest(['nan'::double, 1, 7, 'inf'::double, null]) as x");
  const found = (least: number | null, most: number | null): Promise<unknown[]> =>
    column(one, path, { filters: [{ column: "x", is: "between", least, most }] }, "x");
  expect(await found(5, null)).toEqual([7, Infinity]);
  expect(await found(null, 5)).toEqual([1]);
  expect(await found(0, 8)).toEqual([1, 7]);
});

test("the statistics of a text are of the rows under the view, the most frequent first", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const view: TableView = { filters: [{ column: "n", is: "between", least: 0, most: 8 }] };
  const tables = await one.interactive.tables();
  expect(await tables.column({ path, view }, "genotype", never)).toEqual({
    rows: 9,
    nulls: 0,
    distinct: 2,
    histogram: null,
    top: [
      { value: "A/A", count: 5 },
      { value: "A/G", count: 4 },
    ],
  });
  expect((await tables.column({ path }, 'od"d; name', never)).top.map(({ value }) => value)).toEqual([
    "PASS",
    "",
    "it's 100%_done",
  ]);
});
