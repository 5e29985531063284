import { bitAt } from "./bitmap.ts";
import { Bytes } from "./bytes.ts";
import type { Body } from "./column.ts";
import { INLINE_BYTES } from "./strings.ts";
import type { Strings } from "./strings.ts";
import type { VectorView } from "./vector-view.ts";

const FIRST_ENTRIES = 1024;
/** Longest text that stands in the first word of its place alone. */
const TINY_BYTES = 4;
const TINY_SLOTS = 256;
/** Odd numbers with well mixed bits, as MurmurHash3 has them: https://github.com/aappleby/smhasher */
const MIX_A = 0xcc9e2d51 | 0;
const MIX_B = 0x1b873593;
const MIX_C = 0x85ebca6b | 0;

/**
 * Different texts, numbered in the order of their first occurrence; those not yet handed over are *fresh*.
 *
 * A text is looked up by four words: its length and, as DuckDB keeps them, its twelve bytes. Of a longer
 * one they are its first four bytes and two hashes of the rest, and equal words are followed by a look at the text.
 */
export class TextDictionary {
  /** Texts in the dictionary. */
  size = 0;
  /** Whether a part was handed over already. */
  sent = false;

  readonly #text = new Bytes();
  #offsets = new Int32Array(FIRST_ENTRIES + 1);
  #keys = new Int32Array(4 * FIRST_ENTRIES);
  /** Open addressing: number of the text plus one, or 0; at most half full. */
  #slots = new Int32Array(2 * FIRST_ENTRIES);
  /**
   * Texts of one word that were met last, by a hash of them: word, length plus one, number. A column of alleles or
   * genotypes holds hardly any others, and no order in which they come makes this slow.
   */
  readonly #tiny = new Int32Array(3 * TINY_SLOTS);
  #taken = 0;

  get fresh(): number {
    return this.size - this.#taken;
  }

  get freshBytes(): number {
    return this.#text.length - (this.#offsets[this.#taken] ?? 0);
  }

  get byteLength(): number {
    return this.#text.length;
  }

  /** Numbers the texts of rows `from` to `from + count` of a vector; a null row gets 0. */
  indicesOf(view: VectorView, from: number, count: number, strings: Strings, indices: Int32Array): void {
    const words = view.texts();
    const validity = view.validity();
    const tiny = this.#tiny;
    let isLoaded = false;
    // Sorted columns say the same for a long time.
    let last = -1;
    let lastLong = -1;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < count; i++) {
      if (validity !== null && !bitAt(validity, from + i)) {
        indices[i] = 0;
        continue;
      }
      const word = 4 * (from + i);
      const length = words[word] ?? 0;
      if (length > INLINE_BYTES) {
        // Most vectors have no long texts.
        if (!isLoaded) strings.load(view, from, count);
        isLoaded = true;
        const home = strings.longHome(i);
        const start = strings.at[i] ?? 0;
        if (lastLong < 0 || !this.#isLong(lastLong, home, start, length))
          lastLong = this.#long(home, start, length);
        indices[i] = lastLong;
        continue;
      }
      const w1 = words[word + 1] ?? 0;
      if (length <= TINY_BYTES) {
        const slot = 3 * ((Math.imul(w1 + length, MIX_A) >>> 16) & (TINY_SLOTS - 1));
        if (tiny[slot] !== w1 || tiny[slot + 1] !== length + 1) {
          tiny[slot] = w1;
          tiny[slot + 1] = length + 1;
          tiny[slot + 2] = this.#short(length, w1, 0, 0);
        }
        indices[i] = tiny[slot + 2] ?? 0;
        continue;
      }
      const w2 = words[word + 2] ?? 0;
      const w3 = words[word + 3] ?? 0;
      if (last < 0 || a !== length || b !== w1 || c !== w2 || d !== w3) {
        a = length;
        b = w1;
        c = w2;
        d = w3;
        last = this.#short(a, b, c, d);
      }
      indices[i] = last;
    }
  }

  /** The number of a text that lies in `home` from byte `at` on; it is added when it is new. */
  index(home: DataView, at: number, length: number): number {
    if (length > INLINE_BYTES) return this.#long(home, at, length);
    const b = wordAt(home, at, length);
    const c = wordAt(home, at + 4, length - 4);
    const d = wordAt(home, at + 8, length - 8);
    return this.#short(length, b, c, d);
  }

