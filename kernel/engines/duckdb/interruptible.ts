import type { DuckDBConnection } from "@duckdb/node-api";

import { stopped } from "#protocol/error.ts";

import { engineError } from "./engine-error.ts";

/** DuckDB forgets an interrupt that comes before a statement has begun, so it is repeated at this interval. */
const REPEAT_MS = 20;

/**
 * Does work on a connection that the signal stops: in the engine, not only for who waits. DuckDB looks for
 * an interrupt between chunks of 2048 rows, so what one chunk costs is how late it may be.
 *
 * @throws {WorkspaceError} `cancelled` when the signal fired, `engine` for what the engine throws
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw stopped();
  const release = interruptOn(signal, connection);
  try {
    const result = await work();
    if (signal.aborted) throw stopped();
    return result;
  } catch (error) {
    throw signal.aborted ? stopped() : engineError(error, sql);
  } finally {
    release();
  }
}

/** Interrupts the connection when the signal fires, and again until the returned function is called. */
export function interruptOn(signal: AbortSignal, connection: DuckDBConnection): () => void {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), REPEAT_MS).unref();
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener("abort", interrupt, { once: true });
  return () => {
    signal.removeEventListener("abort", interrupt);
    clearInterval(timer);
  };
}
