import duckdb from "@duckdb/node-bindings";

import { bitAt } from "./bitmap.ts";
import type { VectorView } from "./vector-view.ts";

/** Bytes of one string in a vector: its length, then the text itself or a prefix of it and a pointer. */
const ENTRY_BYTES = 16;
/** Longest text that stands in the vector itself; what is left of its place is zero. */
export const INLINE_BYTES = 12;
/**
 * Strings closer together than this are fetched in one call. A gap under one page (4096 bytes is the
 * smallest) lies on the pages of its two neighbours, so reading across it never touches foreign memory.
 */
const GAP_BYTES = 4096;
const WINDOW_BYTES = 1 << 20;

/**
 * The texts of some rows of a vector. Those of up to 12 bytes stand in `words`, from word `4 * (from + i) + 1`;
 * a longer one is `length[i]` bytes from `at[i]` in `homes[home[i]]`. A null row has length 0.
 *
 * Long texts lie behind pointers, and the binding copies each on request. Since most vectors point into
 * one heap, neighbours are fetched together: one call for some hundred strings.
 */
export class Strings {
  /** The vector as it is, four words a row. */
  words: Int32Array = new Int32Array(0);
  from = 0;
  homes: Uint8Array[] = [];
  home: Int32Array = new Int32Array(0);
  at: Int32Array = new Int32Array(0);
  length: Int32Array = new Int32Array(0);
  /** Sum of all lengths. */
  total = 0;

  #pointers = new Float64Array(0);
  #long = new Int32Array(0);

  load(view: VectorView, from: number, count: number): void {
    if (this.length.length < count) this.#resize(count);
    const data = view.data(ENTRY_BYTES);
    const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    const validity = view.validity();
    const lengths = this.length;
    let longs = 0;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const length = validity === null || bitAt(validity, row) ? (words[4 * row] ?? 0) : 0;
      lengths[i] = length;
      total += length;
      if (length > INLINE_BYTES) this.#long[longs++] = i;
    }
    this.words = words;
    this.from = from;
    this.homes = [];
    this.total = total;
    if (longs > 0) this.#fetch(data, longs);
  }

  /** The bytes of one text. */
  text(i: number): Uint8Array {
    const length = this.length[i] ?? 0;
    if (length > INLINE_BYTES) {
      const at = this.at[i] ?? 0;
      return (this.homes[this.home[i] ?? 0] ?? new Uint8Array(0)).subarray(at, at + length);
    }
    const { buffer, byteOffset } = this.words;
    return new Uint8Array(buffer, byteOffset + (this.from + i) * ENTRY_BYTES + 4, length);
  }

  /** Fetches the long texts window by window, in the order of their addresses. */
  #fetch(data: Uint8Array, longs: number): void {
    for (let k = 0; k < longs; k++) {
      const word = 4 * (this.from + (this.#long[k] ?? 0));
      this.#pointers[k] = ((this.words[word + 2] ?? 0) >>> 0) + (this.words[word + 3] ?? 0) * 2 ** 32;
    }
    const order = this.#inOrder(longs);
    let first = 0;
    while (first < longs) {
      const start = this.#pointers[order[first] ?? 0] ?? 0;
      const row = this.#long[order[first] ?? 0] ?? 0;
      let end = start + (this.length[row] ?? 0);
      let next = first + 1;
      for (; next < longs; next++) {
        const pointer = this.#pointers[order[next] ?? 0] ?? 0;
        if (pointer - end >= GAP_BYTES || pointer - start >= WINDOW_BYTES) break;
        end = Math.max(end, pointer + (this.length[this.#long[order[next] ?? 0] ?? 0] ?? 0));
      }
      const pointerAt = data.byteOffset + (this.from + row) * ENTRY_BYTES + 8;
      this.homes.push(duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, pointerAt, end - start));
      for (let k = first; k < next; k++) {
        const i = this.#long[order[k] ?? 0] ?? 0;
        this.home[i] = this.homes.length - 1;
        this.at[i] = (this.#pointers[order[k] ?? 0] ?? 0) - start;
      }
      first = next;
    }
  }

  /** Indices of the long texts by ascending address; most vectors have them so already. */
  #inOrder(longs: number): Int32Array {
    const order = Int32Array.from({ length: longs }, (_, i) => i);
    for (let i = 1; i < longs; i++) {
      if ((this.#pointers[i] ?? 0) < (this.#pointers[i - 1] ?? 0)) {
        return order.toSorted((a, b) => (this.#pointers[a] ?? 0) - (this.#pointers[b] ?? 0));
      }
    }
    return order;
  }

  #resize(count: number): void {
    this.home = new Int32Array(count);
    this.at = new Int32Array(count);
    this.length = new Int32Array(count);
    this.#pointers = new Float64Array(count);
    this.#long = new Int32Array(count);
  }
}
