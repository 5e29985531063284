import { endMessage, wholeMessages } from "../arrow/message.ts";
import type { Polars } from "./polars-api.ts";
import { polarsError, stopped } from "./polars-error.ts";

const FIRST_ROWS = 1024;
const BATCH_ROWS = 16_384;
export interface SpilledResult {
  readonly polars: Polars;
  /** Arrow file that the result is written to. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  write(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A result as Arrow messages. Polars gives a result only when it is whole, so it goes to a file first, from
 * which it is read batch by batch: memory is bounded, but nothing comes before the query is done.
 */
export async function* messagesOf(result: SpilledResult): AsyncGenerator<Uint8Array, void, undefined> {
  const { polars, path, signal } = result;
  try {
    await result.write();
    const frame = polars.scanIPC(path);
    for (let offset = 0; ;) {
      if (signal?.aborted === true) throw stopped();
      const rows = offset === 0 ? FIRST_ROWS : BATCH_ROWS;
      const slice = await frame.slice(offset, rows).collect();
      if (slice.height === 0 && offset > 0) break;
      // Each slice is a stream of its own, which begins with the schema.
      const [schema, ...messages] = wholeMessages(slice.writeIPCStream());
      if (offset === 0 && schema !== undefined) yield schema;
      yield* messages;
      offset += slice.height;
      if (slice.height < rows) break;
    }
    yield endMessage();
  } catch (error) {
    throw polarsError(error);
  } finally {
    await result.remove();
  }
}
