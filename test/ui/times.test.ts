import { expect, test } from "vitest";

import type { ColumnFilter } from "#protocol/messages.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { rowsOf, tableOf } from "../../ui/runtime/table-rows.ts";
import { cellText } from "../../ui/table/cell-text.ts";
import { asTsv } from "../../ui/table/copy.ts";
import { csvLines } from "../../ui/table/csv.ts";
import { HeldRows } from "../../ui/table/held-rows.ts";
import { heldTable } from "../../ui/table/held-table.ts";
import type { ArrowPage, TablePages } from "../../ui/table/table-pages.ts";
import { timesAsNumbers } from "../../ui/table/times.ts";
import { opened } from "../engines/reading.ts";

const TYPES = ["date", "timestamp_s", "timestamp_ms", "timestamp", "timestamp_ns", "timestamptz"];
const ENDS = ["infinity", "-infinity", "2020-02-29", "1969-12-31"];

async function rows(sql: string): Promise<ArrowPage> {
  const connection = await opened(duckdb);
  return readPage(connection.stream(sql).messages);
}

function columnOf(values: readonly string[], type: string): Promise<ArrowPage> {
  const listed = values.map((value) => `'${value}'::${type}`).join(", ");
  return rows(`select unnest([${listed}, null]) as at`);
}

function shown(table: TablePages, count: number): string[] {
  return Array.from({ length: count }, (_, row) => cellText(table.value(row, 0), "date"));
}

test.each(TYPES)("the ends of time of a %s are shown as DuckDB writes them", async (type) => {
  const table = heldTable(await columnOf(ENDS, type));
  expect(shown(table, 5)).toEqual([...ENDS, "–"]);
});

test.each([
  ["date", "5881580-07-10", "+5881580-07-10"],
  ["date", "5877642-06-25 (BC)", "-5877641-06-25"],
  ["timestamp", "294247-01-10 04:00:54", "+294247-01-10T04:00:54.000Z"],
  ["timestamp_s", "294247-01-10 04:00:54", "+294247-01-10T04:00:54.000Z"],
  ["timestamp_ms", "294247-01-10 04:00:54", "+294247-01-10T04:00:54.000Z"],
  ["timestamp", "290308-12-22 (BC) 00:00:00", "-290307-12-22"],
  ["timestamp", "275760-09-13 00:00:00", "+275760-09-13"],
  ["timestamp", "275760-09-13 00:00:01", "+275760-09-13T00:00:01.000Z"],
  ["timestamp_ns", "2262-04-11 23:47:16.854775", "2262-04-11T23:47:16.854Z"],
])("the %s %s is %s", async (type, value, written) => {
  const table = heldTable(await columnOf([value], type));
  expect(shown(table, 1)).toEqual([written]);
  const [row = []] = await table.read({ first: 0, last: 0 }, new AbortController().signal);
  expect(csvLines([row], table.columns)).toContain(written);
});

test("a time that is not too far is the number that it always was", async () => {
  const page = await columnOf(["2020-02-29 12:34:56.789123", "1969-12-31 23:59:59.999999"], "timestamp");
  const table = heldTable(page);
  const arrow = page.batches[0]?.getChildAt(0);
  for (const row of [0, 1, 2]) expect(table.value(row, 0)).toBe(arrow?.get(row));
});

test("far and infinite times are sorted, filtered and summed up where all rows are in the page", async () => {
  const page = await columnOf(["infinity", "294247-01-10", "-infinity", "2020-02-29"], "timestamp");
  const signal = new AbortController().signal;
  const table = heldTable(page);
  const sorted = await table.under({ sort: [{ column: "at", descending: true }] }, signal);
  expect(shown(sorted, 5)).toEqual(["infinity", "+294247-01-10", "2020-02-29", "-infinity", "–"]);
  const filtered = await table.under(
    { filters: [{ column: "at", is: "between", least: 0, most: null }] },
    signal,
  );
  expect(shown(filtered, filtered.rows)).toEqual(["infinity", "+294247-01-10", "2020-02-29"]);
  expect(await table.views?.column("at", {})).toMatchObject({ rows: 5, nulls: 1, distinct: 4 });
});

