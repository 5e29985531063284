import { bitAt } from "./bitmap.ts";
import { Bytes } from "./bytes.ts";
import type { Body } from "./column.ts";
import { INLINE_BYTES } from "./strings.ts";
import type { Strings } from "./strings.ts";

const FIRST_ENTRIES = 1024;
/** Odd numbers with well mixed bits, as MurmurHash3 has them: https://github.com/aappleby/smhasher */
const MIX_A = 0xcc9e2d51 | 0;
const MIX_B = 0x1b873593;

/**
 * Different texts, numbered in the order of their first occurrence; those not yet handed over are *fresh*.
 *
 * A text is looked up by four words: its length and, as DuckDB keeps them, its twelve bytes. Of a longer
 * one they are two hashes and the first four bytes, and equal words are followed by a look at the text.
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
  #taken = 0;
  readonly #key = new Int32Array(4);

  get fresh(): number {
    return this.size - this.#taken;
  }

  get freshBytes(): number {
    return this.#text.length - (this.#offsets[this.#taken] ?? 0);
  }

  get byteLength(): number {
    return this.#text.length;
  }

  /** Numbers the texts of some rows; a null row gets 0. */
  indicesOf(strings: Strings, count: number, validity: Uint8Array | null, indices: Int32Array): void {
    const { words, from, length: lengths } = strings;
    let last = -1;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < count; i++) {
      if (validity !== null && !bitAt(validity, from + i)) {
        indices[i] = 0;
        continue;
      }
      const length = lengths[i] ?? 0;
      if (length > INLINE_BYTES) {
        indices[i] = this.index(strings.text(i));
        continue;
      }
      const word = 4 * (from + i);
      const w1 = words[word + 1] ?? 0;
      const w2 = words[word + 2] ?? 0;
      const w3 = words[word + 3] ?? 0;
      // Sorted columns say the same for a long time.
      if (last < 0 || a !== length || b !== w1 || c !== w2 || d !== w3) {
        a = length;
        b = w1;
        c = w2;
        d = w3;
        last = this.#short(a, b, c, d, strings, i);
      }
      indices[i] = last;
    }
  }

  /** The number of a text, which is added when it is new. */
  index(text: Uint8Array): number {
    const key = this.#key;
    key.fill(0);
    key[0] = text.length;
    const isLong = text.length > INLINE_BYTES;
    if (isLong) longKey(text, key);
    else
      for (const [k, byte] of text.entries())
        key[1 + (k >> 2)] = (key[1 + (k >> 2)] ?? 0) | (byte << (8 * (k & 3)));
    const [a = 0, b = 0, c = 0, d = 0] = key;
    const mask = this.#slots.length - 1;
    for (let slot = hash(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found < 0) return this.#add(slot, a, b, c, d, text);
      if (this.#isKey(found, a, b, c, d) && (!isLong || this.#isText(found, text))) return found;
    }
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

  #short(a: number, b: number, c: number, d: number, strings: Strings, i: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found < 0) return this.#add(slot, a, b, c, d, strings.text(i));
      if (this.#isKey(found, a, b, c, d)) return found;
    }
  }

  #isKey(index: number, a: number, b: number, c: number, d: number): boolean {
    const keys = this.#keys;
    const at = 4 * index;
    return keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d;
  }

  #isText(index: number, text: Uint8Array): boolean {
    const start = this.#offsets[index] ?? 0;
    const { bytes } = this.#text;
    for (let k = 0; k < text.length; k++) if (bytes[start + k] !== text[k]) return false;
    return true;
  }

  #add(slot: number, a: number, b: number, c: number, d: number, text: Uint8Array): number {
    const index = this.size++;
    this.#slots[slot] = index + 1;
    this.#keys.set([a, b, c, d], 4 * index);
    this.#text.append(text);
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

function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(b ^ Math.imul(a, MIX_B), MIX_A);
  mixed = Math.imul((mixed ^ (mixed >>> 15)) + c, MIX_B);
  mixed = Math.imul((mixed ^ (mixed >>> 13)) + d, MIX_A);
  return mixed ^ (mixed >>> 16);
}

/** Fills the last three words of the key of a long text: its first bytes and two hashes of all. */
function longKey(text: Uint8Array, key: Int32Array): void {
  let one = 0;
  let two = 0;
  for (let k = 0; k < text.length; k++) {
    const byte = text[k] ?? 0;
    one = Math.imul(one ^ byte, MIX_A);
    two = Math.imul(two + byte, MIX_B) ^ (two >>> 15);
  }
  key[1] = (text[0] ?? 0) | ((text[1] ?? 0) << 8) | ((text[2] ?? 0) << 16) | ((text[3] ?? 0) << 24);
  key[2] = one;
  key[3] = two;
}

function resized(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
