import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";
import { stopped } from "#protocol/error.ts";
import type { TableView } from "#protocol/messages.ts";

import type { BatchStream, Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { rowCount } from "../engines/row-count.ts";

import type { ViewSql } from "./view-sql.ts";

/** Views that are kept, of all tables, and what they may take on disk. */
const MOST_VIEWS = 64;
const MOST_BYTES = 2 ** 30;

/** The rows of a view: a Parquet file with one column `row`, the `file_row_number` of each, in the order of the view. */
export interface ViewRows {
  readonly path: string;
  readonly rows: number;
}

interface Entry {
  readonly table: string;
  readonly path: string;
  readonly abort: AbortController;
  readonly made: Promise<ViewRows>;
  /** Null while it is being made. */
  bytes: number | null;
  /** Readers and those who wait. An entry that has some is neither stopped nor dropped. */
  users: number;
}

/**
 * Sorts and filters each view once: its row numbers are kept in a file, so that every page of it costs the same. A
 * view that is still being made when another of the same table is asked for, and that nobody waits for, is stopped.
 */
export class ViewRowsCache {
  readonly #connection: Connection;
  readonly #directory: string;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();

  /** `directory` is this cache's alone; what lies in it can be dropped at any time between two lives of the process. */
  constructor(connection: Connection, directory: string) {
    this.#connection = connection;
    this.#directory = directory;
  }

  /**
   * Gives the rows of a view to `use` as soon as they are known, and keeps them meanwhile.
   *
   * @throws {WorkspaceError} `cancelled` when the signal fires while it waits
   */
  async with<T>(
    table: string,
    view: TableView,
    sql: ViewSql,
    signal: AbortSignal,
    use: (rows: ViewRows) => Promise<T>,
  ): Promise<T> {
    const entry = this.#take(table, view, sql);
    try {
      return await use(await unlessAborted(entry.made, signal));
    } finally {
      await this.#leave(entry, signal);
    }
  }

  /** As {@link with}, for a result on its way: the rows are kept until it has ended. */
  async *stream(
    table: string,
    view: TableView,
    sql: ViewSql,
    signal: AbortSignal,
    use: (rows: ViewRows) => BatchStream,
  ): AsyncGenerator<Uint8Array> {
    const entry = this.#take(table, view, sql);
    try {
      yield* use(await unlessAborted(entry.made, signal)).messages;
    } finally {
      await this.#leave(entry, signal);
    }
  }

  /** Settles when none of the views of a table is being made. */
  async settled(table: string): Promise<void> {
    const entries = [...this.#entries.values()].filter((entry) => entry.table === table);
    await Promise.allSettled(entries.map(({ made }) => made));
  }

  /** Whether a view is made already. */
  has(table: string, view: TableView): boolean {
    return this.#entries.get(keyOf(table, view))?.bytes != null;
  }

  #take(table: string, view: TableView, sql: ViewSql): Entry {
    const entry = this.#start(table, view, sql);
    entry.users++;
    return entry;
  }

  async #leave(entry: Entry, signal: AbortSignal): Promise<void> {
    entry.users--;
    if (entry.users === 0 && entry.bytes === null && signal.aborted) entry.abort.abort();
    await this.#trim();
  }

  /** Begins to make a view, or takes the one that is there. */
  #start(table: string, view: TableView, sql: ViewSql): Entry {
    const key = keyOf(table, view);
    const known = this.#entries.get(key);
    if (known !== undefined && !known.abort.signal.aborted) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    for (const other of this.#entries.values()) {
      if (other.table === table && other.bytes === null && other.users === 0) other.abort.abort();
    }
    const name = sha256(`${key} ${performance.now()}`).slice(0, 32);
    const path = join(this.#directory, `${name}.parquet`);
    const abort = new AbortController();
    const entry: Entry = {
      table,
      path,
      abort,
      bytes: null,
      users: 0,
      made: this.#make(table, path, sql, abort.signal),
    };
    this.#entries.set(key, entry);
    void this.#settle(key, entry);
    return entry;
  }

  /** A view that failed or was stopped is made anew when it is asked for again. */
  async #settle(key: string, entry: Entry): Promise<void> {
    try {
      await entry.made;
      entry.bytes = (await stat(entry.path).catch(() => null))?.size ?? 0;
    } catch {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      await rm(entry.path, { force: true }).catch(() => null);
    }
  }

  async #make(table: string, path: string, sql: ViewSql, signal: AbortSignal): Promise<ViewRows> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const connection = await this.#connection.connect();
    try {
      const query = `select file_row_number::uinteger as row from ${numberedRows(table)} where ${sql.where} order by ${sql.order}`;
      await connection.sink(query, path, { parameters: sql.parameters, signal });
      return { path, rows: await rowCount(connection, path) };
    } finally {
      connection.close();
    }
  }

  async #trim(): Promise<void> {
    let count = this.#entries.size;
    let bytes = [...this.#entries.values()].reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
    for (const [key, entry] of this.#entries) {
      if (count <= MOST_VIEWS && bytes <= MOST_BYTES) return;
      if (entry.users > 0 || entry.bytes === null) continue;
      this.#entries.delete(key);
      count--;
      bytes -= entry.bytes;
      await rm(entry.path, { force: true });
    }
  }
}

function keyOf(table: string, view: TableView): string {
  return JSON.stringify([table, view.sort ?? [], view.filters ?? [], view.search ?? ""]);
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(stopped());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
