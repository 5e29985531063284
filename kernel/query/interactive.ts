import { WorkspaceError } from "#protocol/error.ts";
import type { ExportFormat, KernelSettings, LiveQuery, ViewedTable } from "#protocol/kernel-messages.ts";

import { engines } from "../engines/index.ts";
import { duckdb } from "../engines/duckdb.ts";
import type { Connection, EngineOptions } from "../engines/engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { liveQuery } from "./live-query.ts";
import { Tables } from "./tables.ts";

/** Databases of live queries that stay open: as many notebooks and samples as a person switches between. */
const MOST_OPEN = 4;

interface Open {
  readonly connection: Promise<Connection>;
  users: number;
}

/**
 * What a page looks at: tables under views, and live SQL. Every database here is shut but for the files it is
 * for: stored objects and its own spilled data, and of a live query only the tables it names.
 */
export class Interactive {
  readonly #settings: KernelSettings;
  #tables: Promise<{ tables: Tables; directory: string }> | null = null;
  #parsing: Promise<Connection> | null = null;
  /** By the tables they hold; the least recently used first. */
  readonly #open = new Map<string, Open>();

  constructor(settings: KernelSettings) {
    this.#settings = settings;
  }

  async tables(): Promise<Tables> {
    return (await this.#shared()).tables;
  }

  async *export(table: ViewedTable, format: ExportFormat, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { tables, directory } = await this.#shared();
    const { exportBytes } = await import("./export.ts");
    yield* exportBytes(tables, table, format, directory, signal);
  }

  /** @throws {WorkspaceError} `notebook` for an engine that is not there */
  async *query(query: LiveQuery, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const name = query.cells.at(-1)?.attributes["engine"] ?? duckdb.name;
    const parser = await this.#parser();
    if (name === duckdb.name) {
      yield* this.#onDuckdb(query, parser, signal);
      return;
    }
    const engine = engines.find((one) => one.name === name);
    if (engine === undefined) {
      throw new WorkspaceError({
        code: "notebook",
        message: `no such engine: ${name}`,
        hint: `Write engine=${engines.map((one) => one.name).join(" or engine=")}.`,
        cell: query.cells.at(-1)?.name ?? "",
      });
    }
    const connection = await engine.open({ ...this.#limits(), spillDirectory: this.#settings.spill });
    try {
      for (const [table, path] of Object.entries(query.tables)) await connection.register(table, path);
      yield* liveQuery(query, connection, parser, signal);
    } finally {
      connection.close();
    }
  }

  async *#onDuckdb(query: LiveQuery, parser: Connection, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const open = this.#database(query.tables);
    open.users++;
    try {
      yield* liveQuery(query, await open.connection, parser, signal);
    } finally {
      open.users--;
      this.#closeUnused();
    }
  }

  /** A database that holds some tables and can reach no other file. */
  #database(tables: Readonly<Record<string, string>>): Open {
    const key = JSON.stringify(Object.entries(tables).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#open.get(key);
    const open = known ?? { connection: this.#openDatabase(tables), users: 0 };
    this.#open.delete(key);
    this.#open.set(key, open);
    if (known === undefined) open.connection.catch(() => this.#open.delete(key));
    return open;
  }

  async #openDatabase(tables: Readonly<Record<string, string>>): Promise<Connection> {
    const connection = await duckdb.open({
      ...this.#limits(),
      spillDirectory: this.#settings.spill,
      allowedPaths: Object.values(tables),
    });
    try {
      for (const [name, path] of Object.entries(tables)) await connection.register(name, path);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #closeUnused(): void {
    for (const [key, open] of this.#open) {
      if (this.#open.size <= MOST_OPEN) return;
      if (open.users > 0) continue;
      this.#open.delete(key);
      open.connection.then((connection) => connection.close()).catch(() => {});
    }
  }

  /** Only parses, for all queries: it holds no table, reaches no file, and stays. */
  #parser(): Promise<Connection> {
    this.#parsing ??= this.#openDatabase({}).catch((error: unknown) => {
      this.#parsing = null;
      throw error;
    });
    return this.#parsing;
  }

  #shared(): Promise<{ tables: Tables; directory: string }> {
    this.#tables ??= this.#openTables().catch((error: unknown) => {
      this.#tables = null;
      throw error;
    });
    return this.#tables;
  }

  async #openTables(): Promise<{ tables: Tables; directory: string }> {
    const { objects, spill } = this.#settings;
    const directory = await temporaryDirectory(spill, "views");
    const connection = await duckdb.open({
      ...this.#limits(),
      spillDirectory: spill,
      allowedDirectories: [objects, directory],
    });
    return { tables: new Tables(connection, directory), directory };
  }

  #limits(): Pick<EngineOptions, "memoryBytes" | "threads"> {
    const { memoryBytes, threads } = this.#settings;
    return {
      ...(memoryBytes === null ? {} : { memoryBytes }),
      ...(threads === null ? {} : { threads }),
    };
  }
}
