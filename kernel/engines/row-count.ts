import type { Connection } from "./engine.ts";
import { quotePath } from "./parquet-rows.ts";

/** Rows of a Parquet file, by its footer alone. For a connection of DuckDB. */
export async function rowCount(connection: Connection, path: string, signal?: AbortSignal): Promise<number> {
  const [counted] = await connection.rows<{ rows: number }>(
    `select num_rows as rows from parquet_file_metadata(${quotePath(path)})`,
    [],
    signal,
  );
  return counted?.rows ?? 0;
}
