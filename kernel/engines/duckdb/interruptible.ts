import type { DuckDBConnection } from "@duckdb/node-api";

import { engineError, stopped } from "./engine-error.ts";

/** DuckDB forgets an interrupt that comes before a statement has begun, so it is repeated at this interval. */
const REPEAT_MS = 20;

/**
 * Does work on a connection that the signal stops: in the engine, not only for who waits.
 *
 * @throws {WorkspaceError} `cancelled` when the signal fired, `engine` for what the engine throws
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) throw stopped();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), REPEAT_MS);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    const result = await work();
    if (timer !== undefined) throw stopped();
    return result;
  } catch (error) {
    throw timer === undefined ? engineError(error, sql) : stopped();
  } finally {
    signal?.removeEventListener("abort", interrupt);
    clearInterval(timer);
  }
}
