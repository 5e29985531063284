/** Longer lines are refused: real ones reach a megabyte. */
export const LONGEST_LINE_BYTES = 8_000_000;
const NEWLINE = 0x0a;
/** Bytes of one stretch, give or take a line: short, so that between two of them this thread is free. */
const STRETCH_BYTES = 1 << 18;

/** Cuts a text that comes in buffers of any size into stretches of whole lines. */
export class LineStretches {
  #carry: Buffer[] = [];
  #carried = 0;

  /** Bytes of the line that is not whole yet, at the least. */
  get rest(): number {
    return this.#carried;
  }

  /** The stretches that a buffer completes, in order. */
  *add(bytes: Buffer): Generator<Buffer, void, undefined> {
    let from = 0;
    while (this.#carried + bytes.length - from >= STRETCH_BYTES) {
      const end = lineEnd(bytes, from, from + Math.max(0, STRETCH_BYTES - this.#carried));
      if (end < 0) break;
      yield this.#with(bytes.subarray(from, end + 1));
      from = end + 1;
    }
    if (from === bytes.length) return;
    this.#carry.push(bytes.subarray(from));
    this.#carried += bytes.length - from;
  }

  /** What is left: its last line gets a line end. Null when nothing is. */
  end(): Buffer | null {
    if (this.#carried === 0) return null;
    const text = this.#with(Buffer.alloc(0));
    return text.at(-1) === NEWLINE ? text : Buffer.concat([text, Buffer.from([NEWLINE])]);
  }

  #with(bytes: Buffer): Buffer {
    if (this.#carried === 0) return bytes;
    const whole = Buffer.concat([...this.#carry, bytes]);
    this.#carry = [];
    this.#carried = 0;
    return whole;
  }
}

/** The last line end of `bytes[from … until)`, else the first behind it; −1 when there is none. */
function lineEnd(bytes: Buffer, from: number, until: number): number {
  const last = bytes.subarray(from, until).lastIndexOf(NEWLINE);
  return last < 0 ? bytes.indexOf(NEWLINE, until) : from + last;
}
