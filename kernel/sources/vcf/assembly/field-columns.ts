import { BOOLEAN, FLAGS, FLOAT, FLOATS, INTEGER, INTEGERS, VERBATIM } from "../codes";
import { Column, DictionaryColumn, FixedColumn, ListColumn, TextColumn } from "./columns";
import { NO_INTEGER, decimalAt, integerAt } from "./numbers";
import { COMMA, find, isMissing } from "./text";

/** An INFO or FORMAT field. */
@final
export class Field {
  constructor(
    readonly values: i32,
    readonly isList: bool,
  ) {}

  get isFlag(): bool {
    return this.values === FLAGS;
  }

  column(rows: i32): FieldColumn {
    switch (this.values) {
      case FLAGS:
        return new Flags(rows);
      case INTEGERS:
        return this.isList ? new IntegerLists(rows) : new Integers(rows);
      case FLOATS:
        return this.isList ? new FloatLists(rows) : new Floats(rows);
      case VERBATIM:
        return new Verbatim(rows);
      default:
        return this.isList ? new TextLists(rows) : new PlainTexts(rows);
    }
  }
}

/** The column of one INFO or FORMAT field, and how it reads a value out of a record. */
export abstract class FieldColumn {
  constructor(readonly column: Column) {}

  /** Takes the value `[start … end)`; `start` of 0: there is none. `.`, and what does not fit the type, is null. */
  abstract write(row: i32, start: usize, end: usize): void;
}

/** Never null: a flag that does not stand is false. One that stands has 1 as its place, where it has no value. */
@final
class Flags extends FieldColumn {
  private readonly flags: FixedColumn;

  constructor(rows: i32) {
    const flags = new FixedColumn(BOOLEAN, rows);
    super(flags);
    this.flags = flags;
  }

  write(row: i32, start: usize, end: usize): void {
    this.flags.set<u8>(row, start === 0 ? 0 : 1);
  }
}

@final
class Integers extends FieldColumn {
  private readonly integers: FixedColumn;

  constructor(rows: i32) {
    const integers = new FixedColumn(INTEGER, rows);
    super(integers);
    this.integers = integers;
  }

  write(row: i32, start: usize, end: usize): void {
    const value = start === 0 ? NO_INTEGER : integerAt(start, end);
    if (value === NO_INTEGER) this.integers.setNull(row);
    else this.integers.set<i32>(row, value);
  }
}

@final
class Floats extends FieldColumn {
  private readonly floats: FixedColumn;

  constructor(rows: i32) {
    const floats = new FixedColumn(FLOAT, rows);
    super(floats);
    this.floats = floats;
  }

  write(row: i32, start: usize, end: usize): void {
    const value = start === 0 ? NaN : decimalAt(start, end);
    if (isNaN(value)) this.floats.setNull(row);
    else this.floats.set<f32>(row, value as f32);
  }
}

@final
class PlainTexts extends FieldColumn {
  private readonly texts: TextColumn;

  constructor(rows: i32) {
    const texts = new TextColumn(rows);
    super(texts);
    this.texts = texts;
  }

  write(row: i32, start: usize, end: usize): void {
    if (start === 0 || (start < end && isMissing(start, end))) this.texts.setNull(row);
    else this.texts.set(row, start, end);
  }
}

@final
class Verbatim extends FieldColumn {
  private readonly texts: DictionaryColumn;

  constructor(rows: i32) {
    const texts = new DictionaryColumn(rows);
    super(texts);
    this.texts = texts;
  }

  write(row: i32, start: usize, end: usize): void {
    if (start === 0) this.texts.setNull(row);
    else this.texts.set(row, start, end);
  }
}

/** Elements that lie between commas, at the most. */
function mostElements(start: usize, end: usize): i32 {
  return (end - start + 1) as i32;
}

@final
class IntegerLists extends FieldColumn {
  private readonly lists: ListColumn;
  private readonly elements: FixedColumn;

  constructor(rows: i32) {
    const elements = new FixedColumn(INTEGER, rows);
    const lists = new ListColumn(elements, rows);
    super(lists);
    this.lists = lists;
    this.elements = elements;
  }

  write(row: i32, start: usize, end: usize): void {
    const lists = this.lists;
    if (start === 0 || isMissing(start, end)) return lists.setNull(row);
    lists.begin(mostElements(start, end));
    const elements = this.elements;
    for (let at = start; at <= end; lists.length += 1) {
      const stop = find(COMMA, at, end);
      const value = integerAt(at, stop);
      if (value === NO_INTEGER) elements.setNull(lists.length);
      else elements.set<i32>(lists.length, value);
      at = stop + 1;
    }
    lists.end(row);
  }
}

@final
class FloatLists extends FieldColumn {
  private readonly lists: ListColumn;
  private readonly elements: FixedColumn;

  constructor(rows: i32) {
    const elements = new FixedColumn(FLOAT, rows);
    const lists = new ListColumn(elements, rows);
    super(lists);
    this.lists = lists;
    this.elements = elements;
  }

  write(row: i32, start: usize, end: usize): void {
    const lists = this.lists;
    if (start === 0 || isMissing(start, end)) return lists.setNull(row);
    lists.begin(mostElements(start, end));
    const elements = this.elements;
    for (let at = start; at <= end; lists.length += 1) {
      const stop = find(COMMA, at, end);
      const value = decimalAt(at, stop);
      if (isNaN(value)) elements.setNull(lists.length);
      else elements.set<f32>(lists.length, value as f32);
      at = stop + 1;
    }
    lists.end(row);
  }
}

@final
class TextLists extends FieldColumn {
  private readonly lists: ListColumn;
  private readonly elements: TextColumn;

  constructor(rows: i32) {
    const elements = new TextColumn(rows);
    const lists = new ListColumn(elements, rows);
    super(lists);
    this.lists = lists;
    this.elements = elements;
  }

  write(row: i32, start: usize, end: usize): void {
    const lists = this.lists;
    if (start === 0 || isMissing(start, end)) return lists.setNull(row);
    lists.begin(mostElements(start, end));
    for (let at = start; at <= end; lists.length += 1) {
      const stop = find(COMMA, at, end);
      this.elements.set(lists.length, at, stop);
      at = stop + 1;
    }
    lists.end(row);
  }
}
