/** A value that is bound to a parameter of a statement, never spliced into its text. */
export type Value = string | number | bigint | boolean | null | readonly string[];

/** Limits of an engine in this process. */
export interface EngineOptions {
  /** Bytes the engine may hold before it spills. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** Directory inside the workspace that spilled data goes to; made when needed, private. */
  readonly spillDirectory: string;
}

/**
 * A result on its way: Arrow IPC stream messages. The first is the schema, the last the end-of-stream
 * mark; each message is whole, and its bytes may be sent or written as they are.
 */
export interface BatchStream {
  readonly messages: AsyncIterable<Uint8Array>;
}

/** One connection of an engine. Statements run one after the other; open another to run side by side. */
export interface Connection {
  /**
   * Runs one or more statements for their effect.
   *
   * @throws {WorkspaceError} `engine` with the engine's text in `detail`; `cancelled` when the signal fires
   */
  run(sql: string, parameters?: readonly Value[], signal?: AbortSignal): Promise<void>;
  /** Rows as plain objects: for results of some thousand rows at the most. BIGINT arrives as a number when safe, else as a bigint; a list as an array. */
  rows<Row>(sql: string, parameters?: readonly Value[], signal?: AbortSignal): Promise<Row[]>;
  /** Rows as Arrow batches, in bounded memory. The first batch is small so that a screen fills at once. */
  stream(sql: string, parameters?: readonly Value[], signal?: AbortSignal): BatchStream;
  /** How far the running statement is, 0 to 1; null when the engine does not know. */
  progress(): number | null;
  close(): void;
}

/** Something that runs queries over Parquet. A member of the shelf `kernel/engines/`. */
export interface Engine {
  readonly name: string;
  /** As the engine states it, such as `1.5.6`. */
  readonly version: string;
  open(options: EngineOptions): Promise<Connection>;
}

/** A name quoted for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal quoted for SQL: for places that take no parameter, such as file names in COPY. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
