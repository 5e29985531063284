import type { Column } from "../../columns/column.ts";
import { FixedColumn } from "../../columns/fixed.ts";
import { ListColumn } from "../../columns/list.ts";
import { TextColumn } from "../../columns/text.ts";
import { COMMA, isMissing } from "./bytes.ts";
import type { Field } from "./fields.ts";
import { decimalAt, integerAt } from "./numbers.ts";

/** The column of one INFO or FORMAT field, and how it reads a value out of a record. */
export interface FieldColumn {
  readonly column: Column;
  /** Takes the value `bytes[start … end)`; `start` below 0: there is none. `.`, and what does not fit the type, is null. */
  write(row: number, bytes: Buffer, start: number, end: number): void;
}

/** `verbatim`: a text of `.` is itself. A flag is given 1 as its value where it stands, see {@link Flags}. */
export function fieldColumn({ type, list }: Field, capacity: number, verbatim = false): FieldColumn {
  switch (type) {
    case "BOOLEAN":
      return new Flags(capacity);
    case "INTEGER":
      return list ? new IntegerLists(capacity) : new Integers(capacity);
    case "FLOAT":
      return list ? new FloatLists(capacity) : new Floats(capacity);
    case "VARCHAR":
      return list ? new TextLists(capacity) : new Texts(capacity, verbatim);
  }
}

class Integers implements FieldColumn {
  readonly column: FixedColumn<"INTEGER">;

  constructor(capacity: number) {
    this.column = new FixedColumn("INTEGER", capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const value = start < 0 ? Number.NaN : integerAt(bytes, start, end);
    if (Number.isNaN(value)) this.column.setNull(row);
    else this.column.values[row] = value;
  }
}

class Floats implements FieldColumn {
  readonly column: FixedColumn<"FLOAT">;

  constructor(capacity: number) {
    this.column = new FixedColumn("FLOAT", capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const value = start < 0 ? Number.NaN : decimalAt(bytes, start, end);
    if (Number.isNaN(value)) this.column.setNull(row);
    else this.column.values[row] = value;
  }
}

class Texts implements FieldColumn {
  readonly column: TextColumn;
  readonly #verbatim: boolean;

  constructor(capacity: number, verbatim: boolean) {
    this.column = new TextColumn(capacity);
    this.#verbatim = verbatim;
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const missing = start < 0 || (!this.#verbatim && start < end && isMissing(bytes, start, end));
    if (missing) this.column.setNull(row);
    else this.column.set(row, bytes, start, end);
  }
}

/** Never null: a flag that does not stand is false. */
class Flags implements FieldColumn {
  readonly column: FixedColumn<"BOOLEAN">;

  constructor(capacity: number) {
    this.column = new FixedColumn("BOOLEAN", capacity);
  }

  /** Stands where `start` is no less than 0. */
  write(row: number, _bytes: Buffer, start: number): void {
    this.column.values[row] = start < 0 ? 0 : 1;
  }
}

/** A list whose elements lie between commas. */
abstract class Lists<Child extends FixedColumn | TextColumn> implements FieldColumn {
  readonly column: ListColumn<Child>;

  constructor(child: Child, capacity: number) {
    this.column = new ListColumn(child, capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const { column } = this;
    if (start < 0 || isMissing(bytes, start, end)) return column.setNull(row);
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && bytes[at] !== COMMA) continue;
      column.begin(1);
      this.element(column.length, bytes, from, at);
      column.length += 1;
      from = at + 1;
    }
    column.end(row);
  }

  protected abstract element(at: number, bytes: Buffer, start: number, end: number): void;
}

class IntegerLists extends Lists<FixedColumn<"INTEGER">> {
  constructor(capacity: number) {
    super(new FixedColumn("INTEGER", capacity), capacity);
  }

  protected override element(at: number, bytes: Buffer, start: number, end: number): void {
    const value = integerAt(bytes, start, end);
    if (Number.isNaN(value)) this.column.child.setNull(at);
    else this.column.child.values[at] = value;
  }
}

class FloatLists extends Lists<FixedColumn<"FLOAT">> {
  constructor(capacity: number) {
    super(new FixedColumn("FLOAT", capacity), capacity);
  }

  protected override element(at: number, bytes: Buffer, start: number, end: number): void {
    const value = decimalAt(bytes, start, end);
    if (Number.isNaN(value)) this.column.child.setNull(at);
    else this.column.child.values[at] = value;
  }
}

class TextLists extends Lists<TextColumn> {
  constructor(capacity: number) {
    super(new TextColumn(capacity), capacity);
  }

  protected override element(at: number, bytes: Buffer, start: number, end: number): void {
    this.column.child.set(at, bytes, start, end);
  }
}
