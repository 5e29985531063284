import { rm } from "node:fs/promises";

import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

import { ColumnTables } from "./column-tables.ts";

/** A database in memory with its folder for spilled data. Both go when its last connection does. */
export class Database {
  readonly columns: ColumnTables = new ColumnTables();
  readonly #instance: DuckDBInstance;
  readonly #spillDirectory: string;
  #users = 1;

  constructor(instance: DuckDBInstance, spillDirectory: string) {
    this.#instance = instance;
    this.#spillDirectory = spillDirectory;
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
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
