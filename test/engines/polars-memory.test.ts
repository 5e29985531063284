import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { folder, opened } from "./reading.ts";

const STREAMS = fileURLToPath(new URL("repeated-streams.ts", import.meta.url));

test("Polars gives back what a stream took, also where V8 sees no need", async () => {
  const directory = await folder();
  const path = join(directory, "numbers.parquet");
  const columns = Array.from({ length: 9 }, (_, k) => `(i + ${k})::double as c${k}`);
  // 58 MB as Arrow.
  await (await opened(duckdb)).sink(`select ${columns.join(", ")} from range(800000) r(i)`, path);
  // As a kernel is started.
  const words = ["--initial-heap-size=128", "--import", "tsx", STREAMS, directory, path];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  expect(Number(stdout)).toBeLessThan(600);
});
