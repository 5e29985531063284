import { quoteText } from "./engine.ts";

/** A Parquet file for a FROM of DuckDB: a folder named as `column=value` is no column of the tables in it. */
export function parquetRows(path: string): string {
  return `read_parquet(${quoteText(path)}, hive_partitioning = false)`;
}

/** As {@link parquetRows}, with the number of each row as `file_row_number`. */
export function numberedRows(path: string): string {
  return `read_parquet(${quoteText(path)}, file_row_number = true, hive_partitioning = false)`;
}
