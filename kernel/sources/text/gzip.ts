import { Readable } from "node:stream";
import type { Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import type { ZlibOptions } from "node:zlib";

import { DamagedText } from "./damage.ts";

const CHUNK_BYTES = 1 << 18;

/**
 * The text of a gzip file of any number of members, in order.
 *
 * @throws {DamagedText} for a member that is cut off or broken; the text before it has been handed out
 */
export function inflateStream(
  pieces: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  return inflated(pieces, createGunzip);
}

/** What a stream of zlib makes of packed bytes; as {@link inflateStream}. */
export async function* inflated(
  pieces: AsyncGenerator<Buffer, void, undefined>,
  unpack: (options: ZlibOptions) => Transform,
): AsyncGenerator<Buffer, void, undefined> {
  const source = Readable.from(pieces, { objectMode: false });
  const gunzip = unpack({ chunkSize: CHUNK_BYTES });
  // `pipe` does not hand on errors of its source, and an unheard one would end the process.
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (isZlibError(error))
      throw new DamagedText(cutOff(error) ? "the text is cut off" : "the text is broken", { cause: error });
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

function cutOff(error: NodeJS.ErrnoException): boolean {
  return error.code === "Z_BUF_ERROR";
}
