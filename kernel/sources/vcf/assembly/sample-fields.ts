import { Spans, Stretch } from "./memory";
import { COLON, NEWLINE, TAB, byteAt, find, isText } from "./text";
import { Texts } from "./texts";

const NOBODY: i32 = -1;

/** Where the values of the sample lie in the record that is looked at, by number of the field. */
@final
export class SampleFields {
  private readonly keys: Texts = new Texts();
  private count: i32 = 0;
  private readonly values: Spans = new Spans();
  /** The FORMAT of the record before. */
  private readonly format: Stretch = new Stretch(256);
  private formatLength: usize = 0;
  /** Number of the field at each of its places; −1 for one that is nobody's, or that stood before. */
  private readonly layout: Stretch = new Stretch(64);
  private places: i32 = 0;

  /** Adds a field, or finds it, and returns its number. All are added before the first record. */
  add(start: usize, end: usize): i32 {
    const number = this.keys.find(start, end);
    this.count = this.keys.size;
    this.values.ensure(this.count, 0);
    this.values.clear(this.count);
    return number;
  }

  /** First byte of a value, 0 where the record does not have it. */
  @inline
  start(number: i32): usize {
    return this.values.start(number);
  }

  @inline
  end(number: i32): usize {
    return this.values.end(number);
  }

  /**
   * Splits the sample's column, which starts at `sample`, by the record's FORMAT, and returns the place of the tab or
   * line end behind it. Values that are left out at the end are absent.
   */
  read(format: usize, formatEnd: usize, sample: usize): usize {
    if (!isText(format, formatEnd, this.format.at, this.formatLength)) this.take(format, formatEnd);
    let place = 0;
    let start = sample;
    let from = sample;
    let marks = marksAt(from);
    let at = sample;
    for (let isLast = false; !isLast; start = at + 1) {
      while (marks === 0) {
        from += 16;
        marks = marksAt(from);
      }
      at = from + ctz(marks);
      marks &= marks - 1;
      if (place < this.places) this.put(place, start, at);
      place += 1;
      isLast = byteAt(at) !== COLON;
    }
    for (; place < this.places; place += 1) this.put(place, 0, 0);
    return at;
  }

  /** Leaves out what lies from `stop` on. */
  cutAt(stop: usize): void {
    for (let number = 0; number < this.count; number += 1) {
      if (this.end(number) > stop) this.values.put(number, this.start(number), stop);
    }
  }

  @inline
  private put(place: i32, start: usize, end: usize): void {
    const number = load<i32>(this.layout.at + ((place as usize) << 2));
    if (number !== NOBODY) this.values.put(number, start, end);
  }

  /** Takes another FORMAT. */
  private take(start: usize, end: usize): void {
    this.formatLength = end - start;
    this.format.ensure(this.formatLength, 0);
    memory.copy(this.format.at, start, this.formatLength);
    this.places = 0;
    for (let at = start; at <= end; this.places += 1) {
      const stop = find(COLON, at, end);
      const index = (this.places as usize) << 2;
      this.layout.ensure(index + 4, index);
      store<i32>(this.layout.at + index, this.ownerOf(at, stop));
      at = stop + 1;
    }
    this.values.clear(this.count);
  }

  /** Number of the field that a place is of. */
  private ownerOf(start: usize, end: usize): i32 {
    let number = 0;
    while (number < this.count && !this.keys.is(number, start, end)) number += 1;
    if (number === this.count) return NOBODY;
    for (let place = 0; place < this.places; place += 1) {
      if (load<i32>(this.layout.at + ((place as usize) << 2)) === number) return NOBODY;
    }
    return number;
  }
}

/** Which of the sixteen bytes from `at` on end a value, a bit each. */
function marksAt(at: usize): i32 {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(TAB as i8)), i8x16.eq(bytes, i8x16.splat(NEWLINE as i8)));
  return i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, i8x16.splat(COLON as i8))));
}
