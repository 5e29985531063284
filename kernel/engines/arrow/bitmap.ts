import { Bytes } from "./bytes.ts";

/** Whether bit `index` is set, counted from the lowest bit of the first byte: the order of DuckDB and of Arrow. */
export function bitAt(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** The validity of a column: one bit a row, set where there is a value. */
export class Bitmap {
  length = 0;
  nulls = 0;
  readonly #bits = new Bytes();

  /**
   * Appends `count` bits of `bits` from bit `from`; `null` stands for bits that are all set.
   *
   * @returns how many of them are not set
   */
  append(bits: Uint8Array | null, from: number, count: number): number {
    const nulls = bits === null ? 0 : unsetIn(bits, from, count);
    if (bits === null || nulls === 0) {
      this.#appendSet(count);
    } else if (((this.length | from) & 7) === 0) {
      this.#makeRoom(this.length + count);
      this.#bits.bytes.set(bits.subarray(from >> 3, (from + count + 7) >> 3), this.length >> 3);
      this.length += count;
    } else {
      this.#makeRoom(this.length + count);
      for (let i = 0; i < count; i++) this.#put(this.length + i, bitAt(bits, from + i));
      this.length += count;
    }
    this.nulls += nulls;
    return nulls;
  }

  /** Appends one bit after another from a callback: for a validity that is not stored as bits. */
  appendEach(count: number, valid: (index: number) => boolean): void {
    this.#makeRoom(this.length + count);
    for (let i = 0; i < count; i++) {
      const set = valid(i);
      this.#put(this.length + i, set);
      if (!set) this.nulls++;
    }
    this.length += count;
  }

  /** The bits, or nothing at all where every one is set: Arrow leaves that buffer empty. */
  view(): Uint8Array {
    return this.nulls === 0 ? new Uint8Array(0) : this.bits();
  }

  /** The bits, those past the last row unset. */
  bits(): Uint8Array {
    const used = this.#bits.bytes.subarray(0, (this.length + 7) >> 3);
    const rest = this.length & 7;
    const last = used.length - 1;
    if (rest !== 0) used[last] = (used[last] ?? 0) & ((1 << rest) - 1);
    return used;
  }

  clear(): void {
    this.length = 0;
    this.nulls = 0;
    this.#bits.clear();
  }

  #appendSet(count: number): void {
    this.#makeRoom(this.length + count);
    const { bytes } = this.#bits;
    let bit = this.length;
    const end = bit + count;
    for (; bit < end && (bit & 7) !== 0; bit++) this.#put(bit, true);
    if (bit < end) bytes.fill(0xff, bit >> 3, (end + 7) >> 3);
    this.length = end;
  }

  #put(index: number, set: boolean): void {
    const { bytes } = this.#bits;
    const byte = bytes[index >> 3] ?? 0;
    bytes[index >> 3] = set ? byte | (1 << (index & 7)) : byte & ~(1 << (index & 7));
  }

  #makeRoom(bits: number): void {
    const missing = ((bits + 7) >> 3) - this.#bits.length;
    if (missing > 0) this.#bits.reserve(missing);
  }
}

function unsetIn(bits: Uint8Array, from: number, count: number): number {
  let unset = 0;
  let bit = from;
  const end = from + count;
  while (bit < end) {
    const byte = bits[bit >> 3];
    if ((bit & 7) === 0 && bit + 8 <= end && (byte === 0xff || byte === 0)) {
      if (byte === 0) unset += 8;
      bit += 8;
    } else {
      if (!bitAt(bits, bit)) unset++;
      bit++;
    }
  }
  return unset;
}
