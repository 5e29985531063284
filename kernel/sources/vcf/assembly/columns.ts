import { BOOLEAN, DICTIONARY, DOUBLE, FIXED, LIST, TEXT } from "../codes";
import { Stretch } from "./memory";
import { byteAt, word } from "./text";
import { GOLDEN, Texts } from "./texts";

/** Bytes of a text that lies in its row; a longer one lies elsewhere. DuckDB's `string_t` is laid out so. */
const INLINE_BYTES: usize = 12;
/** log₂ of the bytes of a row: the length, then the text, zeros behind it. */
const TEXT_SHIFT: usize = 4;

/** Slots for texts that came lately: alleles, filters and genotypes are mostly the same few, and short. */
const SLOTS: usize = 64;
const SLOTS_SHIFT: u64 = 64 - 6;
/** log₂ of the bytes of a slot: the bytes of the text, its length, its code. */
const SLOT_SHIFT: usize = 4;
const SLOT_TEXT_BYTES: usize = 8;

/** What the values of a part take beside their rows: long texts, each once where it is kept so, and elements of lists. */
export class Extra {
  static bytes: usize = 0;
}

/** A column that is filled row by row, from row 0 up, and laid out so that an engine takes it by the thousand rows. */
export abstract class Column {
  /** One bit a row, set where there is a value. */
  readonly bits: Stretch;
  nulls: i32 = 0;

  constructor(
    readonly kind: i32,
    /** Rows that there is room for. */
    public room: i32,
  ) {
    this.bits = new Stretch(bytesOfBits(room));
    memory.fill(this.bits.at, 0xff, this.bits.room);
  }

  setNull(row: i32): void {
    const at = this.bits.at + ((row as usize) >> 3);
    store<u8>(at, byteAt(at) & ~(1 << (row & 7)));
    this.nulls += 1;
  }

  /** Makes room for `rows`, of which the first `used` stay. */
  grow(rows: i32, used: i32): void {
    const was = this.bits.room;
    this.room = rows;
    this.bits.resize(bytesOfBits(rows), was);
    memory.fill(this.bits.at + was, 0xff, this.bits.room - was);
  }

  /** Makes the column empty, and keeps its memory. */
  reset(): void {
    if (this.nulls > 0) memory.fill(this.bits.at, 0xff, this.bits.room);
    this.nulls = 0;
  }
}

function bytesOfBits(rows: i32): usize {
  return ((rows + 7) as usize) >> 3;
}

/** Numbers or truth values. What a null row holds is of no matter. */
@final
export class FixedColumn extends Column {
  readonly values: Stretch;
  /** log₂ of the bytes of a value. */
  private readonly shift: usize;

  constructor(
    readonly type: i32,
    rows: i32,
  ) {
    super(FIXED, rows);
    const shift: usize = type === BOOLEAN ? 0 : type === DOUBLE ? 3 : 2;
    this.shift = shift;
    this.values = new Stretch((rows as usize) << shift);
  }

  @inline
  set<Value>(row: i32, value: Value): void {
    store<Value>(this.values.at + (row as usize) * sizeof<Value>(), value);
  }

  grow(rows: i32, used: i32): void {
    super.grow(rows, used);
    this.values.resize((rows as usize) << this.shift, (used as usize) << this.shift);
  }
}

/** UTF-8 texts. Short ones lie in `words`; the long ones lie one behind the other in `longBytes`. */
@final
export class TextColumn extends Column {
  readonly words: Stretch;
  longs: i32 = 0;
  /** Rows whose text is long, ascending, and where each text ends. */
  readonly longRows: Stretch = new Stretch(256);
  readonly longEnds: Stretch = new Stretch(256);
  readonly longBytes: Stretch = new Stretch(4096);
  private longUsed: usize = 0;

  constructor(rows: i32) {
    super(TEXT, rows);
    this.words = new Stretch((rows as usize) << TEXT_SHIFT);
  }

  set(row: i32, start: usize, end: usize): void {
    const length = end - start;
    const at = this.words.at + ((row as usize) << TEXT_SHIFT);
    store<u32>(at, length as u32);
    if (length > INLINE_BYTES) return this.setLong(row, start, length);
    const first = min<usize>(length, 8);
    store<u64>(at, word(start, first), 4);
    store<u32>(at, word(start + 8, length - first) as u32, 12);
  }

