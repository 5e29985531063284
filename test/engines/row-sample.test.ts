import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { ColumnBatch, ColumnData } from "../../kernel/columns/column-data.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { RowSample } from "../../kernel/engines/row-sample.ts";
import { dictionaryOf, fixedOf, listOf, textOf } from "../support/column-data.ts";

const never = new AbortController().signal;
let directory = "";
let sample: RowSample;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "karyon-sample-"));
  sample = new RowSample(await duckdb.open({ spillDirectory: directory, threads: 1 }));
});
afterEach(async () => {
  sample.close();
  await rm(directory, { recursive: true });
});

function part(rows: number, columns: Readonly<Record<string, ColumnData>>): ColumnBatch {
  return { rows, columns: Object.entries(columns).map(([name, data]) => ({ name, data })) };
}

function repeated<Value>(value: Value, rows: number): Value[] {
  return Array.from({ length: rows }, () => value);
}

test("of a table of any number of parts, it has the first rows of some, at the same distance", async () => {
  // Several are written at once.
  await Promise.all(
    Array.from({ length: 100 }, (_, at) => {
      const numbers = Array.from({ length: 5000 }, (_, row) => at * 5000 + row);
      return sample.take(part(5000, { n: fixedOf("INTEGER", numbers) }), never);
    }),
  );
  const stretches = await sample.connection.rows<{ first: number; rows: number }>(
    `select min(n) as first, count(*) as rows from ${sample.table} group by n // 5000 order by 1`,
  );
  expect(stretches).toEqual(Array.from({ length: 25 }, (_, at) => ({ first: at * 4 * 5000, rows: 4096 })));
  expect(sample.rows).toBe(25 * 4096);
});

test("texts stand for themselves, whatever the dictionary of their part", async () => {
  for (const [first, second] of [
    ["PASS", "LowQual"],
    ["LowQual", "a filter of a long name"],
  ] as const) {
    const values = [...repeated(first, 2000), ...repeated(second, 2000), ...repeated(null, 1000)];
    const columns = {
      filter: dictionaryOf(values),
      same: textOf(values),
      alleles: listOf(
        values.map((value) => (value === null ? null : ["A", value])),
        dictionaryOf,
      ),
    };
    await sample.take(part(5000, columns), never);
  }
  const counted = await sample.connection.rows(
    `select filter, alleles, count(*) as n from ${sample.table}
     where filter is not distinct from same group by all order by n desc, filter`,
  );
  expect(counted).toEqual([
    { filter: "LowQual", alleles: ["A", "LowQual"], n: 4000 },
    { filter: "PASS", alleles: ["A", "PASS"], n: 2000 },
    { filter: "a filter of a long name", alleles: ["A", "a filter of a long name"], n: 2000 },
    { filter: null, alleles: null, n: 192 },
  ]);
});

test("a part of a few rows, such as the last, is left out", async () => {
  await sample.take(part(100, { n: fixedOf("INTEGER", repeated(1, 100)) }), never);
  expect(sample.rows).toBe(0);
});

test("of a wide table it has fewer rows of each part", async () => {
  const columns = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [`c${at}`, fixedOf("INTEGER", repeated(at, 5000))]),
  );
  await sample.take(part(5000, columns), never);
  expect(sample.rows).toBe(625);
});
