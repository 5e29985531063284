import { Bool } from "apache-arrow";
import type { DataType } from "apache-arrow";

import { bitAt, Bitmap } from "./bitmap.ts";
import type { Body, ColumnWriter } from "./column.ts";
import type { VectorView } from "./vector-view.ts";

/** BOOLEAN: one byte a row in DuckDB, one bit in Arrow. */
export class BooleanWriter implements ColumnWriter {
  readonly type: DataType = new Bool();
  readonly #validity = new Bitmap();
  readonly #values = new Bitmap();

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return this.rows >> 3;
  }

  append(view: VectorView, from: number, count: number): void {
    const validity = view.validity();
    const data = view.data(1);
    this.#validity.append(validity, from, count);
    this.#values.appendEach(
      count,
      (i) => data[from + i] === 1 && (validity === null || bitAt(validity, from + i)),
    );
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    body.buffer(this.#values.bits());
  }

  clear(): void {
    this.#validity.clear();
    this.#values.clear();
  }
}
