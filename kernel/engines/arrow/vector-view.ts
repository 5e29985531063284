import duckdb from "@duckdb/node-bindings";
import type { Vector } from "@duckdb/node-bindings";

const NOTHING = new Uint8Array(0);
/** Bytes of one text in a vector. */
export const TEXT_BYTES = 16;

/**
 * The memory of one vector of a chunk. Valid as long as its chunk is; each part is asked of the binding once, which
 * copies it.
 */
export class VectorView {
  /** Rows in the vector. */
  readonly size: number;
  readonly #vector: Vector;
  readonly #children = new Map<number, VectorView>();
  #data: Uint8Array | undefined;
  #validity: Uint8Array | null | undefined;

  constructor(vector: Vector, size: number) {
    this.#vector = vector;
    this.size = size;
  }

  /** The values, `width` bytes each, ours to change. Those of null rows are undefined. */
  data(width: number): Uint8Array {
    this.#data ??= this.size === 0 ? NOTHING : duckdb.vector_get_data(this.#vector, this.size * width);
    return this.#data;
  }

  /** Texts or bytes, four words a row: the length, then the text itself or a prefix of it and a pointer. */
  texts(): Int32Array {
    const { buffer, byteOffset, byteLength } = this.data(TEXT_BYTES);
    return new Int32Array(buffer, byteOffset, byteLength >> 2);
  }

  /** One bit a row, set where there is a value; null when every row has one. */
  validity(): Uint8Array | null {
    if (this.#validity === undefined) {
      // Whole 64-bit words: the binding hands out what it is asked for. It answers null in spite of its type.
      const bytes = Math.ceil(this.size / 64) * 8;
      this.#validity = bytes === 0 ? null : duckdb.vector_get_validity(this.#vector, bytes);
    }
    return this.#validity;
  }

  /** The values of all lists, one after the other; a list's entry in `data(16)` says where it lies. */
  listChild(): VectorView {
    return this.#child(
      0,
      () =>
        new VectorView(duckdb.list_vector_get_child(this.#vector), duckdb.list_vector_get_size(this.#vector)),
    );
  }

  /** The values of all arrays, `length` for each row, null rows too. */
  arrayChild(length: number): VectorView {
    return this.#child(
      0,
      () => new VectorView(duckdb.array_vector_get_child(this.#vector), this.size * length),
    );
  }

  /** Field `index` of a struct; of a union, 0 is the tag and the members follow. */
  structChild(index: number): VectorView {
    return this.#child(
      index,
      () => new VectorView(duckdb.struct_vector_get_child(this.#vector, index), this.size),
    );
  }

  #child(index: number, make: () => VectorView): VectorView {
    const known = this.#children.get(index);
    if (known !== undefined) return known;
    const made = make();
    this.#children.set(index, made);
    return made;
  }
}
