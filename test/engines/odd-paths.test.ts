import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { engines } from "../../kernel/engines/index.ts";
import { parquetRows } from "../../kernel/engines/parquet-rows.ts";
import { rowCount } from "../../kernel/engines/row-count.ts";
import { folder, opened, tableOf } from "./reading.ts";

const CASES = engines.flatMap((engine) =>
  ["[1]", "chrom=1", "it's", "a {b,c}", "a*", "a?"].map((name) => ({
    engine,
    name,
    label: `${engine.name} in ${name}`,
  })),
);

test.each(CASES)("a path is the name of a file, whatever is in it: $label", async ({ engine, name }) => {
  const directory = join(await folder(), name);
  await mkdir(directory);
  const connection = await opened(engine, { spillDirectory: join(directory, "spill") });
  const path = join(directory, "t.parquet");
  await connection.sink("select 7 as chrom, 'x' as b", path);
  await connection.register("t", path);
  const rows = [{ chrom: 7, b: "x" }];
  expect(await connection.rows("select * from t")).toEqual(rows);
  const streamed = await tableOf(connection.stream("select * from t"));
  expect(streamed.toArray().map((row) => ({ ...row }))).toEqual(rows);
  expect(streamed.schema.fields.map(({ type }) => String(type))).toEqual([
    "Int32",
    expect.stringMatching(/^(?:Large)?Utf8$/),
  ]);
  const steps = [{ name: "step", sql: "select * from t", readsMuch: true }];
  await connection.sink("select * from step", join(directory, "of-steps.parquet"), { steps });
  await connection.register("made", join(directory, "of-steps.parquet"));
  expect(await connection.rows("select * from made")).toEqual(rows);
});

/** Folders whose name is a pattern that the one beside it fits. */
const PATTERNS = [
  ["a*", "a copy"],
  ["a?", "a2"],
  ["[1]", "1"],
] as const;

test.each(engines.flatMap((engine) => PATTERNS.map(([name, beside]) => ({ engine, name, beside }))))(
  "a file is read alone, also where its folder's name fits the one beside it: $engine.name in $name",
  async ({ engine, name, beside }) => {
    const root = await folder();
    const [path, other] = [name, beside].map((one) => join(root, one, "t.parquet"));
    if (path === undefined || other === undefined) throw new Error("two paths");
    const writing = await opened(engine);
    for (const one of [path, other]) {
      await mkdir(dirname(one));
      await writing.sink(`select ${one === path ? 1 : 2} as n`, one);
    }
    // Of SQL that is not trusted alone DuckDB says what it may read; Polars runs none.
    const reach =
      engine === duckdb ? [{}, { allowedPaths: [path] }, { allowedDirectories: [join(root, name)] }] : [{}];
    for (const one of reach) {
      const connection = await opened(engine, one);
      await connection.register("t", path);
      expect(await connection.rows("select * from t")).toEqual([{ n: 1 }]);
      if (engine !== duckdb) continue;
      expect(await rowCount(connection, path)).toBe(1);
      expect(await connection.rows(`select * from ${parquetRows(path)}`)).toEqual([{ n: 1 }]);
    }
  },
);
