import { rm } from "node:fs/promises";

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { ColumnTables } from "./column-tables.ts";

/** What DuckDB calls its freedom to turn joins around, and to evaluate the conditions of later steps in earlier ones, too. */
const REORDERING = "join_order,build_side_probe_side,cte_filter_pusher";

/** A database in memory with its folder for spilled data. Both go when its last connection does. */
export class Database {
  readonly columns: ColumnTables = new ColumnTables();
  readonly #instance: DuckDBInstance;
  readonly #spillDirectory: string;
  #users = 1;
  #asWritten = 0;
  #set: Promise<void> = Promise.resolve();

  constructor(instance: DuckDBInstance, spillDirectory: string) {
    this.#instance = instance;
    this.#spillDirectory = spillDirectory;
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /**
   * Does work whose joins are carried out as they are written. DuckDB sets this for all connections of a database
   * alone: the last of such work to end takes it back.
   */
  async asWritten<T>(run: (sql: string) => Promise<void>, work: () => Promise<T>): Promise<T> {
    const set = (sql: string): Promise<void> => (this.#set = this.#set.catch(() => {}).then(() => run(sql)));
    if (this.#asWritten++ === 0) void set(`set disabled_optimizers = '${REORDERING}'`).catch(() => {});
    try {
      await this.#set;
      return await work();
    } finally {
      if (--this.#asWritten === 0) await set("reset disabled_optimizers");
    }
  }

  /** The same database with one more user. */
  retained(): this {
    this.#users++;
    return this;
  }

  release(): void {
    if (--this.#users > 0) return;
    this.#instance.closeSync();
    // What stays behind is swept by the next one to open a database here.
    rm(this.#spillDirectory, { recursive: true, force: true }).catch(() => {});
  }
}
