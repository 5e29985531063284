import duckdb from "@duckdb/node-bindings";

import { bitAt } from "./bitmap.ts";
import type { VectorView } from "./vector-view.ts";

/** Bytes of one string in a vector: its length, then the text itself or a prefix of it and a pointer. */
const ENTRY_BYTES = 16;
/** Longest text that stands in the vector itself. */
const INLINE_BYTES = 12;
/**
 * Strings closer together than this are fetched in one call. A gap under one page (4096 bytes is the
 * smallest) lies on the pages of its two neighbours, so reading across it never touches foreign memory.
 */
const GAP_BYTES = 4096;
const WINDOW_BYTES = 1 << 20;

/**
 * The texts of some rows of a vector as places in byte arrays: row `i` is `length[i]` bytes from `at[i]`
 * in `homes[home[i]]`. Home 0 is the vector itself. A null row has length 0.
 *
 * Long texts lie behind pointers, and the binding copies each on request. Since most vectors point into
 * one heap, neighbours are fetched together: one call for some hundred strings.
 */
export class Strings {
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
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    const validity = view.validity();
    this.homes = [data];
    this.total = 0;
    let longs = 0;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const length = validity === null || bitAt(validity, row) ? (words[4 * row] ?? 0) : 0;
      this.length[i] = length;
      this.home[i] = 0;
      this.at[i] = row * ENTRY_BYTES + 4;
      this.total += length;
      if (length > INLINE_BYTES) {
        this.#pointers[longs] = (words[4 * row + 2] ?? 0) + (words[4 * row + 3] ?? 0) * 2 ** 32;
        this.#long[longs++] = i;
      }
    }
    if (longs > 0) this.#fetch(data, from, longs);
  }

  /** Fetches the long texts window by window, in the order of their addresses. */
  #fetch(data: Uint8Array, from: number, longs: number): void {
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
      const pointerAt = data.byteOffset + (from + row) * ENTRY_BYTES + 8;
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
