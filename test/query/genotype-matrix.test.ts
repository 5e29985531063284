import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { parquetRows } from "../../kernel/engines/parquet-rows.ts";
import { sinkMatrix } from "../../kernel/query/genotype-matrix.ts";
import type { MatrixSample } from "../../kernel/query/genotype-matrix.ts";

let folder: string;
let connection: Connection;
const samples: MatrixSample[] = [];

/** Two samples with records on several contigs, some of which both have. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "matrix-"));
  connection = await duckdb.open({ spillDirectory: folder });
  const removedSites = join(folder, "removed.parquet");
  await connection.sink(
    `select '' as chrom, 1::uinteger as start, 1::uinteger as "end" limit 0`,
    removedSites,
  );
  for (const [name, contigs, every] of [
    ["a/1", "'2', 'b', 'c', 'a'", 2],
    ["a/2", "'1', '2', 'a'", 3],
  ] as const) {
    const variants = join(folder, `${every}.parquet`);
    await connection.sink(
      `select chrom, (i * ${every})::uinteger as start, start as "end", '' as rsid, 'A' as ref, 'G' as alt,
         ['A', 'G'] as genotype, 'called_variant' as presence
       from (select unnest([${contigs}]) as chrom), range(1, 20) r(i) order by list_position([${contigs}], chrom), i`,
      variants,
    );
    samples.push({ name, variants, removedSites, otherMitochondrion: false });
  }
});
afterAll(async () => {
  connection.close();
  await rm(folder, { recursive: true, force: true });
});

function sink(
  target: string,
  context: Partial<Parameters<typeof sinkMatrix>[3]>,
): ReturnType<typeof sinkMatrix> {
  return sinkMatrix(connection, samples, target, {
    contigs: ["1", "2"],
    scratch: folder,
    signal: new AbortController().signal,
    progress: () => {},
    ...context,
  });
}

test("contigs that are looked at one by one give what they give together, in order", async () => {
  const [together, apart] = [join(folder, "together.parquet"), join(folder, "apart.parquet")];
  const told: (number | undefined)[] = [];
  const counts = await sink(together, {});
  expect(await sink(apart, { mostRecords: 1, progress: ({ fraction }) => told.push(fraction) })).toEqual(
    counts,
  );
  expect(told).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(counts).toEqual({
    shared: 12,
    samples: [
      { sample: "a/1", records: 76, repeated: 0, only: 64 },
      { sample: "a/2", records: 57, repeated: 0, only: 45 },
    ],
  });
  const rows = await connection.rows(`from ${parquetRows(together)}`);
  expect(rows).toHaveLength(121);
  expect(await connection.rows(`from ${parquetRows(apart)}`)).toEqual(rows);
  const contigs = await connection.rows<{ chrom: string }>(
    `select chrom from (select chrom, min(file_row_number) as first
       from read_parquet('${together}', file_row_number = true) group by chrom) order by first`,
  );
  expect(contigs.map(({ chrom }) => chrom)).toEqual(["1", "2", "b", "c", "a"]);
});

test("it can be stopped, and leaves nothing but half of what it wrote to", async () => {
  const target = join(folder, "stopped.parquet");
  const abort = new AbortController();
  const before = await readdir(folder);
  const progress = ({ fraction = 0 }): void => (fraction > 0 ? abort.abort() : undefined);
  await expect(sink(target, { mostRecords: 1, signal: abort.signal, progress })).rejects.toThrow("stopped");
  expect((await readdir(folder)).filter((name) => !before.includes(name))).toEqual(["stopped.parquet"]);
  expect(await connection.rows("select table_name from duckdb_tables()")).toEqual([]);
});
