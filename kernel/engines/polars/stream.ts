import type { LazyDataFrame } from "nodejs-polars";

import { stopped } from "#protocol/error.ts";

import { endMessage, wholeMessages } from "../arrow/message.ts";
import { freeFrames, freeLastFrames } from "./free-frames.ts";
import { polarsError } from "./polars-error.ts";

const FIRST_ROWS = 1024;
const BATCH_ROWS = 16_384;
/**
 * Going through the file costs the same for some batches as for one: so many are taken from it at once, as long as they
 * are not larger than this.
 */
const BLOCK_BATCHES = 8;
const BLOCK_BYTES = 16 << 20;

export interface SpilledResult {
  readonly signal: AbortSignal | undefined;
  /** Writes the whole result to a file. */
  write(): Promise<void>;
  /** What was written. */
  scan(): LazyDataFrame;
  remove(): Promise<void>;
}

/**
 * A result as Arrow messages. Polars gives a result only when it is whole, so it goes to a file first, from
 * which it is read block by block: memory is bounded, but nothing comes before the query is done.
 */
export async function* messagesOf(result: SpilledResult): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal } = result;
  let offset = 0;
  try {
    await result.write();
    const frame = result.scan();
    let rows = FIRST_ROWS;
    for (;;) {
      const block = await frame.slice(offset, rows).collect();
      let bytes = 0;
      for (let from = 0; from < block.height || offset + from === 0; from += BATCH_ROWS) {
        if (signal?.aborted === true) throw stopped();
        const stream = block.slice(from, BATCH_ROWS).writeIPCStream();
        bytes += stream.length;
        // Each is a stream of its own, which begins with the schema.
        const [schema, ...messages] = wholeMessages(stream);
        if (offset + from === 0 && schema !== undefined) yield schema;
        yield* messages;
      }
      freeLastFrames();
      if (block.height < rows) break;
      offset += block.height;
      const fitting = Math.floor((BLOCK_BYTES * block.height) / bytes / BATCH_ROWS);
      rows = BATCH_ROWS * Math.max(1, Math.min(fitting, BLOCK_BATCHES));
    }
    yield endMessage();
  } catch (error) {
    throw polarsError(error);
  } finally {
    // Some are not so young any more, and each holds the file. What is small can wait for V8, and its reader cannot.
    if (offset > BATCH_ROWS) freeFrames();
    await result.remove();
  }
}
