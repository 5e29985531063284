import { ResultReturnType, StatementType } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";

import { WorkspaceError, stopped } from "#protocol/error.ts";

import { BatchEncoder, ChunkView } from "../arrow/encoder.ts";
import { endMessage } from "../arrow/message.ts";
import type { BatchStream, Value } from "../engine.ts";
import { engineError } from "./engine-error.ts";
import { interruptible, interruptOn } from "./interruptible.ts";
import { withLastStatement } from "./statement.ts";

/** Rows at which the first batch is sent, for a screen that is still empty. */
const FIRST_ROWS = 1024;
/** Most rows of a batch; DuckDB's chunks have up to {@link CHUNK_ROWS}. */
const BATCH_ROWS = 16_384;
const CHUNK_ROWS = 2048;
/** How long rows that have come wait for more: a query that finds little should show it when it does. */
const PATIENCE_MS = 50;

/**
 * DuckDB hands nothing over before this much has come: with its own megabyte, a query that finds few rows showed none
 * before its end. So each chunk is handed over when the next one is there, which costs nothing.
 */
const BUFFER = "1KB";

/** A query that runs on a connection of its own, which ends with it. */
export interface StreamQuery {
  readonly sql: string;
  readonly parameters: readonly Value[];
  readonly signal: AbortSignal;
  connect(): Promise<DuckDBConnection>;
}

/**
 * The rows of a query as Arrow messages. Nothing runs before the first message is asked for, and of what
 * runs no more than DuckDB's own buffer and one chunk wait for the reader. `return()` stops the query.
 */
export function streamOf(query: StreamQuery): BatchStream {
  return {
    messages: {
      [Symbol.asyncIterator]() {
        const stop = new AbortController();
        const signal =
          query.signal === undefined ? stop.signal : AbortSignal.any([query.signal, stop.signal]);
        const messages = messagesOf({ ...query, signal });
        return {
          next: () => messages.next(),
          // A generator ends only after the step it is in, which may be a long search for the next row.
          async return() {
            stop.abort();
            await messages.return();
            return { done: true, value: undefined };
          },
        };
      },
    },
  };
}

async function* messagesOf(query: StreamQuery): AsyncGenerator<Uint8Array, void, undefined> {
  const { sql, signal } = query;
  if (signal.aborted) throw stopped();
  const connection = await query.connect();
  const release = interruptOn(signal, connection);
  let pending: Promise<DuckDBDataChunk | null> = Promise.resolve(null);
  try {
    await connection.run(`set streaming_buffer_size = '${BUFFER}'`);
    const started = await start(connection, query);
    const encoder = new BatchEncoder(columnsOf(started.result));
    let most = FIRST_ROWS;
    pending = next(started.result);
    for (;;) {
      const chunk = encoder.rows === 0 ? await pending : await soon(pending);
      if (chunk !== "later") {
        if (chunk === null || chunk.rowCount === 0) break;
        // DuckDB looks for the next rows while these are encoded.
        pending = next(started.result);
        const view = new ChunkView(chunk.chunk);
        for (let from = 0; from < view.rows;) {
          from += encoder.append(view, from);
          if (encoder.isFull) yield* encoder.take();
        }
        if (encoder.rows < most) continue;
      }
      yield* encoder.take();
      most = BATCH_ROWS - CHUNK_ROWS + 1;
    }
    if (started.result.returnType === ResultReturnType.INVALID)
      throw await failure(connection, query, started);
    yield* encoder.take();
    yield endMessage();
  } catch (error) {
    throw signal.aborted ? stopped() : engineError(error, sql);
  } finally {
    release();
    // A fetch may still be under way, and its connection is about to go.
    const settled = interruptOn(AbortSignal.abort(), connection);
    await pending.catch(() => {});
    settled();
    connection.closeSync();
  }
}

/** The next chunk, asked for ahead of time: who awaits it hears of a failure, and nobody need to. */
function next(result: DuckDBResult): Promise<DuckDBDataChunk | null> {
  const chunk = result.fetchChunk();
  chunk.catch(() => {});
  return chunk;
}

interface Started {
  readonly result: DuckDBResult;
  /** Whether the query can be run again to learn why it failed. */
  readonly isRepeatable: boolean;
}

function start(connection: DuckDBConnection, { sql, parameters, signal }: StreamQuery): Promise<Started> {
  return withLastStatement(connection, sql, parameters, signal, async (statement, count) => ({
    result: await statement.stream(),
    isRepeatable: count === 1 && statement.statementType === StatementType.SELECT,
  }));
}

function columnsOf(result: DuckDBResult): { name: string; type: ReturnType<DuckDBResult["columnType"]> }[] {
  return result.columnNames().map((name, i) => ({ name, type: result.columnType(i) }));
}

async function soon<T>(pending: Promise<T>): Promise<T | "later"> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<"later">((resolve) => {
    timer = setTimeout(() => resolve("later"), PATIENCE_MS);
  });
  try {
    return await Promise.race([pending, later]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Why a stream ended before its end. The binding has no way to ask: a result that fails on the way looks
 * finished but for its type. So the query is run once more, its rows dropped, and that error is the answer.
 */
async function failure(
  connection: DuckDBConnection,
  query: StreamQuery,
  { isRepeatable }: Started,
): Promise<Error> {
  const { parameters, signal } = query;
  if (signal.aborted) return stopped();
  if (isRepeatable) {
    const sql = `explain analyze\n${query.sql}`;
    try {
      await interruptible(connection, sql, signal, () =>
        withLastStatement(connection, sql, parameters, signal, (statement) => statement.run()),
      );
    } catch (error) {
      if (error instanceof WorkspaceError) return lineUp(error);
      throw error;
    }
  }
  return new WorkspaceError({ code: "engine", message: "the query failed after its first rows" });
}

/** The error with its place one line up, where the query stands without the line before it. */
function lineUp(error: WorkspaceError): WorkspaceError {
  const { span } = error.info;
  if (span === undefined) return error;
  return new WorkspaceError(
    { ...error.info, span: { ...span, line: span.line - 1 } },
    { cause: error.cause },
  );
}
