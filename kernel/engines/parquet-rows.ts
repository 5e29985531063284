import { quoteText } from "./engine.ts";

/** A path as DuckDB takes it that reads: left to itself it takes `*`, `?` and `[` in a name for a pattern, and reads all that fits. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}

/** A file that a function of DuckDB reads, as a literal of SQL. */
export function quotePath(path: string): string {
  return quoteText(literalPath(path));
}

/** A Parquet file for a FROM of DuckDB: a folder named as `column=value` is no column of the tables in it. */
export function parquetRows(path: string): string {
  return `read_parquet(${quotePath(path)}, hive_partitioning = false)`;
}

/** As {@link parquetRows}, with the number of each row as `file_row_number`. */
export function numberedRows(path: string): string {
  return `read_parquet(${quotePath(path)}, file_row_number = true, hive_partitioning = false)`;
}
