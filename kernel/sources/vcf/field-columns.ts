import type { Column } from "../../columns/column.ts";
import { DictionaryColumn } from "../../columns/dictionary.ts";
import { FixedColumn } from "../../columns/fixed.ts";
import { ListColumn } from "../../columns/list.ts";
import { TextColumn } from "../../columns/text.ts";
import { COMMA, NINE, ZERO, isMissing } from "./bytes.ts";
import type { Field } from "./fields.ts";
import { decimalAt, integerAt } from "./numbers.ts";

/** Digits of the largest 32-bit integer: with fewer, any digits fit. */
const INTEGER_DIGITS = 10;

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
  readonly column: TextColumn | DictionaryColumn;
  readonly #verbatim: boolean;

  constructor(capacity: number, verbatim: boolean) {
    // Of what is read verbatim, genotypes, there are a few.
    this.column = verbatim ? new DictionaryColumn(capacity) : new TextColumn(capacity);
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

/** Elements that lie between commas, at the most. */
function mostElements(start: number, end: number): number {
  return end - start + 1;
}

class IntegerLists implements FieldColumn {
  readonly column: ListColumn<FixedColumn<"INTEGER">>;

  constructor(capacity: number) {
    this.column = new ListColumn(new FixedColumn("INTEGER", capacity), capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const { column } = this;
    if (start < 0 || isMissing(bytes, start, end)) return column.setNull(row);
    column.begin(mostElements(start, end));
    let from = start;
    let value = 0;
    let areDigits = true;
    for (let at = start; ; at += 1) {
      const byte = at < end ? (bytes[at] ?? COMMA) : COMMA;
      if (byte >= ZERO && byte <= NINE) value = value * 10 + (byte - ZERO);
      else if (byte !== COMMA) areDigits = false;
      else {
        const isShort = at > from && at - from < INTEGER_DIGITS;
        this.#push(areDigits && isShort ? value : integerAt(bytes, from, at));
        if (at === end) break;
        from = at + 1;
        value = 0;
        areDigits = true;
      }
    }
    column.end(row);
  }

  #push(element: number): void {
    const { column } = this;
    if (Number.isNaN(element)) column.child.setNull(column.length);
    else column.child.values[column.length] = element;
    column.length += 1;
  }
}

class FloatLists implements FieldColumn {
  readonly column: ListColumn<FixedColumn<"FLOAT">>;

  constructor(capacity: number) {
    this.column = new ListColumn(new FixedColumn("FLOAT", capacity), capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const { column } = this;
    if (start < 0 || isMissing(bytes, start, end)) return column.setNull(row);
    column.begin(mostElements(start, end));
    const { child } = column;
    for (let at = start; at <= end; column.length += 1) {
      const stop = commaFrom(bytes, at, end);
      const value = decimalAt(bytes, at, stop);
      if (Number.isNaN(value)) child.setNull(column.length);
      else child.values[column.length] = value;
      at = stop + 1;
    }
    column.end(row);
  }
}

class TextLists implements FieldColumn {
  readonly column: ListColumn<TextColumn>;

  constructor(capacity: number) {
    this.column = new ListColumn(new TextColumn(capacity), capacity);
  }

  write(row: number, bytes: Buffer, start: number, end: number): void {
    const { column } = this;
    if (start < 0 || isMissing(bytes, start, end)) return column.setNull(row);
    column.begin(mostElements(start, end));
    for (let at = start; at <= end; column.length += 1) {
      const stop = commaFrom(bytes, at, end);
      column.child.set(column.length, bytes, at, stop);
      at = stop + 1;
    }
    column.end(row);
  }
}

/** Place of the next comma from `at` on; `end` when there is none. */
function commaFrom(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && bytes[stop] !== COMMA) stop += 1;
  return stop;
}
