import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { ColumnFacts } from "#protocol/record.ts";

import { columnShapes } from "../../kernel/assets/column-shapes.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { RowSample } from "../../kernel/engines/row-sample.ts";
import { tableFacts } from "../../kernel/engines/table-facts.ts";
import { NORMALIZED_FILE } from "../../kernel/sources/source.ts";
import { ingestVcf } from "../../kernel/sources/vcf/ingest.ts";
import { tabbed, vcfOf } from "./vcf-case.ts";

const RECORDS = 300_000;

test("what values look like is known of the rows that passed, without a look at the file", async () => {
  const directory = await mkdtemp(join(tmpdir(), "karyon-sampled-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "a.vcf");
  // A third is removed: the sample is of what is kept.
  const lines = Array.from({ length: RECORDS }, (_, at) =>
    tabbed(
      `1 ${at + 1} . ${at % 4 === 0 ? "A" : "C"} G 50 ${at % 3 === 0 ? "bad" : "PASS"} . GT:DP 0/1:${20 + (at % 10)}`,
    ),
  );
  await writeFile(path, vcfOf({ records: lines }));
  const staging = join(directory, "staging");
  await mkdir(staging);
  const spillDirectory = join(directory, "spill");
  const connection = await duckdb.open({ spillDirectory, threads: 1 });
  onTestFinished(() => connection.close());
  const sample = new RowSample(await connection.connect());
  const request = {
    paths: [path],
    sample: null,
    filters: { pass_filters: ["PASS"] },
    staging,
    spillDirectory,
  };
  await ingestVcf(request, duckdb, { signal: new AbortController().signal, progress: () => {}, sample });
  const table = join(staging, NORMALIZED_FILE);
  const facts = await tableFacts(connection, table);
  expect(facts.rows).toBe((RECORDS * 2) / 3);

  await rm(table);
  const columns = await columnShapes(connection, table, facts, sample);
  const of = (name: string): ColumnFacts["shape"] => columns.find((column) => column.name === name)?.shape;
  expect(sample.rows).toBeGreaterThan(4000);
  expect(of("ref")).toMatchObject({ rows: sample.rows, bins: null });
  expect(of("ref")?.top.map(({ value }) => value)).toEqual(["C", "A"]);
  expect(of("filter")?.top).toEqual([{ value: "PASS", count: sample.rows }]);
  expect(of("genotype")?.top.map(({ value }) => value)).toEqual(["C/G", "A/G"]);
  expect(of("DP")?.bins).toMatchObject({ least: 20, most: 30 });
  sample.close();
});
