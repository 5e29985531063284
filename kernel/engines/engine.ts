import type { ColumnBatch } from "../columns/column-data.ts";

/** A value that is bound to a parameter of a statement, never spliced into its text. */
export type Value = string | number | bigint | boolean | null | readonly string[];

/** How much an engine may take. */
export interface EngineLimits {
  /** Bytes the engine may hold before it spills. */
  readonly memoryBytes: number;
  readonly threads: number;
}

/** How an engine is opened in this process. Its limits are, by default, what `machineLimits` says now. */
export interface EngineOptions extends Partial<EngineLimits> {
  /** Directory inside the workspace that spilled data goes to; made when needed, private. */
  readonly spillDirectory: string;
  /** Whether results keep the order of the rows they are made from. Default yes; without, large results need less memory. */
  readonly preserveOrder?: boolean;
  /**
   * For SQL that is not trusted: when this or `allowedPaths` is given, it may read and write nothing but
   * what is in these directories and its own spilled data, load no extension and change no setting.
   */
  readonly allowedDirectories?: readonly string[];
  /** Single files that such SQL may read and write. */
  readonly allowedPaths?: readonly string[];
}

export interface RegisterOptions {
  /** Name of an integer column to add: the number of the row in its file, from 0. For a table of one file. */
  readonly rowNumber?: string;
  /** Of a table of one file, a stretch of its rows alone; the first has the number 0. */
  readonly rows?: { readonly first: number; readonly count: number };
}

/** A query that those after it read by its name. */
export interface NamedQuery {
  readonly name: string;
  /** Several give the rows of all: they are carried out one after the other where each reads much. */
  readonly sql: string | readonly string[];
  /** Whether it reads more than may be held in memory at once. */
  readonly readsMuch?: boolean;
}

export interface SinkOptions {
  readonly parameters?: readonly Value[];
  /**
   * Queries that are carried out first, in order and once each; what they give is held in memory, where the engine
   * does not spill, and gone with the statement. Joins are then carried out as they are written, the right side held in
   * memory.
   */
  readonly steps?: readonly NamedQuery[];
  readonly signal?: AbortSignal | undefined;
  /** Rows of one row group of the file. Default: as many as the engine thinks good; so it is for many on Polars. */
  readonly rowGroupRows?: number;
}

/**
 * A result on its way: Arrow IPC stream messages. The first is the schema, the last the end-of-stream
 * mark; each message is whole, and its bytes may be sent or written as they are.
 */
export interface BatchStream {
  readonly messages: AsyncIterable<Uint8Array>;
}

/**
 * One connection of an engine. Statements run one after the other; {@link Connection.connect} gives another
 * to run side by side. Parameters are written `$1`, `$2` … or `?`.
 */
export interface Connection {
  /**
   * Runs one or more statements for their effect.
   *
   * @throws {WorkspaceError} `engine` with the engine's text in `detail` and, where it says so, the place in
   * the SQL; `memory` when it has none left; `cancelled` when the signal fires
   */
  run(sql: string, parameters?: readonly Value[], signal?: AbortSignal): Promise<void>;
  /** Rows as plain objects: for results of some thousand rows at the most. BIGINT arrives as a number when safe, else as a bigint; a list as an array. */
  rows<Row>(sql: string, parameters?: readonly Value[], signal?: AbortSignal): Promise<Row[]>;
  /**
   * Rows as Arrow batches, in bounded memory. The first batch is small so that a screen fills at once. The
   * query starts when the first message is asked for and goes on beside other statements of the
   * connection, of which it sees tables and views but nothing temporary; `return()` stops it.
   */
  stream(sql: string, parameters?: readonly Value[], signal?: AbortSignal): BatchStream;
  /** Names a table that is kept in a Parquet file, or in several of one schema. A name that is taken is given anew. */
  register(name: string, parquet: string | readonly string[], options?: RegisterOptions): Promise<void>;
  /**
   * Writes the rows of one query to a Parquet file (zstd, with statistics), in bounded memory. What stands at
   * the path is written over, and half of a file may be left behind by a failure: write to a staging path.
   *
   * @throws {WorkspaceError} `engine`, also when the text is not one query; `cancelled`
   */
  sink(sql: string, path: string, options?: SinkOptions): Promise<void>;
  /** Another connection to the same tables and views, under the same limits, to run side by side. */
  connect(): Promise<Connection>;
  /** How far the running statement is, 0 to 1; null when the engine does not know. */
  progress(): number | null;
  /**
   * Writes columns that this process holds to a Parquet file, as one row group (zstd, with statistics). They are read
   * in place: nobody may change them before this settles. Absent: the engine cannot read this process's memory.
   *
   * @throws {WorkspaceError} `engine`; `cancelled`
   */
  sinkColumns?(batch: ColumnBatch, path: string, signal?: AbortSignal): Promise<void>;
  /**
   * Runs a statement over columns that this process holds, which `statement` gets the name of. As with `sinkColumns`.
   *
   * @throws {WorkspaceError} as {@link Connection.run}
   */
  runOverColumns?(
    batch: ColumnBatch,
    statement: (columns: string) => string,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Stops what runs and gives everything back. */
  close(): void;
}

/**
 * Something that runs queries over Parquet. A member of the shelf `kernel/engines/`, each of which
 * `test/engines/engine.test.ts` puts through the same.
 */
export interface Engine {
  readonly name: string;
  /** As the engine states it, such as `1.5.6`. */
  readonly version: string;
  /**
   * How many of its databases, side by side, do many small queries in the least time on so many threads: each has its
   * part of them, or all share them. 1: it does one at a time, with all of them.
   */
  sideBySide(threads: number): number;
  open(options: EngineOptions): Promise<Connection>;
}

/** An engine as records state it, with its version: `duckdb 1.5.6`. */
export function engineText({ name, version }: Pick<Engine, "name" | "version">): string {
  return `${name} ${version}`;
}

/** A name quoted for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal quoted for SQL: for places that take no parameter, such as file names in COPY. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
