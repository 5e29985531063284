import { StatementType } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBMaterializedResult } from "@duckdb/node-api";

import { WorkspaceError } from "#protocol/error.ts";

import type { ColumnBatch } from "../../columns/column-data.ts";
import { quoteName, quoteText } from "../engine.ts";
import type { BatchStream, Connection, NamedQuery, RegisterOptions, SinkOptions, Value } from "../engine.ts";
import { PARQUET_OPTIONS } from "../parquet-options.ts";
import { quotePath } from "../parquet-rows.ts";
import { bareStatement } from "../sql-text.ts";
import type { Database } from "./database.ts";
import { interruptible } from "./interruptible.ts";
import { rowsOf } from "./rows.ts";
import { withLastStatement } from "./statement.ts";

/** DuckDB's own default: a row group is what one thread reads at a time. */
const ROW_GROUP_ROWS = 122_880;
const COPY = "copy (";
/** Queries of a step that one statement carries out. */
const MOST_SCANS = 4;

/** A connection to a database in memory. Its statements queue; each stream has a connection of its own. */
export class DuckConnection implements Connection {
  readonly #database: Database;
  readonly #connection: DuckDBConnection;
  /** Stops whatever runs when the connection is closed. */
  readonly #closed = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, connection: DuckDBConnection) {
    this.#database = database;
    this.#connection = connection;
  }

  async run(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<void> {
    if (bareStatement(sql) === "") return;
    await this.#execute(sql, parameters, signal);
  }

  async rows<Row>(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<Row[]> {
    return rowsOf(await this.#execute(sql, parameters, signal));
  }

  stream(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): BatchStream {
    const closed = this.#closed.signal;
    const either = signal === undefined ? closed : AbortSignal.any([signal, closed]);
    const query = { sql, parameters, signal: either, connect: () => this.#database.connect() };
    return {
      messages: {
        [Symbol.asyncIterator]() {
          // Arrow takes a sixth of a second to load: work that only writes files is spared it.
          const inner = import("./stream.ts").then(({ streamOf }) =>
            streamOf(query).messages[Symbol.asyncIterator](),
          );
          return {
            next: async () => (await inner).next(),
            // Not a generator: leaving must reach the query while a message is waited for.
            return: async () => (await (await inner).return?.()) ?? { done: true, value: undefined },
          };
        },
      },
    };
  }

  async register(
    name: string,
    parquet: string | readonly string[],
    { rowNumber, rows }: RegisterOptions = {},
  ): Promise<void> {
    const paths = typeof parquet === "string" ? [parquet] : parquet;
    const list = paths.map(quotePath).join(", ");
    const isNumbered = rowNumber !== undefined || rows !== undefined;
    const columns =
      rowNumber !== undefined
        ? `* rename (file_row_number as ${quoteName(rowNumber)})`
        : isNumbered
          ? "* exclude (file_row_number)"
          : "*";
    const where =
      rows === undefined
        ? ""
        : `where file_row_number >= ${rows.first} and file_row_number < ${rows.first + rows.count}`;
    await this.run(
      `create or replace view ${quoteName(name)} as select ${columns}
       from read_parquet([${list}], hive_partitioning = false, file_row_number = ${isNumbered}) ${where}`,
    );
  }

  async sink(sql: string, path: string, options: SinkOptions = {}): Promise<void> {
    const { parameters = [], signal, steps = [], rowGroupRows = ROW_GROUP_ROWS } = options;
    // Scans in one statement hold what each of them wants, also those that wait; tables take longer.
    if (steps.some((step) => queriesOf(step).length > MOST_SCANS)) return this.#sinkApart(sql, path, options);
    const query = withSteps(sql, steps);
    // Steps take long to plan: with them, what is no query is left to COPY, which takes nothing else.
    if (steps.length === 0) {
      await this.#queued(query, signal, (either) =>
        withLastStatement(this.#connection, query, parameters, either, async (statement, count) => {
          if (count > 1 || statement.statementType !== StatementType.SELECT) throw notOneQuery();
        }),
      );
    }
    const copy = `${COPY}${bareStatement(query)}) to ${parquetTarget(path, rowGroupRows)}`;
    const write = async (): Promise<void> => {
      await this.#execute(copy, parameters, signal).catch((error: unknown) => {
        throw inQuery(error);
      });
    };
    // Of a step DuckDB knows no size: left to itself it holds the large side of a join in memory.
    if (steps.length === 0) await write();
    else await this.#database.asWritten((sql) => this.run(sql), write);
  }

  /** As `sink`, each query of a step a statement of its own. */
  async #sinkApart(sql: string, path: string, options: SinkOptions): Promise<void> {
    const { steps = [], parameters = [], signal, ...others } = options;
    const run = (text: string): Promise<void> => this.run(text, parameters, signal);
    try {
      await this.#database.asWritten(
        (text) => this.run(text),
        async () => {
          for (const step of steps) {
            const [first = "", ...rest] = queriesOf(step);
            await run(`create or replace temp table ${quoteName(step.name)} as ${first}`);
            for (const query of rest) await run(`insert into ${quoteName(step.name)} ${query}`);
          }
          await this.sink(sql, path, { ...others, parameters, signal });
        },
      );
    } finally {
      const names = steps.map(({ name }) => `drop table if exists temp.${quoteName(name)}`);
      // Of a connection that was closed they are gone already.
      await this.run(names.join("; ")).catch(() => {});
    }
  }

  async connect(): Promise<Connection> {
    this.#closed.signal.throwIfAborted();
    return new DuckConnection(this.#database.retained(), await this.#database.connect());
  }

  progress(): number | null {
    const { percentage } = this.#connection.progress;
    return percentage < 0 ? null : Math.min(1, percentage / 100);
  }

  async sinkColumns(batch: ColumnBatch, path: string, signal?: AbortSignal): Promise<void> {
    const target = parquetTarget(path, Math.max(batch.rows, 1));
    await this.runOverColumns(batch, (columns) => `copy (select * from ${columns}) to ${target}`, signal);
  }

  async runOverColumns(
    batch: ColumnBatch,
    statement: (columns: string) => string,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#database.columns.with(this.#connection, batch, (columns) =>
      this.#execute(statement(columns), [], signal),
    );
  }

  close(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    const disconnect = (): void => {
      this.#connection.closeSync();
      this.#database.release();
    };
    // Disconnecting under a statement that runs would pull its memory away.
    void this.#last.then(disconnect, disconnect);
  }

  #execute(
    sql: string,
    parameters: readonly Value[],
    signal: AbortSignal | undefined,
  ): Promise<DuckDBMaterializedResult> {
    return this.#queued(sql, signal, (either) =>
      withLastStatement(this.#connection, sql, parameters, either, (statement) => statement.run()),
    );
  }

  /** Waits for the statements before: an interrupt must not hit one that it was not meant for. */
  async #queued<T>(
    sql: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const closed = this.#closed.signal;
    const either = signal === undefined ? closed : AbortSignal.any([signal, closed]);
    const before = this.#last;
    const mine = (async () => {
      await before.catch(() => {});
      return interruptible(this.#connection, sql, either, () => work(either));
    })();
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** An error of a COPY with its place in the query, as that was written. */
function inQuery(error: unknown): unknown {
  if (!(error instanceof WorkspaceError) || error.info.span?.line !== 1) return error;
  const { column, ...rest } = error.info.span;
  const span = { ...rest, column: Math.max(1, column - COPY.length) };
  return new WorkspaceError({ ...error.info, span }, { cause: error.cause });
}

function parquetTarget(path: string, rowGroupRows: number): string {
  return `${quoteText(path)} (${PARQUET_OPTIONS}, row_group_size ${rowGroupRows})`;
}

function queriesOf({ sql }: NamedQuery): readonly string[] {
  return typeof sql === "string" ? [sql] : sql;
}

function withSteps(query: string, steps: readonly NamedQuery[]): string {
  if (steps.length === 0) return query;
  const tables = steps.map((step) => {
    const rows = queriesOf(step).join(" union all ");
    return `${quoteName(step.name)} as materialized (${rows})`;
  });
  return `with ${tables.join(", ")} ${query}`;
}

function notOneQuery(): WorkspaceError {
  return new WorkspaceError({
    code: "engine",
    message: "more than a query, or none",
    hint: "Write one SELECT.",
  });
}
