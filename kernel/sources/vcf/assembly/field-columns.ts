import {
  ANY_NUMBER,
  BOOLEAN,
  FLAGS,
  FLOAT,
  FLOATS,
  INTEGER,
  INTEGERS,
  PER_ALLELE,
  PER_ALTERNATE,
  VERBATIM,
} from "../codes";
import { Column, DictionaryColumn, FixedColumn, ListColumn, TextColumn } from "./columns";
import { NO_INTEGER, decimalAt, integerAt } from "./numbers";
import { COMMA, find, isMissing } from "./text";

/** An INFO or FORMAT field. */
@final
export class Field {
  constructor(
    readonly values: i32,
    readonly isList: bool,
    /** How many values it has, such as `PER_ALLELE`. */
    readonly number: i32,
  ) {}

  /** Whether `[start … end)` has as many values as it should beside so many alternates. One `.` stands for all. */
  fits(start: usize, end: usize, alternates: i32): bool {
    if (this.number === ANY_NUMBER || start === 0) return true;
    let values = 1;
    for (let at = find(COMMA, start, end); at < end; at = find(COMMA, at + 1, end)) values += 1;
    const alleles = alternates + 1;
    switch (this.number) {
      case PER_ALTERNATE:
        // Beside no alternate a frequency of 0 is said, too.
        return values === max(alternates, 1) || isMissing(start, end);
      case PER_ALLELE:
        return values === alleles || isMissing(start, end);
      default:
        // Of two copies, or of one.
        return values === (alleles * (alleles + 1)) >> 1 || values === alleles || isMissing(start, end);
    }
  }

  get isFlag(): bool {
    return this.values === FLAGS;
  }

  column(rows: i32): FieldColumn {
    return this.isList ? new Lists(this.single(rows), rows) : this.single(rows);
  }

  /** Of single values; in a list, of its elements. */
  private single(rows: i32): FieldColumn {
    switch (this.values) {
      case FLAGS:
        return new Flags(rows);
      case INTEGERS:
        return new Integers(rows);
      case FLOATS:
        return new Floats(rows);
      case VERBATIM:
        return new Verbatim(rows);
      default:
        return new PlainTexts(rows, this.isList);
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

  /** `verbatim`: a text of `.` is itself, as in a list. */
  constructor(
    rows: i32,
    private readonly verbatim: bool,
  ) {
    const texts = new TextColumn(rows);
    super(texts);
    this.texts = texts;
  }

  write(row: i32, start: usize, end: usize): void {
    if (start === 0 || (!this.verbatim && start < end && isMissing(start, end))) this.texts.setNull(row);
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

/** Values between commas: each is written as the column of the elements has it. */
@final
class Lists extends FieldColumn {
  private readonly lists: ListColumn;

  constructor(
    private readonly elements: FieldColumn,
    rows: i32,
  ) {
    const lists = new ListColumn(elements.column, rows);
    super(lists);
    this.lists = lists;
  }

  write(row: i32, start: usize, end: usize): void {
    const lists = this.lists;
    if (start === 0 || isMissing(start, end)) return lists.setNull(row);
    lists.begin(mostElements(start, end));
    for (let at = start; at <= end; lists.length += 1) {
      const stop = find(COMMA, at, end);
      this.elements.write(lists.length, at, stop);
      at = stop + 1;
    }
    lists.end(row);
  }
}
