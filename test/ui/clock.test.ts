import { expect, onTestFinished, test, vi } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { tableOf } from "../../ui/runtime/table-rows.ts";
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
  "time '00:00:00'",
  "time '09:05:07.25'",
  "time '24:00:00'",
  "'10:00:00.123456789'::time_ns",
  "interval '0 days'",
  "interval '1 year 2 months 3 days 04:05:06.5'",
  "interval '1 month'",
  "interval '-1 day'",
  "interval '50 hours'",
  "interval '-00:00:01'",
])("%s is the text that DuckDB writes", async (value) => {
  const page = await rows(
    `select ${value} as x, (${value})::varchar as expected union all select null, null`,
  );
  const table = heldTable(page);
  expect(table.value(0, 0)).toBe(table.value(0, 1));
  expect(table.value(1, 0)).toBeNull();
  expect([...(tableOf(page).getChild("x") ?? [])]).toEqual([table.value(0, 1), null]);
});

test("times of day are shown, saved and sorted, in lists too", async () => {
  const table = heldTable(
    await rows("select unnest([time '10:00:00', time '09:30:00']) as x, [interval '1 day', null] as l"),
  );
  const [row = []] = await table.read({ first: 0, last: 0 }, signal);
  expect(row.map((value) => cellText(value, "text"))).toEqual(["10:00:00", "1 day, –"]);
  expect(csvLines([row.slice(0, 1)], table.columns)).toBe("10:00:00\r\n");
  expect(table.columns.map(({ type }) => type)).toEqual(["time of day", "list of interval"]);
  const sorted = await table.under({ sort: [{ column: "x", descending: false }] }, signal);
  expect(sorted.value(0, 0)).toBe("09:30:00");
});

test("no code is compiled from text, which the policy of the page forbids", async () => {
  const refused = (): never => {
    throw new EvalError("unsafe-eval");
  };
  vi.stubGlobal("Function", new Proxy(Function, { apply: refused, construct: refused }));
  onTestFinished(() => void vi.unstubAllGlobals());
  const page = await rows("select unnest([null, time '10:00:00', null]) as x, interval '1 day' as i");
  expect([...(tableOf(page).getChild("x") ?? [])]).toEqual([null, "10:00:00", null]);
});
