import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { ColumnFacts } from "#protocol/record.ts";

import { columnShapes } from "../../kernel/assets/column-shapes.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { tableFacts } from "../../kernel/engines/table-facts.ts";
import { bench } from "../query/support.ts";

async function shapes(sql: string): Promise<Record<string, ColumnFacts["shape"]>> {
  const { root, store } = await bench();
  const path = await store("t.parquet", sql);
  const connection = await duckdb.open({ spillDirectory: join(root, "spill"), threads: 2 });
  onTestFinished(() => connection.close());
  const columns = await columnShapes(connection, path, await tableFacts(connection, path));
  return Object.fromEntries(columns.map(({ name, shape }) => [name, shape]));
}

test("whole numbers of a small span have a bin each, other numbers twenty, and all values are in one", async () => {
  const { small, wide, same } = await shapes(
    "select (i % 4)::integer as small, i / 10.0 as wide, 7 as same from range(1000) t(i)",
  );
  expect(small).toEqual({ rows: 1000, bins: { least: 0, most: 4, counts: [250, 250, 250, 250] }, top: [] });
  expect(wide?.bins).toEqual({ least: 0, most: 99.9, counts: Array.from({ length: 20 }, () => 50) });
  expect(same?.bins).toEqual({ least: 7, most: 8, counts: [1000] });
});

test("text has its most frequent values, identifiers none, nulls are in neither", async () => {
  const { gene, id, flag, genotype, gone } = await shapes(
    `select case when i < 60 then 'APOE' when i < 90 then 'LPA' end as gene, 'rs' || i as id, i % 2 = 0 as flag,
       ['A', 'G'] as genotype, null::double as gone from range(100) t(i)`,
  );
  expect(gene?.top).toEqual([
    { value: "APOE", count: 60 },
    { value: "LPA", count: 30 },
  ]);
  expect(id).toBeNull();
  expect(flag?.top).toHaveLength(2);
  expect(genotype?.top).toEqual([{ value: "A/G", count: 100 }]);
  expect(gone).toBeNull();
});

test("identifiers of which a few come twice are still identifiers", async () => {
  const { id, tags } = await shapes(
    "select 'rs' || i // 1.5 as id, ['tag ' || i % 300] as tags from range(1000) t(i)",
  );
  expect(id).toBeNull();
  expect(tags?.top[0]).toEqual({ value: "tag 0", count: 4 });
});

test("a column of text is counted, too, when it is the only one that is", async () => {
  const { many } = await shapes("select i, 'gene ' || i % 300 as many from range(3000) t(i)");
  expect(many?.top[0]).toEqual({ value: "gene 0", count: 10 });
});

test("what is not finite is in no bin", async () => {
  const { x } = await shapes("select unnest(['nan', 'inf', '-inf', '1', '3'])::double as x");
  expect(x?.bins?.counts.reduce((sum, n) => sum + n, 0)).toBe(2);
  expect(x?.bins).toMatchObject({ least: 1, most: 3 });
});

test("of a large table a part is looked at, which says how much and is spread over all of it", async () => {
  const { i, odd } = await shapes("select i, i % 2 as odd from range(2000000) t(i)");
  expect(i?.rows).toBe(16 * 4096);
  expect(i?.bins?.least).toBe(0);
  expect(i?.bins?.most).toBeGreaterThan(1_800_000);
  expect(odd?.bins?.counts).toEqual([32_768, 32_768]);
});

test("an empty table has no shapes, and is no failure", async () => {
  expect(await shapes("select 1 as a where false")).toEqual({ a: undefined });
});

test("a table of a thousand columns is looked at a few columns at a time", async () => {
  const columns = Array.from({ length: 1000 }, (_, at) => `(i * ${at + 1}) % 97 as c${at}`);
  const { root, store } = await bench();
  const path = await store("wide.parquet", `select ${columns.join(", ")} from range(20_000) t(i)`);
  const connection = await duckdb.open({ spillDirectory: join(root, "spill"), threads: 2 });
  onTestFinished(() => connection.close());
  const facts = await columnShapes(connection, path, await tableFacts(connection, path));
  expect(facts).toHaveLength(1000);
  expect(facts.at(-1)).toMatchObject({ name: "c999", nulls: 0, min: "0", max: "96" });
  const shape = facts.at(-1)?.shape;
  expect(shape?.bins?.counts.reduce((sum, count) => sum + count)).toBe(shape?.rows);
});