test("an infinite time is written in CSV, and is no formula", async () => {
  const table = heldTable(await columnOf(ENDS, "timestamp"));
  const read = await table.read({ first: 0, last: 1 }, new AbortController().signal);
  expect(csvLines(read, table.columns)).toBe("infinity\r\n'-infinity\r\n");
});

test.each(TYPES)("for a script a %s without an end is null, the others are what they were", async (type) => {
  const page = await columnOf(ENDS, type);
  const days = [Date.UTC(2020, 1, 29), Date.UTC(1969, 11, 31)];
  const table = tableOf(page);
  expect([...(table.getChild("at") ?? [])]).toEqual([null, null, ...days, null]);
  expect(table.getChild("at")?.type).toBe(page.schema.fields[0]?.type);
  // Rows of which the first stand before the window.
  expect([...(tableOf(rowsOf(page, 1, 3)).getChild("at") ?? [])]).toEqual([null, ...days]);
});

test("times within lists and structures throw no more than others", async () => {
  const page = await rows(
    "select ['infinity'::timestamp, '2020-02-29'] as times, {'at': '294247-01-10'::timestamp, 'n': 1} as held",
  );
  const table = heldTable(page);
  expect(cellText(table.value(0, 0), "text")).toBe(`∞, ${Date.UTC(2020, 1, 29).toLocaleString("en-US")}`);
  expect(cellText(table.value(0, 1), "text")).toContain('"n":1');
  const [row] = tableOf(page).toArray() as { toJSON: () => unknown }[];
  expect(JSON.parse(JSON.stringify(row))).toEqual({
    times: [null, Date.UTC(2020, 1, 29)],
    held: { at: null, n: 1 },
  });
});

test("a table without rows has its columns, lists among them", async () => {
  const page = await rows(
    "select ['2020-02-29'::timestamp] as times, [1] as numbers, now() as at where false",
  );
  const filtered = rowsOf(page, 0, 0);
  for (const empty of [page, filtered]) {
    expect(heldTable(empty).rows).toBe(0);
    expect(tableOf(empty).numRows).toBe(0);
  }
});

test("dates and times in a list are shown and saved as dates and times", async () => {
  const page = await rows("select [date '2024-01-01', null] as d, [timestamp '2024-01-01 10:00:00'] as t");
  const table = heldTable(page);
  const [row = []] = await table.read({ first: 0, last: 0 }, new AbortController().signal);
  expect(table.columns.map(({ type }) => type)).toEqual(["list of date", "list of time"]);
  expect(row.map((value, column) => cellText(value, table.columns[column]?.kind ?? "text"))).toEqual([
    "2024-01-01, –",
    "2024-01-01T10:00:00.000Z",
  ]);
  expect(csvLines([row], table.columns)).toBe(`"2024-01-01,",2024-01-01T10:00:00.000Z\r\n`);
});

test("a day is copied, saved and filtered as it is shown, and so is a time", async () => {
  const page = await rows(
    "select unnest([date '2024-01-31', '2024-02-01', null]) as d, unnest([timestamp '2024-01-31 10:00:00', '2024-02-01', null]) as t",
  );
  const table = heldTable(page);
  const read = await table.read({ first: 0, last: 2 }, new AbortController().signal);
  expect(asTsv(read, table.columns, false)).toBe(
    "2024-01-31\t2024-01-31T10:00:00.000Z\n2024-02-01\t2024-02-01T00:00:00.000Z\n\t",
  );
  expect(csvLines(read.slice(0, 1), table.columns)).toBe("2024-01-31,2024-01-31T10:00:00.000Z\r\n");
  const held = new HeldRows(timesAsNumbers(page));
  const under = (filter: ColumnFilter): number[] => [...held.under({ filters: [filter] })];
  expect(under({ column: "d", is: "equal", value: "2024-02-01" })).toEqual([1]);
  expect(under({ column: "d", is: "contains", value: "2024-01" })).toEqual([0]);
  expect(under({ column: "t", is: "contains", value: "10:00" })).toEqual([0]);
  expect([...held.under({ sort: [{ column: "d", descending: true }] })]).toEqual([1, 0, 2]);
});
