import { existsSync } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";

import type { TableView } from "#protocol/messages.ts";
import type { Progress } from "#protocol/record.ts";

import { synchronise } from "../assets/object-store.ts";
import { quoteName } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { isText } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

/** Names of columns that hold an rsID. */
const COLUMNS: readonly string[] = ["rsid", "vcf_rsid", "id"];
/** The rsIDs that an index holds: as dbSNP writes them, and small enough for their number. */
const RSID = /^rs([1-9]\d{0,17})$/;
/** More rows than this are read as any filter's are. */
const MOST_ROWS = 1_000;
const PROGRESS_MS = 250;

/**
 * An index of a column of rsIDs lies beside the object that holds the table, and goes when that does: a Parquet file of
 * `number`, what follows `rs`, and `row`, the `file_row_number`, sorted by both. It holds the rows whose whole text is
 * one rsID.
 */
function indexPath(table: string, column: string): string {
  return `${table}.${column}.index`;
}

/**
 * Rows that can hold the rsID that a view asks for, in the order of the file; the view's own conditions still decide.
 * Null when it asks for none, or there is no index: then every row can.
 */
export async function indexedRows(
  connection: Connection,
  table: string,
  columns: readonly TableColumn[],
  view: TableView,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  for (const filter of view.filters ?? []) {
    const number = filter.is === "equal" ? RSID.exec(filter.value)?.[1] : undefined;
    if (number === undefined || !indexed(columns).includes(filter.column)) continue;
    const path = indexPath(table, filter.column);
    if (!existsSync(path)) continue;
    const found = await connection.rows<{ row: number }>(
      `select row from ${parquetRows(path)} where number = ${number}::ubigint
       order by row limit ${MOST_ROWS + 1}`,
      [],
      signal,
    );
    if (found.length <= MOST_ROWS) return found.map(({ row }) => row);
  }
  return null;
}

/**
 * Makes the indexes that a table lacks: one pass over each column of rsIDs, and a sort. Both are the engine's, so the
 * memory is what its database may hold (`memoryBytes`), and what is more spills.
 *
 * @param staging a path on the same disk, which nobody else writes
 * @throws {WorkspaceError} `cancelled`; `engine`
 */
export async function makeIndexes(
  connection: Connection,
  table: string,
  columns: readonly TableColumn[],
  staging: string,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
): Promise<void> {
  for (const column of indexed(columns)) {
    const path = indexPath(table, column);
    if (existsSync(path)) continue;
    const phase = "indexing the rsIDs";
    progress({ phase });
    const timer = setInterval(() => {
      const fraction = connection.progress();
      progress(fraction === null ? { phase } : { phase, fraction });
    }, PROGRESS_MS);
    const text = quoteName(column);
    try {
      await connection.sink(
        `select number, row from (
           select try_cast(substring(${text}::varchar, 3) as ubigint) as number, ${text}::varchar as rsid,
             file_row_number::uinteger as row from ${numberedRows(table)})
         where 'rs' || number = rsid order by number, row`,
        staging,
        { signal },
      );
      // Half an index under its name would fail every look-up: its content is on disk before that is.
      await synchronise(staging);
      await chmod(staging, 0o400);
      await rename(staging, path);
    } finally {
      clearInterval(timer);
      await rm(staging, { force: true });
    }
  }
}

function indexed(columns: readonly TableColumn[]): string[] {
  return columns.filter((column) => COLUMNS.includes(column.name) && isText(column)).map(({ name }) => name);
}
