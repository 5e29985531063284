import type { DataType } from "apache-arrow";

import { bitAt, Bitmap } from "./bitmap.ts";
import { Bytes } from "./bytes.ts";
import type { Body, ColumnWriter } from "./column.ts";
import type { VectorView } from "./vector-view.ts";

/** Turns values of `inputWidth` bytes into Arrow's; both ranges hold `count` values. */
export interface Conversion {
  readonly inputWidth: number;
  readonly outputWidth: number;
  convert(input: Uint8Array, output: Uint8Array, count: number): void;
}

/** A column of numbers: one memory copy where DuckDB and Arrow agree on the bytes, else one conversion. */
export class FixedWidthWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #conversion: Conversion;
  readonly #validity = new Bitmap();
  readonly #values = new Bytes();

  constructor(type: DataType, conversion: Conversion) {
    this.type = type;
    this.#conversion = conversion;
  }

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return this.#values.length;
  }

  append(view: VectorView, from: number, count: number): void {
    const { inputWidth, outputWidth } = this.#conversion;
    const validity = view.validity();
    const nulls = this.#validity.append(validity, from, count);
    const start = this.#values.reserve(count * outputWidth);
    const output = this.#values.bytes.subarray(start, start + count * outputWidth);
    if (nulls === count) {
      output.fill(0);
      return;
    }
    const input = view.data(inputWidth).subarray(from * inputWidth, (from + count) * inputWidth);
    // What stands in a null row is whatever the memory held before: it must not leave the process.
    if (validity !== null && nulls > 0) clearNulls(input, validity, from, inputWidth);
    this.#conversion.convert(input, output, count);
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    body.buffer(this.#values.view());
  }

  clear(): void {
    this.#validity.clear();
    this.#values.clear();
  }
}

/** Values whose bytes are the same in DuckDB and in Arrow. */
export function copied(width: number): Conversion {
  return {
    inputWidth: width,
    outputWidth: width,
    convert: (input, output) => output.set(input),
  };
}

/** Makes the values of null rows zero; the first is that of row `from`. */
function clearNulls(values: Uint8Array, validity: Uint8Array, from: number, width: number): void {
  for (let at = 0, row = from; at < values.length; at += width, row++) {
    if (!bitAt(validity, row)) values.fill(0, at, at + width);
  }
}
