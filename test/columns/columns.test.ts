import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Column } from "../../kernel/columns/column.ts";
import { DictionaryColumn } from "../../kernel/columns/dictionary.ts";
import { FixedColumn } from "../../kernel/columns/fixed.ts";
import { ListColumn } from "../../kernel/columns/list.ts";
import { TextColumn } from "../../kernel/columns/text.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";

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
async function readBack(column: Column, rows: number): Promise<unknown[]> {
  const path = join(directory, "columns.parquet");
  await connection.sinkColumns?.({ rows, columns: [{ name: "v", data: column.data() }] }, path);
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
      const column = new FixedColumn("INTEGER", values.length);
      for (const [row, value] of values.entries()) {
        if (value === null) column.setNull(row);
        else column.values[row] = value;
      }
      expect(await readBack(column, values.length)).toEqual(values);
    }),
    { numRuns: 10 },
  );
});

test.each(["UINTEGER", "FLOAT", "DOUBLE"] as const)("a column of %s keeps its type", async (type) => {
  const column = new FixedColumn(type, 3);
  column.values[0] = 4_000_000_000;
  column.values[1] = 0.5;
  column.setNull(2);
  expect(await readBack(column, 3)).toEqual([4_000_000_000, type === "UINTEGER" ? 0 : 0.5, null]);
});

test("truth values come back as such", async () => {
  const column = new FixedColumn("BOOLEAN", 2);
  column.values[1] = 1;
  expect(await readBack(column, 2)).toEqual([false, true]);
});

test.each([
  ["short and long texts", TextColumn],
  ["texts that repeat", DictionaryColumn],
])("%s come back as they are, also when the column is used again", async (_title, Texts) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(MAYBE_TEXT, ROWS), { minLength: 2, maxLength: 2 }), async (uses) => {
      const column = new Texts(5000);
      for (const texts of uses) {
        column.reset();
        for (const [row, text] of texts.entries()) {
          if (text === null) column.setNull(row);
          else column.setText(row, text);
        }
        expect(await readBack(column, texts.length)).toEqual(texts);
      }
    }),
    { numRuns: 6 },
  );
});

test("a dictionary of more texts than a byte or two bytes can number", async () => {
  const column = new DictionaryColumn(70_000);
  const texts = Array.from({ length: 70_000 }, (_, row) => `text ${row}`);
  for (const [row, text] of texts.entries()) column.setText(row, text);
  expect(await readBack(column, texts.length)).toEqual(texts);
  for (let row = 0; row < 300; row += 1) column.setText(row, texts[row] ?? "");
  expect(await readBack(column, 300)).toEqual(texts.slice(0, 300));
});

test("texts that are known beforehand have their place as their code", async () => {
  const column = new DictionaryColumn(3, ["one", "two", "x"]);
  column.codes.set([2, 0, 1]);
  expect(await readBack(column, 3)).toEqual(["x", "one", "two"]);
});

test.each([
  ["numbers", () => new FixedColumn("INTEGER", 1)],
  ["texts", () => new TextColumn(1)],
  ["texts that repeat", () => new DictionaryColumn(1)],
])("lists of %s come back with their nulls and their empty lists", async (_title, child) => {
  const element = fc.option(fc.nat({ max: 99 }), { freq: 5 });
  const list = fc.option(fc.array(element, { maxLength: 6 }), { freq: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(list, ROWS), async (lists) => {
      const column = new ListColumn(child(), lists.length);
      for (const [row, values] of lists.entries()) {
        if (values === null) column.setNull(row);
        else {
          column.begin(values.length);
          for (const value of values) {
            push(column, value);
            column.length += 1;
          }
          column.end(row);
        }
      }
      const isText = column.child.kind !== "fixed";
      expect(await readBack(column, lists.length)).toEqual(
        lists.map(
          (values) => values?.map((value) => (value === null || !isText ? value : spelt(value))) ?? null,
        ),
      );
    }),
    { numRuns: 6 },
  );
});

function push({ child, length }: ListColumn, value: number | null): void {
  if (value === null) child.setNull(length);
  else if (child.kind === "fixed") child.values[length] = value;
  else child.setText(length, spelt(value));
}

/** Some are longer than what lies in a row. */
function spelt(value: number): string {
  return "v".repeat(value % 17) + String(value);
}
