import type { ColumnData } from "./column-data.ts";
import { memory } from "./memory.ts";
import { Validity } from "./validity.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const NONE = -1;
/** Slots of the hash table, a power of two; doubled when half of them are taken. */
const FIRST_SLOTS = 1 << 10;
const FIRST_BYTES = 1 << 12;
/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * UTF-8 texts of which many are the same: each text lies here once, and a row is its number. An engine writes such a
 * column without looking at the texts of its rows.
 */
export class DictionaryColumn {
  readonly kind = "dictionary";
  readonly validity: Validity;
  codes: Uint32Array;
  /** Different texts so far. */
  size = 0;
  /** Code of each text of one byte, −1 for one that has not come: most alleles are single bases. */
  readonly #single = new Int32Array(256).fill(NONE);
  #slots = new Int32Array(FIRST_SLOTS).fill(NONE);
  /** Where the text of each code starts in `#texts`, and one more place: that of the end. */
  #starts = new Uint32Array(FIRST_SLOTS);
  #texts = new Uint8Array(FIRST_BYTES);
  #last = 0;
  readonly #known: readonly Uint8Array[];

  /** `known`: texts that have their place in this list as their code, whether they come or not. */
  constructor(capacity: number, known: readonly string[] = []) {
    this.codes = codesFor(capacity);
    this.validity = new Validity(capacity);
    this.#known = known.map((text) => encoder.encode(text));
    this.#addKnown();
  }

  /** Takes `bytes[start … end)`. */
  set(row: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start === 1) {
      const byte = bytes[start] ?? 0;
      let code = this.#single[byte] ?? NONE;
      if (code === NONE) {
        code = this.#add(bytes, start, end);
        this.#single[byte] = code;
      }
      this.codes[row] = code;
      return;
    }
    // Neighbours are often alike, as FILTER is.
    if (!this.#is(this.#last, bytes, start, end)) this.#last = this.#find(bytes, start, end);
    this.codes[row] = this.#last;
  }

  setText(row: number, text: string): void {
    const bytes = encoder.encode(text);
    this.set(row, bytes, 0, bytes.length);
  }

  setNull(row: number): void {
    this.codes[row] = 0;
    this.validity.setNull(row);
  }

  data(): ColumnData {
    const { kind, codes, validity } = this;
    return { kind, codes, texts: this.#all(), validity: validity.data() };
  }

  /** Makes room for rows below `capacity`. */
  reserve(capacity: number): void {
    if (capacity <= this.codes.length) return;
    const larger = codesFor(capacity * 2);
    larger.set(this.codes);
    this.codes = larger;
    this.validity.grow(capacity * 2);
  }

  reset(): void {
    this.validity.reset();
    this.#single.fill(NONE);
    this.#slots.fill(NONE);
    this.size = 0;
    this.#last = 0;
    this.#addKnown();
  }

  /** The texts by code. A column of nulls alone has one that no row is. */
  #all(): string[] {
    if (this.size === 0) return [""];
    return Array.from({ length: this.size }, (_, code) =>
      decoder.decode(this.#texts.subarray(this.#starts[code], this.#starts[code + 1])),
    );
  }

  #addKnown(): void {
    for (const text of this.#known) this.#find(text, 0, text.length);
  }

  #is(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (code >= this.size) return false;
    const from = this.#starts[code] ?? 0;
    const length = (this.#starts[code + 1] ?? 0) - from;
    if (length !== end - start) return false;
    for (let i = 0; i < length; i += 1) if (this.#texts[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, start, end) & mask;
    for (;;) {
      const code = this.#slots[slot] ?? NONE;
      if (code === NONE) break;
      if (this.#is(code, bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
    const added = this.#add(bytes, start, end);
    this.#slots[slot] = added;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return added;
  }

  #add(bytes: Uint8Array, start: number, end: number): number {
    const code = this.size;
    const from = code === 0 ? 0 : (this.#starts[code] ?? 0);
    const until = from + end - start;
    if (until > this.#texts.length) this.#texts = grown(this.#texts, new Uint8Array(until * 2));
    if (code + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(this.#starts.length * 2));
    }
    for (let i = start; i < end; i += 1) this.#texts[from + i - start] = bytes[i] ?? 0;
    this.#starts[code] = from;
    this.#starts[code + 1] = until;
    this.size = code + 1;
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(NONE);
    const mask = slots.length - 1;
    for (let code = 0; code < this.size; code += 1) {
      const [start, end] = [this.#starts[code] ?? 0, this.#starts[code + 1] ?? 0];
      if (end - start === 1) continue;
      let slot = hash(this.#texts, start, end) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

function codesFor(rows: number): Uint32Array {
  return new Uint32Array(memory(rows * Uint32Array.BYTES_PER_ELEMENT));
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = OFFSET_BASIS;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] ?? 0), PRIME);
  // The low bits alone choose the slot.
  return value ^ (value >>> 15);
}

function grown<Values extends Uint8Array | Uint32Array>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}
