import { Bytes } from "./bytes.ts";
import type { Body } from "./column.ts";

const FIRST_SLOTS = 1024;
/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Different texts, numbered in the order of their first occurrence; those not yet handed over are *fresh*. */
export class TextDictionary {
  /** Texts in the dictionary. */
  size = 0;
  /** Whether a part was handed over already. */
  sent = false;

  readonly #text = new Bytes();
  #offsets = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  /** Open addressing: number of the text plus one, or 0; at most half full. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
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

  /** The number of a text, which is added when it is new. */
  index(source: Uint8Array, at: number, length: number): number {
    let hash = FNV_OFFSET;
    for (let k = 0; k < length; k++) hash = Math.imul(hash ^ (source[at + k] ?? 0), FNV_PRIME);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1;
      if (found < 0) return this.#add(slot, hash, source, at, length);
      if (this.#hashes[found] === hash && this.#equals(found, source, at, length)) return found;
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

  #equals(index: number, source: Uint8Array, at: number, length: number): boolean {
    const start = this.#offsets[index] ?? 0;
    if ((this.#offsets[index + 1] ?? 0) - start !== length) return false;
    const { bytes } = this.#text;
    for (let k = 0; k < length; k++) if (bytes[start + k] !== source[at + k]) return false;
    return true;
  }

  #add(slot: number, hash: number, source: Uint8Array, at: number, length: number): number {
    const index = this.size++;
    this.#slots[slot] = index + 1;
    this.#text.append(source.subarray(at, at + length));
    this.#hashes[index] = hash;
    this.#offsets[index + 1] = this.#text.length;
    if (this.size + 1 >= this.#offsets.length) this.#grow();
    return index;
  }

  #grow(): void {
    const entries = 2 * this.#offsets.length;
    this.#offsets = resized(this.#offsets, entries);
    this.#hashes = resized(this.#hashes, entries);
    this.#slots = new Int32Array(2 * entries);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = (this.#hashes[index] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

function resized(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
