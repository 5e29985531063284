import { Stretch } from "./memory";

/** Their text is still near when they are written. */
const MOST_ROWS: i32 = 128;
const NO_FIELD: i32 = -1;
/** How a field may not fit: it has another number of values than it should, or a value of another type. */
export const OTHER_NUMBER: i32 = 0;
export const OTHER_TYPE: i32 = 1;
const MISFITS: i32 = 2;
/** Stands for none of them. */
export const FITS: i32 = -1;
const SPAN_BYTES: usize = 8;
const FIELD_BYTES: usize = (MOST_ROWS as usize) * SPAN_BYTES;

/**
 * Kept rows whose fields are still to be written. They are when there are some, field by field: so each field is a loop
 * of its own over memory that lies together. Until then the text stays where it is.
 */
@final
export class WaitingRows {
  count: i32 = 0;
  /** Whether a row has a field that does not fit. */
  anyMisfit: bool = false;
  /** Of one field after the other, the first byte of its value in each row, and the byte behind it. */
  private readonly spans: Stretch = new Stretch(FIELD_BYTES);
  private readonly alternateCounts: StaticArray<i32> = new StaticArray<i32>(MOST_ROWS);
  private readonly lines: StaticArray<i32> = new StaticArray<i32>(MOST_ROWS);
  private readonly records: StaticArray<usize> = new StaticArray<usize>(MOST_ROWS);
  private readonly misfits: StaticArray<i32> = new StaticArray<i32>(MISFITS * MOST_ROWS);

  get isFull(): bool {
    return this.count === MOST_ROWS;
  }

  /** Begins a row of so many fields. `line` is its number in the file, `record` its first byte. */
  begin(fields: i32, alternates: i32, line: i32, record: usize): void {
    const row = this.count;
    this.spans.ensure((fields as usize) * FIELD_BYTES, 0);
    unchecked((this.alternateCounts[row] = alternates));
    unchecked((this.lines[row] = line));
    unchecked((this.records[row] = record));
    for (let kind = 0; kind < MISFITS; kind += 1) unchecked((this.misfits[placeOf(kind, row)] = NO_FIELD));
    this.count = row + 1;
  }

  /** Where the value of a field lies in the row that was begun last; `start` of 0: there is none. */
  @inline
  put(field: i32, start: usize, end: usize): void {
    const at = this.spanOf(field, this.count - 1);
    store<u32>(at, start as u32);
    store<u32>(at, end as u32, 4);
  }

  @inline
  start(field: i32, row: i32): usize {
    return load<u32>(this.spanOf(field, row));
  }

  @inline
  end(field: i32, row: i32): usize {
    return load<u32>(this.spanOf(field, row), 4);
  }

  @inline
  alternates(row: i32): i32 {
    return unchecked(this.alternateCounts[row]);
  }

  line(row: i32): i32 {
    return unchecked(this.lines[row]);
  }

  record(row: i32): usize {
    return unchecked(this.records[row]);
  }

  /** Takes note of a field that does not fit, by the kind of its misfit. */
  takeMisfit(kind: i32, field: i32, row: i32): void {
    this.anyMisfit = true;
    unchecked((this.misfits[placeOf(kind, row)] = field));
  }

  /** Field of a row that does not fit in this way; below 0: none. */
  misfit(kind: i32, row: i32): i32 {
    return unchecked(this.misfits[placeOf(kind, row)]);
  }

  clear(): void {
    this.count = 0;
    this.anyMisfit = false;
  }

  @inline
  private spanOf(field: i32, row: i32): usize {
    return this.spans.at + (field as usize) * FIELD_BYTES + (row as usize) * SPAN_BYTES;
  }
}

function placeOf(kind: i32, row: i32): i32 {
  return kind * MOST_ROWS + row;
}
