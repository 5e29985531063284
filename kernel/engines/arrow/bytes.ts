/** Bytes past which a column's buffer is given back after a batch instead of being kept for the next. */
const KEPT_BYTES = 4 << 20;
const FIRST_BYTES = 4096;

/** A buffer that grows: what one column of a batch is gathered in. Little-endian, 8-byte aligned. */
export class Bytes {
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  /** The same memory as 32-bit words. */
  words: Int32Array = new Int32Array(this.bytes.buffer);
  /** The same memory, for words that stand anywhere. */
  data: DataView = new DataView(this.bytes.buffer);
  length = 0;

  /** Makes room for so many more bytes and returns where they start. What stands there is undefined. */
  reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) this.#grow();
    return start;
  }

  append(source: Uint8Array): void {
    const start = this.reserve(source.length);
    this.bytes.set(source, start);
  }

  /** What was gathered; the memory is reused after {@link clear}. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length <= KEPT_BYTES) return;
    this.#use(new Uint8Array(FIRST_BYTES));
  }

  #grow(): void {
    const grown = new Uint8Array(Math.ceil(Math.max(this.length, 2 * this.bytes.length) / 8) * 8);
    grown.set(this.bytes);
    this.#use(grown);
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
    this.data = new DataView(bytes.buffer);
  }
}
