import { Spans, Stretch } from "./memory";
import { EQUALS, SEMICOLON, byteAt, isMissing } from "./text";
import { Texts } from "./texts";

/** Where the entries of INFO lie in the record that is looked at, by number of the field. */
@final
export class InfoFields {
  /** Whether a key stands twice in what was read last. */
  twice: bool = false;
  /** IDs of the fields by number; behind them, other keys that occurred. */
  private readonly keys: Texts = new Texts();
  private count: i32 = 0;
  private readonly values: Spans = new Spans();
  private readonly present: Stretch = new Stretch(16);
  /** The key that stood at each place when that place was last looked at: entries mostly come in one order. */
  private readonly expected: Stretch = new Stretch(64);
  private places: i32 = 0;
  private isEmpty: bool = true;

  /** Adds a field, or finds it, and returns its number. All are added before the first record. */
  add(start: usize, end: usize): i32 {
    const number = this.keys.find(start, end);
    this.count = this.keys.size;
    this.values.ensure(this.count, 0);
    this.present.ensure(this.count as usize, 0);
    this.clear();
    return number;
  }

  /** First byte of a value, 0 where there is none: a flag may have none. */
  @inline
  start(number: i32): usize {
    return this.values.start(number);
  }

  @inline
  end(number: i32): usize {
    return this.values.end(number);
  }

  /** 1 where the key stands, with a value or without. */
  @inline
  isPresent(number: i32): usize {
    return byteAt(this.present.at + (number as usize));
  }

  /** Reads INFO. Of a key that stands twice the first counts. */
  read(start: usize, end: usize): void {
    if (!this.isEmpty) this.clear();
    this.twice = false;
    if (isMissing(start, end)) return;
    this.isEmpty = false;
    let place = 0;
    for (let at = start; at < end; place += 1) {
      let equals: usize = 0;
      let stop = at;
      for (; stop < end; stop += 1) {
        const byte = byteAt(stop);
        if (byte === SEMICOLON) break;
        if (byte === EQUALS && equals === 0) equals = stop;
      }
      const number = this.numberAt(at, equals === 0 ? stop : equals, place);
      if (number < this.count && this.isPresent(number) === 1) this.twice = true;
      else if (number < this.count) {
        store<u8>(this.present.at + (number as usize), 1);
        if (equals !== 0) this.values.put(number, equals + 1, stop);
      }
      at = stop + 1;
    }
  }

  private clear(): void {
    this.values.clear(this.count);
    memory.fill(this.present.at, 0, this.count as usize);
    this.isEmpty = true;
  }

  private numberAt(start: usize, end: usize, place: i32): i32 {
    const known = place < this.places;
    if (known) {
      const expected = load<i32>(this.expected.at + ((place as usize) << 2));
      if (this.keys.is(expected, start, end)) return expected;
    }
    const found = this.keys.find(start, end);
    this.expected.ensure(((place + 1) as usize) << 2, (this.places as usize) << 2);
    store<i32>(this.expected.at + ((place as usize) << 2), found);
    if (!known) this.places = place + 1;
    return found;
  }
}
