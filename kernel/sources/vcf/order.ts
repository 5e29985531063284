import { rename, rm } from "node:fs/promises";

import { quoteText } from "../../engines/engine.ts";
import type { Connection } from "../../engines/engine.ts";
import { numberedRows } from "../../engines/parquet-rows.ts";
import { PARQUET_OPTIONS } from "../../engines/parquet-options.ts";
import { PRIMARY_CONTIGS } from "../../primary-contigs.ts";
import type { Reading } from "./read-records.ts";
import type { Twice } from "./twice.ts";

/** Contigs beside the primary ones that are copied one by one; more are sorted together. */
const MOST_BRANCHES = 100;

/** What a sort may hold: beside it lie the contigs that are sorted already and wait to be written. */
const SORT_BYTES = 300_000_000;

/** One contig as it lies in the table: rows in file order. */
interface ContigRun {
  readonly chrom: string;
  /** Rows whose predecessor lies behind them on the same contig. */
  readonly backward: number;
  /** Stretches of neighbouring rows: more than 1 when the contig comes back after another. */
  readonly stretches: number;
}

/**
 * Whether rows that came so are in contig order and position order: contigs 1 … 22, X, Y, MT, then those that the
 * header declares (`declared`: folded names in its order), then others as they come.
 */
export function isInOrder(
  { keptBackward, contigs }: Pick<Reading, "keptBackward" | "contigs">,
  declared: readonly string[],
): boolean {
  if (keptBackward > 0) return false;
  const rank = ranks(contigs, declared);
  return contigs.every((name, index) => index === 0 || rank(contigs[index - 1] ?? "") < rank(name));
}

/**
 * Puts the table at `path` into the order that {@link isInOrder} asks for. One whose contigs are in another order only
 * is copied contig by contig; a contig whose positions go backwards is sorted, rows of one position in file order.
 * Rows that stand twice are left out.
 *
 * `limits.memoryBytes`: what the engine may hold; `columnBytes`: what it wants for its columns alone.
 */
export async function putInOrder(
  connection: Connection,
  path: string,
  declared: readonly string[],
  { memoryBytes, columnBytes }: { readonly memoryBytes: number; readonly columnBytes: number },
  signal: AbortSignal,
  twice: Twice | null = null,
): Promise<void> {
  const runs = await contigRuns(connection, path, signal);
  const rank = ranks(
    runs.map(({ chrom }) => chrom),
    declared,
  );
  const ordered = runs.toSorted((a, b) => rank(a.chrom) - rank(b.chrom));
  const target = `${path}.ordered`;
  try {
    await connection.run(
      `SET memory_limit = '${Math.min(Math.max(SORT_BYTES, columnBytes), memoryBytes)}B'`,
      [],
      signal,
    );
    await connection.run(
      `COPY (${inOrder(ordered, path, twice)}) TO ${quoteText(target)} (${PARQUET_OPTIONS})`,
      [],
      signal,
    );
    await rename(target, path);
  } finally {
    await rm(target, { force: true });
  }
}

async function contigRuns(connection: Connection, path: string, signal: AbortSignal): Promise<ContigRun[]> {
  return connection.rows<ContigRun>(
    `SELECT chrom,
       count(*) FILTER (chrom = before AND "start" < position)::DOUBLE AS backward,
       count(*) FILTER (before IS NULL OR chrom <> before)::DOUBLE AS stretches
     FROM (
       SELECT chrom, "start", file_row_number AS row, lag(chrom) OVER () AS before, lag("start") OVER () AS position
       FROM ${numberedRows(path)}
     )
     GROUP BY chrom ORDER BY min(row)`,
    [],
    signal,
  );
}

/** Place of each contig that came, in the order of the table. */
function ranks(came: readonly string[], declared: readonly string[]): (name: string) => number {
  const names = [...new Set([...PRIMARY_CONTIGS, ...declared, ...came])];
  const rank = new Map(names.map((name, index) => [name, index]));
  return (name) => rank.get(name) ?? names.length;
}

function inOrder(runs: readonly ContigRun[], path: string, twice: Twice | null): string {
  const table = numberedRows(path);
  const columns = `* EXCLUDE (file_row_number)`;
  const once = twice === null ? "" : ` AND file_row_number NOT IN (${twice.rows})`;
  const one = (run: ContigRun): string => {
    const isShared = twice?.contigs.has(run.chrom) === true;
    const rows = `FROM ${table} WHERE chrom = ${quoteText(run.chrom)}${isShared ? once : ""}`;
    return run.backward === 0 && run.stretches === 1 && !isShared
      ? `SELECT ${columns} ${rows}`
      : `SELECT ${columns} FROM (SELECT * ${rows} ORDER BY "start", file_row_number)`;
  };
  const alone = runs.slice(0, MOST_BRANCHES).map((run) => one(run));
  const rest = runs.slice(MOST_BRANCHES).map(({ chrom }) => quoteText(chrom));
  if (rest.length > 0) {
    const list = `[${rest.join(",")}]`;
    alone.push(
      `SELECT ${columns} FROM (SELECT * FROM ${table} WHERE list_contains(${list}, chrom)${once} ORDER BY list_position(${list}, chrom), "start", file_row_number)`,
    );
  }
  return alone.join("\nUNION ALL\n");
}
