import { Stretch } from "./memory";
import { isText, word } from "./text";

const NONE: i32 = -1;
/** Slots of the hash table at first, a power of two; doubled when half of them are taken. */
const FIRST_SLOTS: i32 = 1 << 10;
const FIRST_BYTES: usize = 1 << 12;
/** The multiplier of Knuth's multiplicative hashing, by the golden ratio: its high bits hang on all bits. */
export const GOLDEN: u64 = 0x9e3779b97f4a7c15;

/** Texts, each once, numbered from 0 in the order in which they came. */
@final
export class Texts {
  size: i32 = 0;
  readonly bytes: Stretch = new Stretch(FIRST_BYTES);
  /** Where each text ends in `bytes`. */
  readonly ends: Stretch = new Stretch((FIRST_SLOTS as usize) << 2);
  /** Numbers of the texts by the hash of the text; −1 in a slot that is free. */
  private slots: usize = 0;
  private count: i32 = FIRST_SLOTS;

  constructor() {
    this.slots = heap.alloc((FIRST_SLOTS as usize) << 2);
    this.reset();
  }

  @inline
  offset(number: i32): u32 {
    return number === 0 ? 0 : load<u32>(this.ends.at + (((number - 1) as usize) << 2));
  }

  start(number: i32): usize {
    return this.bytes.at + this.offset(number);
  }

  end(number: i32): usize {
    return this.bytes.at + this.offset(number + 1);
  }

  /** Whether `[start … end)` is the text of that number. */
  is(number: i32, start: usize, end: usize): bool {
    const from = this.offset(number);
    return isText(start, end, this.bytes.at + from, this.offset(number + 1) - from);
  }

  /** Number of a text, which is taken in if it is new. */
  find(start: usize, end: usize): i32 {
    const mask = this.count - 1;
    let slot = (hash(start, end) as i32) & mask;
    for (;;) {
      const number = load<i32>(this.slots + ((slot as usize) << 2));
      if (number === NONE) break;
      if (this.is(number, start, end)) return number;
      slot = (slot + 1) & mask;
    }
    const added = this.add(start, end);
    store<i32>(this.slots + ((slot as usize) << 2), added);
    if (this.size * 2 > this.count) this.rehash();
    return added;
  }

  reset(): void {
    this.size = 0;
    memory.fill(this.slots, 0xff, (this.count as usize) << 2);
  }

  private add(start: usize, end: usize): i32 {
    const number = this.size;
    const from: usize = this.offset(number);
    const until = from + (end - start);
    this.bytes.ensure(until, from);
    this.ends.ensure(((number + 1) as usize) << 2, (number as usize) << 2);
    memory.copy(this.bytes.at + from, start, end - start);
    store<u32>(this.ends.at + ((number as usize) << 2), until as u32);
    this.size = number + 1;
    return number;
  }

  private rehash(): void {
    heap.free(this.slots);
    this.count *= 2;
    const bytes = (this.count as usize) << 2;
    this.slots = heap.alloc(bytes);
    memory.fill(this.slots, 0xff, bytes);
    const mask = this.count - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = (hash(this.start(number), this.end(number)) as i32) & mask;
      while (load<i32>(this.slots + ((slot as usize) << 2)) !== NONE) slot = (slot + 1) & mask;
      store<i32>(this.slots + ((slot as usize) << 2), number);
    }
  }
}

/** Takes a text by the word. */
function hash(start: usize, end: usize): u32 {
  let value: u64 = end - start;
  let at = start;
  for (; end - at >= 8; at += 8) value = mixed(value, load<u64>(at));
  value = mixed(value, word(at, end - at));
  return (value >> 32) as u32;
}

function mixed(value: u64, more: u64): u64 {
  const product = (value ^ more) * GOLDEN;
  return product ^ (product >> 29);
}
