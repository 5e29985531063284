/** Behind every text and every growing stretch lie bytes that may be read along, so that a text is read by the word. */
export const SLACK: usize = 64;

/** A stretch of memory that grows, and moves when it does. */
@final
export class Stretch {
  at: usize;
  room: usize;

  constructor(room: usize) {
    this.at = heap.alloc(room + SLACK);
    this.room = room;
  }

  /** Makes room for `bytes`, of which the first `used` stay. */
  ensure(bytes: usize, used: usize): void {
    if (bytes > this.room) this.resize(bytes * 2, used);
  }

  /** Moves to a place with room for `bytes`, with the first `used`. */
  resize(bytes: usize, used: usize): void {
    const at = heap.alloc(bytes + SLACK);
    memory.copy(at, this.at, used);
    heap.free(this.at);
    this.at = at;
    this.room = bytes;
  }
}

/** Stretches of the text, by number: the first byte of each, and the byte behind it. */
@final
export class Spans {
  private readonly pairs: Stretch = new Stretch(64);

  /** Makes room for `count`, of which the first `used` stay. */
  ensure(count: i32, used: i32): void {
    this.pairs.ensure((count as usize) << 3, (used as usize) << 3);
  }

  /** 0 where there is none. */
  @inline
  start(number: i32): usize {
    return load<u32>(this.pairs.at + ((number as usize) << 3));
  }

  @inline
  end(number: i32): usize {
    return load<u32>(this.pairs.at + ((number as usize) << 3), 4);
  }

  @inline
  put(number: i32, start: usize, end: usize): void {
    const at = this.pairs.at + ((number as usize) << 3);
    store<u32>(at, start as u32);
    store<u32>(at, end as u32, 4);
  }

  /** The first `count` are none. */
  clear(count: i32): void {
    memory.fill(this.pairs.at, 0, (count as usize) << 3);
  }
}
