import { join } from "node:path";

import type { NamedColumn } from "../../columns/column.ts";
import type { Connection } from "../../engines/engine.ts";
import { concatenateParquet } from "../../parquet/concatenate-parquet.ts";

/** Rows of one part: one row group of the table, as large as the engine makes them itself. */
export const PART_ROWS = 122_880;
/** Sets of columns that a table fills in turn: one is filled while others are written. */
const SETS = 3;

/** The columns of one part, see {@link PartedTable}. */
export interface PartColumns {
  readonly columns: readonly NamedColumn[];
}

/**
 * A Parquet file that is written part by part while the next part is filled, so that memory is bounded by a few
 * parts. Who fills it puts a row into `set` at `row`, counts `row` up, and calls {@link flush} when {@link isFull}.
 */
export class PartedTable<Set extends PartColumns> {
  set: Set;
  row = 0;
  readonly #free: Set[] = [];
  readonly #connections: readonly Connection[];
  readonly #directory: string;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #parts: string[] = [];
  /** Parts on their way. None of them rejects. */
  readonly #writing = new Set<Promise<void>>();
  #fault: { readonly error: unknown } | null = null;
  #sets = 1;
  readonly #make: () => Set;

  /** Parts go to `directory`, by the connections in turn. */
  constructor(
    name: string,
    make: () => Set,
    connections: readonly Connection[],
    directory: string,
    signal: AbortSignal,
  ) {
    this.#name = name;
    this.#make = make;
    this.set = make();
    this.#connections = connections;
    this.#directory = directory;
    this.#signal = signal;
  }

  get isFull(): boolean {
    return this.row === PART_ROWS;
  }

  /** Starts to write what is filled, and settles when there is room for the next rows. */
  async flush(): Promise<void> {
    const writing = this.#write(this.set, this.row).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    this.set = await this.#next();
    this.row = 0;
  }

  /** Writes what is left and puts the parts together at `path`. A table without rows has its columns all the same. */
  async finish(path: string): Promise<void> {
    if (this.row > 0 || this.#parts.length === 0) await this.flush();
    await this.settled();
    await concatenateParquet(this.#parts, path);
  }

  /** Settles when nothing is being written. @throws what stopped a part from being written */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
    if (this.#fault !== null) throw this.#fault.error;
  }

  async #write(set: Set, rows: number): Promise<void> {
    const index = this.#parts.length;
    const path = join(this.#directory, `${this.#name}.${index}.parquet`);
    this.#parts.push(path);
    const connection = this.#connections[index % this.#connections.length];
    try {
      if (connection?.sinkColumns === undefined) throw new Error("an engine that takes no columns");
      await connection.sinkColumns({ rows, columns: set.columns }, path, this.#signal);
    } catch (error) {
      this.#fault ??= { error };
    }
    for (const { column } of set.columns) column.reset();
    this.#free.push(set);
  }

  async #next(): Promise<Set> {
    for (;;) {
      if (this.#fault !== null) throw this.#fault.error;
      const free = this.#free.pop();
      if (free !== undefined) return free;
      if (this.#sets < SETS) {
        this.#sets += 1;
        return this.#make();
      }
      await Promise.race(this.#writing);
    }
  }
}
