import { quoteName } from "./engine.ts";
import type { BatchStream, Connection } from "./engine.ts";
import { numberedRows } from "./parquet-rows.ts";

export interface PageRange {
  /** 0-based number of the first row, in the order of the file. */
  readonly offset: number;
  readonly limit: number;
  /** Columns to read; default all. */
  readonly columns?: readonly string[];
}

/**
 * Rows `offset` … `offset + limit - 1` of a Parquet file, in its order. Only the row groups that they lie in
 * are read: a page costs the same wherever it is, which OFFSET does not give.
 *
 * For a connection of DuckDB that keeps the order of rows.
 */
export function page(
  connection: Connection,
  parquetPath: string,
  { offset, limit, columns }: PageRange,
  signal?: AbortSignal,
): BatchStream {
  const shown = columns === undefined ? "* exclude (file_row_number)" : columns.map(quoteName).join(", ");
  const rows = numberedRows(parquetPath);
  const sql = `select ${shown} from ${rows} where file_row_number >= $1 and file_row_number < $2`;
  return connection.stream(sql, [offset, offset + limit], signal);
}
