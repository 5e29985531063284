import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { ColumnBatch } from "../../columns/column-data.ts";
import type { Connection } from "../../engines/engine.ts";
import { ParquetConcatenation } from "../../parquet/concatenate-parquet.ts";

/** A table on its way. */
interface PartedFile {
  readonly target: string;
  parts: number;
  /** From the first part on. */
  whole: ParquetConcatenation | null;
  /** Settles when all parts so far are in it. */
  added: Promise<void>;
}

/**
 * Tables that are written part by part: each part is a file of one row group, which is added to the table's own while
 * the next ones are made.
 */
export class PartFiles<Table extends string> {
  readonly #files: ReadonlyMap<string, PartedFile>;
  readonly #connections: readonly Connection[];
  readonly #directory: string;
  readonly #signal: AbortSignal;
  #started = 0;

  /** Parts go to `directory`, by the connections in turn: each writes one at a time. `targets`: path of each table. */
  constructor(
    targets: Readonly<Record<Table, string>>,
    connections: readonly Connection[],
    directory: string,
    signal: AbortSignal,
  ) {
    const files = Object.entries<string>(targets).map(([table, target]) => {
      const file: PartedFile = { target, parts: 0, whole: null, added: Promise.resolve() };
      return [table, file] as const;
    });
    this.#files = new Map(files);
    this.#connections = connections;
    this.#directory = directory;
    this.#signal = signal;
  }

  /** Writes the next part of a table; its columns may change when it settles. The order of the calls is that of the rows. */
  async write(table: Table, batch: ColumnBatch): Promise<void> {
    const file = this.#files.get(table);
    const connection = this.#connections[this.#started % this.#connections.length];
    this.#started += 1;
    if (file === undefined || connection?.sinkColumns === undefined) {
      throw new Error("an engine that takes no columns");
    }
    const path = join(this.#directory, `${table}.${file.parts}.parquet`);
    file.parts += 1;
    const before = file.added;
    const written = connection.sinkColumns(batch, path, this.#signal);
    file.added = addTo(file, path, before, written);
    // Whoever waits for the tables hears of it.
    file.added.catch(() => {});
    await written;
    // What could not be added is heard of before all is read, and no parts pile up.
    await before;
  }

  /** Settles when the tables are whole. @throws what went wrong with one */
  async finish(): Promise<void> {
    for (const file of this.#files.values()) {
      await file.added;
      await file.whole?.finish();
    }
  }

  /** Settles when nothing is written any more, whether the tables are whole or not. */
  async close(): Promise<void> {
    for (const file of this.#files.values()) {
      await file.added.catch(() => {});
      await file.whole?.close();
    }
  }
}

/** Adds the part at `path`, once it is written and those before it are added. */
async function addTo(
  file: PartedFile,
  path: string,
  before: Promise<void>,
  written: Promise<void>,
): Promise<void> {
  await before;
  await written;
  file.whole ??= await ParquetConcatenation.open(file.target);
  await file.whole.add(path);
  await rm(path);
}
