import { crc32, deflateRaw } from "node:zlib";

/** Takes bytes in order; what is done with them is done when the promise settles. */
export type WriteBytes = (bytes: Uint8Array) => Promise<void>;

/** Something bytes are written to, in order. The caller may reuse its buffer once `write` has settled. */
export interface ByteSink {
  /** Bytes handed on so far, after compression. */
  readonly bytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Hands on what is held back. Nothing may be written afterwards. */
  end(): Promise<void>;
}

/** Input of one block, as bgzip cuts it: even what cannot be compressed stays under the 64 KiB of a block. */
const BLOCK_BYTES = 65_280;
/** Blocks on their way through the compressor: 4 MiB of input. */
const MOST_PENDING = 64;
/** Gzip header with the extra field `BC` that holds the size of the block minus one (SAMv1 §4.1). */
const HEADER = Uint8Array.of(31, 139, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0, 0, 0);
const SIZE_AT = 16;
const TRAILER_BYTES = 8;
/** The empty block that ends a whole file. */
const END_OF_FILE = Uint8Array.from([
  31, 139, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0, 27, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/**
 * Blocked gzip (SAMv1 §4.1): a file that gzip, bgzip, tabix and htslib read.
 *
 * Blocks are compressed side by side on the thread pool and handed on in order; memory is bounded by
 * {@link MOST_PENDING} blocks. The inflated bytes are exactly those written; the compressed ones may
 * differ between versions of zlib.
 */
export class BgzfWriter implements ByteSink {
  readonly #emit: WriteBytes;
  readonly #level: number;
  readonly #pending: Promise<Uint8Array>[] = [];
  #block = new Uint8Array(BLOCK_BYTES);
  #filled = 0;
  #bytes = 0;
  /** Where each block starts in the compressed bytes, and where the next would. */
  readonly #starts: number[] = [0];

  /** `level` is zlib's, 1 to 9; bgzip's own default is 6. */
  constructor(emit: WriteBytes, { level = 6 }: { level?: number } = {}) {
    this.#emit = emit;
    this.#level = level;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + BLOCK_BYTES - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK_BYTES) this.#startBlock();
      if (this.#pending.length > MOST_PENDING) await this.#emitOldest();
    }
  }

  async end(): Promise<void> {
    if (this.#filled > 0) this.#startBlock();
    while (this.#pending.length > 0) await this.#emitOldest();
    await this.#emitBytes(END_OF_FILE);
  }

  /**
   * Place of an inflated byte as an index gives it: start of its block, then place inside the block (SAMv1 §4.1.1).
   * Known when the writer has ended.
   */
  virtualOffset(byte: number): bigint {
    const start = this.#starts[Math.floor(byte / BLOCK_BYTES)];
    if (start === undefined) throw new RangeError(`byte ${byte} was not written`);
    return (BigInt(start) << 16n) | BigInt(byte % BLOCK_BYTES);
  }

  #startBlock(): void {
    const block = compressed(this.#block.subarray(0, this.#filled), this.#level);
    // It is awaited later, or never when an earlier one fails.
    block.catch(() => undefined);
    this.#pending.push(block);
    this.#block = new Uint8Array(BLOCK_BYTES);
    this.#filled = 0;
  }

  async #emitOldest(): Promise<void> {
    const block = await this.#pending.shift();
    if (block === undefined) return;
    await this.#emitBytes(block);
    this.#starts.push(this.#bytes);
  }

  async #emitBytes(bytes: Uint8Array): Promise<void> {
    await this.#emit(bytes);
    this.#bytes += bytes.length;
  }
}

/** Hands bytes on as they are. */
export class PlainWriter implements ByteSink {
  readonly #emit: WriteBytes;
  #bytes = 0;

  constructor(emit: WriteBytes) {
    this.#emit = emit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#emit(bytes);
    this.#bytes += bytes.length;
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

function compressed(input: Uint8Array, level: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    deflateRaw(input, { level, chunkSize: BLOCK_BYTES }, (error, deflated) => {
      if (error) reject(error);
      else resolve(wrapped(input, deflated));
    });
  });
}

function wrapped(input: Uint8Array, deflated: Uint8Array): Uint8Array {
  const block = new Uint8Array(HEADER.length + deflated.length + TRAILER_BYTES);
  const view = new DataView(block.buffer);
  block.set(HEADER);
  view.setUint16(SIZE_AT, block.length - 1, true);
  block.set(deflated, HEADER.length);
  view.setUint32(block.length - 8, crc32(input), true);
  view.setUint32(block.length - 4, input.length, true);
  return block;
}
