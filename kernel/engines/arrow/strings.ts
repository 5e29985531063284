import duckdb from "@duckdb/node-bindings";

import { bitAt } from "./bitmap.ts";
import { TEXT_BYTES } from "./vector-view.ts";
import type { VectorView } from "./vector-view.ts";

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
  homes: DataView[] = [];
  home: Int32Array = new Int32Array(0);
  at: Int32Array = new Int32Array(0);
  length: Int32Array = new Int32Array(0);
  /** Sum of all lengths. */
  total = 0;

  /** Which texts are long. */
  #long = new Int32Array(0);

  load(view: VectorView, from: number, count: number): void {
    if (this.length.length < count) this.#resize(count);
    const words = view.texts();
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
    if (longs > 0) this.#fetch(longs);
  }

  /** The bytes of one text. */
  text(i: number): Uint8Array {
    const length = this.length[i] ?? 0;
    if (length > INLINE_BYTES) {
      const home = this.longHome(i);
      return new Uint8Array(home.buffer, home.byteOffset + (this.at[i] ?? 0), length);
    }
    const { buffer, byteOffset } = this.words;
    return new Uint8Array(buffer, byteOffset + (this.from + i) * TEXT_BYTES + 4, length);
  }

  /** Where a long text lies, from byte `at[i]` on. */
  longHome(i: number): DataView {
    const home = this.homes[this.home[i] ?? 0];
    if (home === undefined) throw new Error(`no memory was fetched for the text of row ${this.from + i}`);
    return home;
  }

  /**
   * Fetches the long texts window by window. A vector was filled row by row, into a few blocks of memory that lie
   * anywhere: within each the addresses rise, and where they fall a window ends.
   */
  #fetch(longs: number): void {
    const { buffer, byteOffset } = this.words;
    let first = 0;
    while (first < longs) {
      const row = this.#long[first] ?? 0;
      const start = this.#pointer(row);
      let end = start;
      let next = first;
      for (; next < longs; next++) {
        const i = this.#long[next] ?? 0;
        const pointer = this.#pointer(i);
        if (pointer < start || pointer - end >= GAP_BYTES || pointer - start >= WINDOW_BYTES) break;
        end = Math.max(end, pointer + (this.length[i] ?? 0));
        this.home[i] = this.homes.length;
        this.at[i] = pointer - start;
      }
      const pointerAt = byteOffset + (this.from + row) * TEXT_BYTES + 8;
      const bytes = duckdb.get_data_from_pointer(buffer as ArrayBuffer, pointerAt, end - start);
      this.homes.push(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      first = next;
    }
  }

  /** The address of a long text. */
  #pointer(i: number): number {
    const word = 4 * (this.from + i);
    return ((this.words[word + 2] ?? 0) >>> 0) + (this.words[word + 3] ?? 0) * 2 ** 32;
  }

  #resize(count: number): void {
    this.home = new Int32Array(count);
    this.at = new Int32Array(count);
    this.length = new Int32Array(count);
    this.#long = new Int32Array(count);
  }
}
