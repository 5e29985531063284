import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { DamagedText } from "./damage.ts";
import { inflateStream } from "./gzip.ts";

const inflateMember = promisify(gunzip);

/** Blocks that are inflated ahead of the reader: 64 × 64 KiB of text at the most. */
const WINDOW = 64;
const FIXED_HEADER_BYTES = 12;
/** The largest text of one block is 64 KiB. */
const BLOCK_TEXT_BYTES = 1 << 16;
/** Length of the empty block that ends a whole file. Format: SAMv1 §4.1.2. */
const EOF_BLOCK_BYTES = 28;

/** What only the end of a file tells. */
export interface BgzfEnd {
  /** Whether the last block is the empty one that marks the end. */
  marked: boolean;
}

/**
 * Size of the BGZF block that starts at `at`, in bytes; null when the header is not all there; 0 when this is a
 * gzip member of another kind. Format: SAMv1 §4.1.
 */
export function blockSize(bytes: Buffer, at: number): number | null {
  if (bytes.length < at + FIXED_HEADER_BYTES) return null;
  const extended = bytes[at] === 0x1f && bytes[at + 1] === 0x8b && ((bytes[at + 3] ?? 0) & 4) !== 0;
  if (!extended) return 0;
  const end = at + FIXED_HEADER_BYTES + bytes.readUInt16LE(at + 10);
  if (bytes.length < end) return null;
  for (let field = at + FIXED_HEADER_BYTES; field + 4 <= end; field += 4 + bytes.readUInt16LE(field + 2)) {
    if (bytes[field] === 0x42 && bytes[field + 1] === 0x43 && field + 6 <= end) {
      return bytes.readUInt16LE(field + 4) + 1;
    }
  }
  return 0;
}

/**
 * The text of a BGZF file, one buffer a block, in order. Blocks are inflated side by side on the thread pool;
 * each is held against its own checksum.
 *
 * A plain gzip member after the blocks is read to the end.
 *
 * @throws {DamagedText} for a block that is cut off or broken; every block before it has been handed out
 */
export async function* bgzfText(
  pieces: AsyncGenerator<Buffer, void, undefined>,
  end: BgzfEnd,
): AsyncGenerator<Buffer, void, undefined> {
  const ahead: Promise<Buffer | DamagedText>[] = [];
  let carry: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes: Buffer = carry.length === 0 ? piece : Buffer.concat([carry, piece]);
    let at = 0;
    for (;;) {
      const size = blockSize(bytes, at);
      if (size === null || (size > 0 && at + size > bytes.length)) break;
      if (size === 0) {
        yield* inOrder(ahead, 0);
        yield* inflateStream(withFirst(bytes.subarray(at), pieces));
        return;
      }
      ahead.push(inflated(bytes.subarray(at, at + size)));
      end.marked = size === EOF_BLOCK_BYTES;
      at += size;
      yield* inOrder(ahead, WINDOW);
    }
    carry = bytes.subarray(at);
  }
  yield* inOrder(ahead, 0);
  if (carry.length > 0) throw new DamagedText("the last block is cut off");
}

/** Never rejects, so that a block behind the broken one cannot become an unhandled rejection. */
async function inflated(block: Buffer): Promise<Buffer | DamagedText> {
  try {
    return await inflateMember(block, { chunkSize: BLOCK_TEXT_BYTES });
  } catch (error) {
    return new DamagedText("a block is broken", { cause: error });
  }
}

async function* inOrder(
  ahead: Promise<Buffer | DamagedText>[],
  leave: number,
): AsyncGenerator<Buffer, void, undefined> {
  while (ahead.length > leave) {
    const text = await ahead.shift();
    if (text instanceof DamagedText) throw text;
    if (text !== undefined && text.length > 0) yield text;
  }
}

async function* withFirst(
  first: Buffer,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  yield* rest;
}
