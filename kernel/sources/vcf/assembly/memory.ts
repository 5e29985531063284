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
