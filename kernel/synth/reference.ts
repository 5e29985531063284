import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import { quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { shardName } from "../reference/columns.ts";
import { CONTIGS } from "./contigs.ts";
import { basesOf, shares } from "./positions.ts";
import { backgroundSql, genomeSql, wideSql } from "./reference-sql.ts";

export interface ReferenceRequest {
  /** Rows of all shards together; more when the genome alone has more. */
  readonly records: number;
  readonly seed: number;
  /** Folder of the shards; made when needed, files of the same names are replaced. */
  readonly out: string;
  /** Parquet with chrom, start, ref, alt (`|`-joined) whose variants the reference knows; null: none. */
  readonly genome: string | null;
}

export interface ReferenceContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface SyntheticReference {
  readonly shards: number;
  readonly records: number;
  /** Rows made from variants of the genome. */
  readonly shared: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** The dataset is written by Polars and Arrow, which write values plain or by dictionary: of Parquet's first version. */
const AS_THE_DATASET = "format parquet, parquet_version v1, compression zstd";

/** A row for every other base is more than any reference has. */
const MOST_RECORDS = 1_400_000_000;

/**
 * Writes a made-up reference in the shape of the Ensembl dataset: 25 Parquet shards of 40 columns, sorted by
 * position, with rows of several alternates, repeated rows, and indels spelled with other anchors. The same
 * request gives the same rows with the same version of DuckDB. Memory is bounded by the largest contig's
 * positions and alleles.
 *
 * @throws {WorkspaceError} `usage` for a number that cannot be
 */
export async function synthesiseReference(
  { records, seed, out, genome }: ReferenceRequest,
  connection: Connection,
  { signal, progress }: ReferenceContext,
): Promise<SyntheticReference> {
  if (!Number.isSafeInteger(records) || records < 0 || records > MOST_RECORDS) {
    throw new WorkspaceError({
      code: "usage",
      message: `not a number of records: ${records}`,
      hint: `Ask for a whole number from 0 to ${MOST_RECORDS}.`,
    });
  }
  const began = performance.now();
  await mkdir(out, { recursive: true });
  const counts = shares(
    records,
    CONTIGS.map(({ density, callable }) => density * basesOf(callable)),
  );
  let [written, shared, bytes] = [0, 0, 0];
  for (const [index, contig] of CONTIGS.entries()) {
    progress({
      phase: `writing the shard of contig ${contig.name}`,
      fraction: written / Math.max(records, 1),
    });
    const key = `${seed}::bigint, ${index}`;
    const known = await knownRows(contig.name, key, genome, connection, signal);
    const background = Math.max(0, (counts[index] ?? 0) - known);
    const rows = `select * from (${backgroundSql(contig.callable, background, key)} union all select * from known) order by start, ref, own`;
    const path = join(out, shardName(contig.name));
    await connection.run(
      `copy (${wideSql(contig.name, rows)}) to ${quoteText(`${path}.part`)} (${AS_THE_DATASET})`,
      [],
      signal,
    );
    await rename(`${path}.part`, path);
    written += background + known;
    shared += known;
    bytes += (await stat(path)).size;
  }
  await rm(join(out, "shards.json"), { force: true });
  const seconds = (performance.now() - began) / 1000;
  return { shards: CONTIGS.length, records: written, shared, bytes, seconds };
}

/** Makes the table `known` of one contig. @returns its rows */
async function knownRows(
  contig: string,
  key: string,
  genome: string | null,
  connection: Connection,
  signal: AbortSignal,
): Promise<number> {
  const source =
    genome === null
      ? "(select 0::uinteger as start, '' as ref, '' as alt) where false"
      : `${parquetRows(genome)} where chrom = ${quoteText(contig)}`;
  await connection.run(
    `create or replace temp table genome as select start, ref, alt from ${source};
     create or replace temp table known as ${genomeSql(key)}`,
    [],
    signal,
  );
  const [row] = await connection.rows<{ rows: number }>("select count(*) as rows from known");
  return row?.rows ?? 0;
}
