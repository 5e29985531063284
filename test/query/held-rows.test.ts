/** Rows that are all in the page are looked at as the kernel looks at them: the same views, both ways. */
import { expect, test } from "vitest";

import type { TableView } from "#protocol/messages.ts";

import { readPage } from "../../ui/connection/read-page.ts";
import { HeldRows } from "../../ui/table/held-rows.ts";
import { columnSummary } from "../../ui/table/held-summary.ts";
import { bench, never, rowsOf } from "./support.ts";

/** Nulls, long and equal values, lists, an empty text, a quote, many and few texts, truths, dates and fractions. */
const ROWS = `select n::integer as n, case when n % 7 > 0 then ((n * 7919) % 1000)::double / 10 end as score,
  (n * 1000003)::bigint as long, 'rs' || (n * 31 % 1000) as rsid,
  case n % 5 when 0 then null when 1 then 'LPA' when 2 then 'apoe' when 3 then '' else 'it''s' end as gene,
  case when n % 11 > 0 then ['A', case when n % 2 = 0 then 'C' else 'G' end] end as genotype,
  n % 3 = 0 as flag, date '2020-01-01' + (n % 400)::integer as day
  from range(3000) t(n)`;

const VIEWS: readonly TableView[] = [
  { sort: [{ column: "score", descending: false }] },
  { sort: [{ column: "score", descending: true }] },
  {
    sort: [
      { column: "gene", descending: true },
      { column: "n", descending: true },
    ],
  },
  { sort: [{ column: "rsid", descending: false }] },
  { sort: [{ column: "day", descending: true }] },
  { sort: [{ column: "long", descending: true }] },
  { filters: [{ column: "gene", is: "equal", value: "LPA" }] },
  { filters: [{ column: "gene", is: "not-equal", value: "LPA" }] },
  { filters: [{ column: "gene", is: "contains", value: "PO" }] },
  { filters: [{ column: "gene", is: "null" }] },
  { filters: [{ column: "gene", is: "not-null" }] },
  { filters: [{ column: "genotype", is: "equal", value: "A/G" }] },
  { filters: [{ column: "genotype", is: "contains", value: "a/c" }] },
  { filters: [{ column: "flag", is: "equal", value: "true" }] },
  { filters: [{ column: "n", is: "equal", value: "12" }] },
  { filters: [{ column: "n", is: "not-equal", value: "12" }] },
  { filters: [{ column: "score", is: "between", least: 10, most: 20.5 }] },
  { filters: [{ column: "score", is: "between", least: null, most: null }] },
  { search: "RS12" },
  { search: "it's" },
  { search: "a/g", sort: [{ column: "score", descending: true }] },
];

test.each(VIEWS.map((view) => [JSON.stringify(view), view] as const))("%s", async (_, view) => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const tables = await one.interactive.tables();
  const expected = await rowsOf(tables.page({ path, view }, { offset: 0, limit: 3000 }, never));
  const held = new HeldRows(await readPage(tables.all({ path }, never)));
  expect(Array.from(held.under(view), (row) => held.value(0, row))).toEqual(expected.map(({ n }) => n));
});

test.each(["n", "score", "gene", "genotype"])("statistics of %s are the kernel's", async (name) => {
  const one = await bench();
  const path = await one.store("t.parquet", ROWS);
  const tables = await one.interactive.tables();
  const view: TableView = { filters: [{ column: "n", is: "between", least: 100, most: 2500 }] };
  const held = new HeldRows(await readPage(tables.all({ path }, never)));
  const expected = await tables.column({ path, view }, name, never);
  expect(columnSummary(held, held.columnNamed(name), held.under(view))).toEqual(expected);
});

test("a view that does not fit is refused in words", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select 'x' as gene, 1 as n");
  const held = new HeldRows(await readPage((await one.interactive.tables()).all({ path }, never)));
  const under =
    (view: TableView): (() => unknown) =>
    () =>
      held.under(view);
  expect(under({ filters: [{ column: "genes", is: "null" }] })).toThrow("column not found: genes");
  expect(under({ filters: [{ column: "n", is: "equal", value: "one" }] })).toThrow("not a number: one");
  expect(under({ filters: [{ column: "gene", is: "between", least: 1, most: 2 }] })).toThrow(
    "not a column of numbers: gene",
  );
});
