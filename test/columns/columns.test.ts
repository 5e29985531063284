import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ColumnData } from "../../kernel/columns/column-data.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { dictionaryOf, fixedOf, listOf, textOf } from "../support/column-data.ts";

let directory = "";
let connection: Connection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "karyon-columns-"));
  connection = await duckdb.open({ spillDirectory: directory });
});
afterAll(async () => {
  connection.close();
  await rm(directory, { recursive: true });
});

/** What the engine reads back of one column. */
async function readBack(data: ColumnData, rows: number): Promise<unknown[]> {
  const path = join(directory, "columns.parquet");
  await connection.sinkColumns?.({ rows, columns: [{ name: "v", data }] }, path);
  return (await connection.rows<{ v: unknown }>(`SELECT v FROM read_parquet(${quoteText(path)})`)).map(
    ({ v }) => v,
  );
}

/** More rows than the engine takes at a time, so that a column is cut inside. */
const ROWS = { maxLength: 5000, size: "max" } as const;
const TEXT = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("A", "C", "PASS", "0/1", "", "ab", "exactly12byt", "thirteen byte"),
  },
  fc.string({ unit: "grapheme", maxLength: 40 }),
);
const MAYBE_TEXT = fc.option(TEXT, { freq: 8 });

test("integers come back as they are, nulls too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.integer(), { freq: 6 }), ROWS), async (values) => {
      expect(await readBack(fixedOf("INTEGER", values), values.length)).toEqual(values);
    }),
    { numRuns: 10 },
  );
});

test.each(["UINTEGER", "FLOAT", "DOUBLE"] as const)("a column of %s keeps its type", async (type) => {
  const column = fixedOf(type, [4_000_000_000, 0.5, null]);
  expect(await readBack(column, 3)).toEqual([4_000_000_000, type === "UINTEGER" ? 0 : 0.5, null]);
});

test("truth values come back as such", async () => {
  expect(await readBack(fixedOf("BOOLEAN", [0, 1]), 2)).toEqual([false, true]);
});

test.each([
  ["short and long texts", textOf],
  ["texts that repeat", dictionaryOf],
])("%s come back as they are", async (_title, columnOf) => {
  await fc.assert(
    fc.asyncProperty(fc.array(MAYBE_TEXT, ROWS), async (texts) => {
      expect(await readBack(columnOf(texts), texts.length)).toEqual(texts);
    }),
    { numRuns: 10 },
  );
});

test("a dictionary of more texts than a byte or two bytes can number", async () => {
  const texts = Array.from({ length: 70_000 }, (_, row) => `text ${row}`);
  expect(await readBack(dictionaryOf(texts), texts.length)).toEqual(texts);
  expect(await readBack(dictionaryOf(texts.slice(0, 300)), 300)).toEqual(texts.slice(0, 300));
});

test.each([
  ["numbers", (values: readonly (number | null)[]) => fixedOf("INTEGER", values), (value: number) => value],
  ["texts", (values: readonly (number | null)[]) => textOf(values.map(spelt)), spelt],
  ["texts that repeat", (values: readonly (number | null)[]) => dictionaryOf(values.map(spelt)), spelt],
])("lists of %s come back with their nulls and their empty lists", async (_title, columnOf, elementOf) => {
  const element = fc.option(fc.nat({ max: 99 }), { freq: 5 });
  const list = fc.option(fc.array(element, { maxLength: 6 }), { freq: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(list, ROWS), async (lists) => {
      const column = listOf(lists, columnOf);
      expect(await readBack(column, lists.length)).toEqual(
        lists.map((values) => values?.map((value) => (value === null ? null : elementOf(value))) ?? null),
      );
    }),
    { numRuns: 6 },
  );
});

/** Some are longer than what lies in a row. */
function spelt<Value extends number | null>(value: Value): Value extends number ? string : null;
function spelt(value: number | null): string | null {
  return value === null ? null : "v".repeat(value % 17) + String(value);
}