  setNull(row: i32): void {
    // An engine may look at the length of a row that is null.
    memory.fill(this.words.at + ((row as usize) << TEXT_SHIFT), 0, 1 << TEXT_SHIFT);
    super.setNull(row);
  }

  grow(rows: i32, used: i32): void {
    super.grow(rows, used);
    this.words.resize((rows as usize) << TEXT_SHIFT, (used as usize) << TEXT_SHIFT);
  }

  reset(): void {
    super.reset();
    this.longs = 0;
    this.longUsed = 0;
  }

  private setLong(row: i32, start: usize, length: usize): void {
    const index = (this.longs as usize) << 2;
    this.longRows.ensure(index + 4, index);
    this.longEnds.ensure(index + 4, index);
    this.longBytes.ensure(this.longUsed + length, this.longUsed);
    memory.copy(this.longBytes.at + this.longUsed, start, length);
    this.longUsed += length;
    Extra.bytes += length;
    store<u32>(this.longRows.at + index, row);
    store<u32>(this.longEnds.at + index, this.longUsed as u32);
    this.longs += 1;
  }
}

/**
 * Texts of which many are the same: each text lies once in `texts`, and a row is its number. An engine writes such a
 * column without looking at the texts of its rows.
 */
@final
export class DictionaryColumn extends Column {
  readonly codes: Stretch;
  readonly texts: Texts = new Texts();
  private readonly slots: usize = heap.alloc(SLOTS << SLOT_SHIFT);

  constructor(rows: i32) {
    super(DICTIONARY, rows);
    this.codes = new Stretch((rows as usize) << 2);
    this.emptySlots();
  }

  set(row: i32, start: usize, end: usize): void {
    store<i32>(this.codes.at + ((row as usize) << 2), this.codeOf(start, end));
  }

  setNull(row: i32): void {
    store<i32>(this.codes.at + ((row as usize) << 2), 0);
    super.setNull(row);
  }

  grow(rows: i32, used: i32): void {
    super.grow(rows, used);
    this.codes.resize((rows as usize) << 2, (used as usize) << 2);
  }

  reset(): void {
    super.reset();
    this.texts.reset();
    this.emptySlots();
  }

  private emptySlots(): void {
    memory.fill(this.slots, 0xff, SLOTS << SLOT_SHIFT);
  }

  private codeOf(start: usize, end: usize): i32 {
    const length = end - start;
    if (length > SLOT_TEXT_BYTES) return this.longCodeOf(start, end);
    const bytes = word(start, length);
    const slot = this.slots + ((((bytes * GOLDEN) >> SLOTS_SHIFT) as usize) << SLOT_SHIFT);
    if (load<u64>(slot) === bytes && load<u32>(slot, 8) === (length as u32)) return load<i32>(slot, 12);
    const code = this.texts.find(start, end);
    store<u64>(slot, bytes);
    store<u32>(slot, length as u32, 8);
    store<i32>(slot, code, 12);
    return code;
  }

  private longCodeOf(start: usize, end: usize): i32 {
    const known = this.texts.size;
    const code = this.texts.find(start, end);
    if (code === known) Extra.bytes += end - start;
    return code;
  }
}

/**
 * Lists of values. The elements of all rows lie in `child` one after the other; a row is `begin`, then elements
 * written at `length` of the child and counted with `length += 1`, then `end`.
 */
@final
export class ListColumn extends Column {
  /** Place of the first element of each row, and one more place: that of the end. Null rows have no elements. */
  readonly starts: usize;
  /** Elements so far. */
  length: i32 = 0;

  constructor(
    readonly child: Column,
    rows: i32,
  ) {
    super(LIST, rows);
    this.starts = heap.alloc(((rows + 1) as usize) << 2);
    store<u32>(this.starts, 0);
  }

  /** Makes room for `elements` more. */
  begin(elements: i32): void {
    const needed = this.length + elements;
    if (needed > this.child.room) this.child.grow(needed * 2, this.length);
  }

  end(row: i32): void {
    const at = this.starts + ((row as usize) << 2);
    Extra.bytes += ((this.length - load<i32>(at)) as usize) << 3;
    store<u32>(at, this.length, 4);
  }

  setNull(row: i32): void {
    super.setNull(row);
    this.end(row);
  }

  reset(): void {
    super.reset();
    this.child.reset();
    this.length = 0;
  }
}
