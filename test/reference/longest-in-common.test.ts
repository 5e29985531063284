import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { longestInCommon } from "../../kernel/reference/longest-in-common.ts";
import { shardMarks } from "../../kernel/reference/shard-marks.ts";

let folder: string;
let facts: Connection;
/** Paths that were read through the connection. */
let read: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "karyon-longest-"));
  const real = await duckdb.open({ spillDirectory: join(folder, "spill"), threads: 1 });
  read = [];
  facts = Object.assign(Object.create(real) as Connection, {
    run: real.run.bind(real),
    close: real.close.bind(real),
    rows: (sql: string) => {
      read.push(/[\w-]+\.parquet/.exec(sql)?.[0] ?? sql);
      return real.rows(sql);
    },
  });
});

afterEach(async () => {
  facts.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, ref: string, alt: string): Promise<string> {
  const path = join(folder, name);
  await facts.run(`copy (select ${quoteText(ref)} as ref, ${quoteText(alt)} as alt) to ${quoteText(path)}`);
  return path;
}

async function longest(...paths: string[]): Promise<number> {
  const marks = await shardMarks(new Map(paths.map((path, at) => [String(at), path])));
  return longestInCommon(marks, facts);
}

test("a shard is looked at once, and again when it is another one", async () => {
  const first = await write("homo-chr1.parquet", "ACGT", "ACG");
  const second = await write("homo-chr2.parquet", "A", "C");
  expect(await longest(first, second)).toBe(3);
  expect(read).toEqual(["homo-chr1.parquet", "homo-chr2.parquet"]);
  expect(await longest(first, second)).toBe(3);
  expect(await longest(second)).toBe(1);
  expect(read).toHaveLength(2);
  await write("homo-chr2.parquet", "ACGTACGT", "ACGTA");
  expect(await longest(first, second)).toBe(5);
  expect(read).toEqual(["homo-chr1.parquet", "homo-chr2.parquet", "homo-chr2.parquet"]);
});

test("what was kept and cannot be read is found anew", async () => {
  const path = await write("homo-chr1.parquet", "ACGT", "ACG");
  await longest(path);
  const kept = (await readdir(folder)).find((name) => name.endsWith(".json")) ?? "";
  await writeFile(join(folder, kept), '{"homo-chr1.parquet": {"mark"');
  expect(await longest(path)).toBe(3);
  expect(JSON.parse(await readFile(join(folder, kept), "utf8"))).toHaveProperty(["homo-chr1.parquet"]);
});

test("no shards have nothing in common", async () => {
  expect(await longest()).toBe(0);
  expect(await readdir(folder)).not.toContain("longest-in-common.json");
});
