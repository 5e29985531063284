import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { engines } from "../../kernel/engines/index.ts";
import { folder, opened, tableOf } from "./reading.ts";

const CASES = engines.flatMap((engine) =>
  ["[1]", "chrom=1", "it's", "a {b,c}"].map((name) => ({ engine, name, label: `${engine.name} in ${name}` })),
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