  /** Hands over the fresh texts as the one column of a dictionary batch. */
  take(body: Body): { readonly rows: number; readonly isDelta: boolean } {
    const rows = this.fresh;
    const first = this.#offsets[this.#taken] ?? 0;
    const offsets = this.#offsets.slice(this.#taken, this.size + 1).map((offset) => offset - first);
    body.node(rows, 0);
    body.buffer(new Uint8Array(0));
    body.buffer(new Uint8Array(offsets.buffer));
    body.buffer(this.#text.bytes.subarray(first, this.#text.length));
    const isDelta = this.sent;
    this.sent = true;
    this.#taken = this.size;
    return { rows, isDelta };
  }

  /** The number of a text of up to 12 bytes, given as its length and its bytes, zeros behind them. */
  #short(a: number, b: number, c: number, d: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found >= 0) {
        if (this.#isKey(found, a, b, c, d)) return found;
        continue;
      }
      const start = this.#text.reserve(INLINE_BYTES);
      const { data } = this.#text;
      data.setInt32(start, b, true);
      data.setInt32(start + 4, c, true);
      data.setInt32(start + 8, d, true);
      this.#text.length = start + a;
      return this.#add(slot, a, b, c, d);
    }
  }

  /** The number of a longer text, which lies in `home` from byte `at` on. */
  #long(home: DataView, at: number, length: number): number {
    let one = length;
    let two = 0;
    for (let k = 4; k < length; k += 4) {
      // The last four bytes may be in two words.
      const word = home.getInt32(at + Math.min(k, length - 4), true);
      one = Math.imul(one ^ word ^ (one >>> 15), MIX_A);
      two = Math.imul(two + word, MIX_B) ^ (two >>> 13);
    }
    const first = home.getInt32(at, true);
    const mask = this.#slots.length - 1;
    for (let slot = hash(length, first, one, two) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found >= 0) {
        if (this.#isKey(found, length, first, one, two) && this.#isLong(found, home, at, length))
          return found;
        continue;
      }
      this.#text.append(new Uint8Array(home.buffer, home.byteOffset + at, length));
      return this.#add(slot, length, first, one, two);
    }
  }

  #isKey(index: number, a: number, b: number, c: number, d: number): boolean {
    const keys = this.#keys;
    const at = 4 * index;
    return keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d;
  }

  #isLong(index: number, home: DataView, at: number, length: number): boolean {
    if (this.#keys[4 * index] !== length) return false;
    const start = this.#offsets[index] ?? 0;
    const { data } = this.#text;
    for (let k = 0; k < length; k += 4) {
      const from = Math.min(k, length - 4);
      if (data.getInt32(start + from, true) !== home.getInt32(at + from, true)) return false;
    }
    return true;
  }

  /** Numbers the text that was written last. */
  #add(slot: number, a: number, b: number, c: number, d: number): number {
    const index = this.size++;
    this.#slots[slot] = index + 1;
    const key = 4 * index;
    this.#keys[key] = a;
    this.#keys[key + 1] = b;
    this.#keys[key + 2] = c;
    this.#keys[key + 3] = d;
    this.#offsets[index + 1] = this.#text.length;
    if (4 * this.size >= this.#keys.length) this.#grow();
    return index;
  }

  #grow(): void {
    const entries = 2 * this.size;
    this.#offsets = resized(this.#offsets, entries + 1);
    this.#keys = resized(this.#keys, 4 * entries);
    this.#slots = new Int32Array(2 * entries);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      const [a = 0, b = 0, c = 0, d = 0] = this.#keys.subarray(4 * index, 4 * index + 4);
      let slot = hash(a, b, c, d) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

/** Up to four bytes as a word, zeros behind them. */
function wordAt(home: DataView, at: number, length: number): number {
  let word = 0;
  for (let k = Math.min(length, 4) - 1; k >= 0; k--) word = (word << 8) | home.getUint8(at + k);
  return word;
}

function hash(a: number, b: number, c: number, d: number): number {
  const mixed = Math.imul(b ^ Math.imul(c, MIX_B) ^ Math.imul(d, MIX_C) ^ a, MIX_A);
  // What is late in a word reaches the upper bits alone.
  return mixed ^ (mixed >>> 12) ^ (mixed >>> 22);
}

function resized(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
