import { Dictionary, Uint16, Uint32, Uint8, Utf8 } from "apache-arrow";
import type { DataType } from "apache-arrow";

import { Body } from "./column.ts";
import type { ColumnWriter, DictionaryPart, DictionarySource } from "./column.ts";
import { copied, FixedWidthWriter } from "./fixed-width.ts";
import { TextDictionary } from "./text-dictionary.ts";
import type { VectorView } from "./vector-view.ts";

const encoder = new TextEncoder();

/** ENUM: the numbers of the labels are DuckDB's own, and the labels are the dictionary. */
export class EnumWriter implements ColumnWriter, DictionarySource {
  readonly #id: number;
  readonly #indices: FixedWidthWriter;
  #labels: readonly string[] | null;

  /** `width` is the number of bytes that DuckDB keeps the number of a label in. */
  constructor(id: number, labels: readonly string[], width: 1 | 2 | 4) {
    this.#id = id;
    this.#labels = labels;
    const index = { 1: new Uint8(), 2: new Uint16(), 4: new Uint32() }[width];
    this.#indices = new FixedWidthWriter(new Dictionary(new Utf8(), index, id), copied(width));
  }

  get type(): DataType {
    return this.#indices.type;
  }

  get rows(): number {
    return this.#indices.rows;
  }

  get bytes(): number {
    return this.#indices.bytes;
  }

  append(view: VectorView, from: number, count: number): void {
    this.#indices.append(view, from, count);
  }

  takeDictionary(): DictionaryPart | null {
    if (this.#labels === null) return null;
    const dictionary = new TextDictionary();
    for (const label of this.#labels) {
      const { buffer, byteOffset, byteLength } = encoder.encode(label);
      dictionary.index(new DataView(buffer, byteOffset, byteLength), 0, byteLength);
    }
    this.#labels = null;
    const body = new Body();
    return { id: this.#id, body, ...dictionary.take(body) };
  }

  write(body: Body): void {
    this.#indices.write(body);
  }

  clear(): void {
    this.#indices.clear();
  }
}
