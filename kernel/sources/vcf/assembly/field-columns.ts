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
import { NO_INTEGER, decimalAt, integralAt, isNanText } from "./numbers";
import { COMMA, find, isMissing } from "./text";
import { FITS, OTHER_NUMBER, OTHER_TYPE, WaitingRows } from "./waiting";

/** An INFO or FORMAT field. */
@final
export class Field {
  constructor(
    readonly values: i32,
    readonly isList: bool,
    /** How many values it has, such as `PER_ALLELE`. */
    readonly number: i32,
  ) {}

  get isFlag(): bool {
    return this.values === FLAGS;
  }

  column(rows: i32): FieldColumn {
    switch (this.values) {
      case FLAGS:
        return new Flags(rows);
      case INTEGERS:
        return this.isList ? new Lists<Integers>(new Integers(rows), this.number, rows) : new Integers(rows);
      case FLOATS:
        return this.isList ? new Lists<Floats>(new Floats(rows), this.number, rows) : new Floats(rows);
      case VERBATIM:
        return new Verbatim(rows);
      default:
        return this.isList
          ? new Lists<PlainTexts>(new PlainTexts(rows, true), this.number, rows)
          : new PlainTexts(rows, false);
    }
  }
}

/** The column of one INFO or FORMAT field, and how it reads a value out of a record. */
export abstract class FieldColumn {
  constructor(readonly column: Column) {}

  /**
   * Takes the value `[start … end)`; `start` of 0: there is none. `.` is null, and so is what is of another type, or has
   * another number of values than it should beside so many alternates: which of these is returned.
   */
  abstract write(row: i32, start: usize, end: usize, alternates: i32): i32;

  /** Takes the values that a field has in the rows that wait, from `row` on. */
  abstract writeAll(row: i32, waiting: WaitingRows, field: i32): void;
}

/** {@link FieldColumn.writeAll} of one class, which knows what it calls. */
function writeEach<Of extends FieldColumn>(column: Of, row: i32, waiting: WaitingRows, field: i32): void {
  for (let i = 0; i < waiting.count; i += 1) {
    const misfit = column.write(
      row + i,
      waiting.start(field, i),
      waiting.end(field, i),
      waiting.alternates(i),
    );
    if (misfit !== FITS) waiting.takeMisfit(misfit, field, i);
  }
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

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<Flags>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    this.flags.set<u8>(row, start === 0 ? 0 : 1);
    return FITS;
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

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<Integers>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    const value = start === 0 ? NO_INTEGER : integralAt(start, end);
    if (value !== NO_INTEGER) {
      this.integers.set<i32>(row, value);
      return FITS;
    }
    this.integers.setNull(row);
    return start === 0 || isMissing(start, end) ? FITS : OTHER_TYPE;
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

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<Floats>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    const value = start === 0 ? NaN : decimalAt(start, end);
    if (!isNaN(value)) {
      this.floats.set<f32>(row, value as f32);
      return FITS;
    }
    this.floats.setNull(row);
    return start === 0 || isMissing(start, end) || isNanText(start, end) ? FITS : OTHER_TYPE;
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

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<PlainTexts>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    if (start === 0 || (!this.verbatim && start < end && isMissing(start, end))) this.texts.setNull(row);
    else this.texts.set(row, start, end);
    return FITS;
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

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<Verbatim>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    if (start === 0) this.texts.setNull(row);
    else this.texts.set(row, start, end);
    return FITS;
  }
}

/** Elements that lie between commas, at the most. */
function mostElements(start: usize, end: usize): i32 {
  return (end - start + 1) as i32;
}

/** Values between commas: each is written as the column of the elements has it. */
@final
class Lists<Elements extends FieldColumn> extends FieldColumn {
  private readonly lists: ListColumn;

  constructor(
    private readonly elements: Elements,
    private readonly number: i32,
    rows: i32,
  ) {
    const lists = new ListColumn(elements.column, rows);
    super(lists);
    this.lists = lists;
  }

  writeAll(row: i32, waiting: WaitingRows, field: i32): void {
    writeEach<Lists<Elements>>(this, row, waiting, field);
  }

  write(row: i32, start: usize, end: usize, alternates: i32): i32 {
    const lists = this.lists;
    if (start === 0 || isMissing(start, end)) {
      lists.setNull(row);
      return FITS;
    }
    let stop = find(COMMA, start, end);
    if (!this.fits(stop, end, alternates)) {
      lists.setNull(row);
      return OTHER_NUMBER;
    }
    lists.begin(mostElements(start, end));
    let misfit = FITS;
    let at = start;
    for (;;) {
      misfit = max(misfit, this.elements.write(lists.length, at, stop, alternates));
      lists.length += 1;
      if (stop >= end) break;
      at = stop + 1;
      stop = find(COMMA, at, end);
    }
    lists.end(row);
    return misfit;
  }

  /** Whether there are as many values as there should be. `stop`: where the first one ends. */
  @inline
  private fits(stop: usize, end: usize, alternates: i32): bool {
    if (this.number === ANY_NUMBER) return true;
    let values = 1;
    for (let at = stop; at < end; at = find(COMMA, at + 1, end)) values += 1;
    const alleles = alternates + 1;
    switch (this.number) {
      case PER_ALTERNATE:
        // Beside no alternate a frequency of 0 is said, too.
        return values === max(alternates, 1);
      case PER_ALLELE:
        return values === alleles;
      default:
        // Of two copies, or of one.
        return values === (alleles * (alleles + 1)) >> 1 || values === alleles;
    }
  }
}
