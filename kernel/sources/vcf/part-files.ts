import { join } from "node:path";

import type { ColumnBatch } from "../../columns/column-data.ts";
import type { Connection } from "../../engines/engine.ts";
import { concatenateParquet } from "../../parquet/concatenate-parquet.ts";

/** Tables that are written part by part: each part is a file of one row group, and in the end they are put together. */
export class PartFiles {
  readonly #connections: readonly Connection[];
  readonly #directory: string;
  readonly #signal: AbortSignal;
  readonly #parts = new Map<string, string[]>();
  #started = 0;

  /** Parts go to `directory`, by the connections in turn: each writes one at a time. */
  constructor(connections: readonly Connection[], directory: string, signal: AbortSignal) {
    this.#connections = connections;
    this.#directory = directory;
    this.#signal = signal;
  }

  /** Writes the next part of a table. The order of the calls is that of the rows. */
  async write(table: string, batch: ColumnBatch): Promise<void> {
    const parts = this.#parts.get(table) ?? [];
    const path = join(this.#directory, `${table}.${parts.length}.parquet`);
    this.#parts.set(table, [...parts, path]);
    const connection = this.#connections[this.#started % this.#connections.length];
    this.#started += 1;
    if (connection?.sinkColumns === undefined) throw new Error("an engine that takes no columns");
    await connection.sinkColumns(batch, path, this.#signal);
  }

  /** Puts the parts of a table together at `path`. */
  async finish(table: string, path: string): Promise<void> {
    await concatenateParquet(this.#parts.get(table) ?? [], path);
  }
}
