import { Spans, Stretch } from "./memory";
import { EQUALS, SEMICOLON, byteAt, find, isMissing } from "./text";
import { Texts } from "./texts";

/** Number of the field before the first one. */
const NOTHING: i32 = -1;
/** A guess: the bytes of a key and its `=`, a bit for each of them, the number of its field, and how many they are. */
const GUESS_BYTES: usize = 32;
const GUESS_BITS: usize = 16;
const GUESS_FIELD: usize = 20;
const GUESS_LENGTH: usize = 24;
const LONGEST_GUESS: usize = 16;
/** Two behind each key: some stand in half of all records, such as those that compare the reads of two alleles. */
const GUESSES_BYTES: usize = 2 * GUESS_BYTES;

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
  /** What stood last behind each field, and in front of all: entries mostly come in one order, of which some are left out. */
  private readonly guesses: Stretch = new Stretch(GUESSES_BYTES);
  private guessed: i32 = 0;
  private isEmpty: bool = true;

  /** Adds a field, or finds it, and returns its number. All are added before the first record. */
  add(start: usize, end: usize): i32 {
    const number = this.keys.find(start, end);
    this.count = this.keys.size;
    this.values.ensure(this.count, 0);
    this.present.ensure(this.count as usize, 0);
    this.clear();
    this.guessForAll();
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
    let before = NOTHING;
    let stop = start;
    for (let at = start; at < end; at = stop + 1) {
      let guess = this.guessesBehind(before);
      if (!this.isAt(at, guess)) guess += GUESS_BYTES;
      if (this.isAt(at, guess)) {
        const value = at + load<u32>(guess, GUESS_LENGTH);
        stop = find(SEMICOLON, value, end);
        before = load<i32>(guess, GUESS_FIELD);
        this.put(before, value, stop);
      } else {
        stop = find(SEMICOLON, at, end);
        const equals = find(EQUALS, at, stop);
        const field = this.keys.find(at, equals);
        this.guessForAll();
        if (equals < stop) guessNext(this.guessesBehind(before), at, equals + 1, field);
        before = field;
        this.put(before, equals < stop ? equals + 1 : 0, stop);
      }
    }
  }

  /** Takes the entry of a field; `start` of 0: it has no value. */
  @inline
  private put(number: i32, start: usize, end: usize): void {
    if (number >= this.count) return;
    if (this.isPresent(number) === 1) this.twice = true;
    else {
      store<u8>(this.present.at + (number as usize), 1);
      if (start !== 0) this.values.put(number, start, end);
    }
  }

  private clear(): void {
    this.values.clear(this.count);
    memory.fill(this.present.at, 0, this.count as usize);
    this.isEmpty = true;
  }

  @inline
  private guessesBehind(number: i32): usize {
    return this.guesses.at + ((number + 1) as usize) * GUESSES_BYTES;
  }

  /** Whether what stands at a place is as guessed. No key has a tab or a line end in it: it lies before the end of INFO. */
  @inline
  private isAt(at: usize, guess: usize): bool {
    const bits = load<u32>(guess, GUESS_BITS);
    const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(guess)));
    return bits !== 0 && ((same as u32) & bits) === bits;
  }

  /** Makes room for the guesses behind all keys. */
  private guessForAll(): void {
    const needed = this.keys.size + 1;
    if (this.guessed >= needed) return;
    this.guesses.ensure((needed as usize) * GUESSES_BYTES, (this.guessed as usize) * GUESSES_BYTES);
    for (; this.guessed < needed; this.guessed += 1) {
      memory.fill(this.guessesBehind(this.guessed - 1), 0, GUESSES_BYTES);
    }
  }
}

/** Guesses a key and its `=`, as they are at `[start … end)`, before what was guessed first; a long one not at all. */
function guessNext(guess: usize, start: usize, end: usize, field: i32): void {
  const length = end - start;
  if (length > LONGEST_GUESS) return;
  memory.copy(guess + GUESS_BYTES, guess, GUESS_BYTES);
  store<u32>(guess, (((1 as u64) << length) - 1) as u32, GUESS_BITS);
  memory.copy(guess, start, length);
  store<i32>(guess, field, GUESS_FIELD);
  store<u32>(guess, length as u32, GUESS_LENGTH);
}
