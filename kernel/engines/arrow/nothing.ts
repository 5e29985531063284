import { Null } from "apache-arrow";
import type { DataType } from "apache-arrow";

import type { Body, ColumnWriter } from "./column.ts";
import type { VectorView } from "./vector-view.ts";

/** The type of a bare NULL: rows without any value. */
export class NullWriter implements ColumnWriter {
  readonly type: DataType = new Null();
  readonly bytes = 0;
  rows = 0;

  append(_view: VectorView, _from: number, count: number): void {
    this.rows += count;
  }

  write(body: Body): void {
    body.node(this.rows, this.rows);
  }

  clear(): void {
    this.rows = 0;
  }
}
