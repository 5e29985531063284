import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { DamagedText } from "./damage.ts";
import { inflateStream } from "./gzip.ts";

const inflateMembers = promisify(gunzip);

/** Blocks that are inflated in one call: a call costs this thread as much as a thousand records. */
const GROUP_BLOCKS = 16;
/** Groups that are inflated ahead of the reader: 4 × 16 × 64 KiB of text at the most. */
const WINDOW = 4;
const FIXED_HEADER_BYTES = 12;
/** The largest text of one block is 64 KiB. */
const BLOCK_TEXT_BYTES = 1 << 16;
/** Length of the empty block that ends a whole file. Format: SAMv1 §4.1.2. */
const EOF_BLOCK_BYTES = 28;

/** The empty block itself. */
const EOF_BLOCK = Buffer.from("1f8b08040000000000ff0600424302001b0003000000000000000000", "hex");

/** Whether a bgzip file ends in the block that marks its end, by its last bytes alone. */
export async function isEndMarked(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(EOF_BLOCK.length);
    const { bytesRead } = await file.read(last, 0, last.length, Math.max(0, size - last.length));
    return bytesRead === last.length && last.equals(EOF_BLOCK);
  } finally {
    await file.close();
  }
}

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
 * The text of a BGZF file in order, some blocks in one buffer. Groups of blocks are inflated side by side on the
 * thread pool; each block is held against its own checksum.
 *
 * A plain gzip member after the blocks is read to the end.
 *
 * @throws {DamagedText} for a block that is cut off or broken; every block before it has been handed out
 */
export async function* bgzfText(
  pieces: AsyncGenerator<Buffer, void, undefined>,
  end: BgzfEnd,
): AsyncGenerator<Buffer, void, undefined> {
  const ahead: Promise<Inflated>[] = [];
  let carry: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes: Buffer = carry.length === 0 ? piece : Buffer.concat([carry, piece]);
    let at = 0;
    for (;;) {
      const group = groupAt(bytes, at);
      if (group.length === 0) break;
      ahead.push(inflated(group));
      end.marked = group.at(-1)?.length === EOF_BLOCK_BYTES;
      for (const block of group) at += block.length;
      yield* inOrder(ahead, WINDOW);
    }
    if (blockSize(bytes, at) === 0) {
      yield* inOrder(ahead, 0);
      yield* inflateStream(withFirst(bytes.subarray(at), pieces));
      return;
    }
    carry = bytes.subarray(at);
  }
  yield* inOrder(ahead, 0);
  if (carry.length > 0) throw new DamagedText("the last block is cut off");
}

/** The whole blocks that follow one another from `at` on, up to a group of them. */
function groupAt(bytes: Buffer, at: number): Buffer[] {
  const group: Buffer[] = [];
  let start = at;
  while (group.length < GROUP_BLOCKS) {
    const size = blockSize(bytes, start) ?? 0;
    if (size === 0 || start + size > bytes.length) break;
    group.push(bytes.subarray(start, start + size));
    start += size;
  }
  return group;
}

/** The text of a group up to its first broken block. */
interface Inflated {
  readonly text: Buffer;
  readonly damage: DamagedText | null;
}

/** Never rejects, so that a group behind the broken one cannot become an unhandled rejection. */
async function inflated(group: readonly Buffer[]): Promise<Inflated> {
  try {
    // Blocks are gzip members, and neighbours in one buffer.
    const text = await inflateMembers(joined(group), { chunkSize: group.length * BLOCK_TEXT_BYTES });
    return { text, damage: null };
  } catch (error) {
    const [first] = group;
    if (first === undefined || group.length === 1) {
      return { text: Buffer.alloc(0), damage: new DamagedText("a block is broken", { cause: error }) };
    }
    const before = await inflated([first]);
    if (before.damage !== null) return before;
    const rest = await inflated(group.slice(1));
    return { text: Buffer.concat([before.text, rest.text]), damage: rest.damage };
  }
}

function joined(group: readonly Buffer[]): Buffer {
  const [first] = group;
  const bytes = group.reduce((sum, { length }) => sum + length, 0);
  return first === undefined ? Buffer.alloc(0) : Buffer.from(first.buffer, first.byteOffset, bytes);
}

async function* inOrder(ahead: Promise<Inflated>[], leave: number): AsyncGenerator<Buffer, void, undefined> {
  while (ahead.length > leave) {
    const next = await ahead.shift();
    if (next === undefined) return;
    if (next.text.length > 0) yield next.text;
    if (next.damage !== null) throw next.damage;
  }
}

async function* withFirst(
  first: Buffer,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  yield* rest;
}
