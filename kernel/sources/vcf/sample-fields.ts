import { COLON, NEWLINE, TAB, isText } from "./bytes.ts";

/** Where the values of the sample lie in the record that is looked at, by number of the field. */
export class SampleFields {
  /** First byte of a value, −1 where the record does not have it. */
  readonly starts: Int32Array;
  /** Byte behind a value. */
  readonly ends: Int32Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #layouts = new Map<string, Int32Array>();
  #format: Uint8Array = new Uint8Array(0);
  /** Number of the field at each place; −1 for one that is nobody's, or that stood before. */
  #layout: Int32Array = new Int32Array(0);

  /** `ids`: the fields by number. */
  constructor(ids: readonly string[]) {
    this.#numbers = new Map(ids.map((id, number) => [id, number]));
    this.starts = new Int32Array(ids.length).fill(-1);
    this.ends = new Int32Array(ids.length);
  }

  /** Number of a field; −1 for one that the file cannot have. */
  numberOf(id: string): number {
    return this.#numbers.get(id) ?? -1;
  }

  /**
   * Splits the sample's column, which starts at `sample`, by the record's FORMAT, and returns the place of the tab or
   * line end behind it. Values that are left out at the end are absent.
   */
  read(bytes: Buffer, format: number, formatEnd: number, sample: number): number {
    const { starts, ends } = this;
    if (!isText(bytes, format, formatEnd, this.#format)) this.#take(bytes, format, formatEnd);
    const layout = this.#layout;
    let place = 0;
    let start = sample;
    let at = sample;
    for (; ; at += 1) {
      const byte = bytes[at] ?? NEWLINE;
      if (byte !== COLON && (byte > NEWLINE || (byte !== TAB && byte !== NEWLINE))) continue;
      const number = layout[place] ?? -1;
      if (number >= 0) {
        starts[number] = start;
        ends[number] = at;
      }
      place += 1;
      start = at + 1;
      if (byte !== COLON) break;
    }
    for (; place < layout.length; place += 1) {
      const number = layout[place] ?? -1;
      if (number >= 0) starts[number] = -1;
    }
    return at;
  }

  /** Leaves out what lies from `stop` on. */
  cutAt(stop: number): void {
    for (const [number, end] of this.ends.entries()) if (end > stop) this.ends[number] = stop;
  }

  /** Takes another FORMAT. */
  #take(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString("latin1", start, end);
    let layout = this.#layouts.get(text);
    if (layout === undefined) {
      const ids = text.split(":");
      layout = Int32Array.from(ids, (id, place) => (ids.indexOf(id) === place ? this.numberOf(id) : -1));
      this.#layouts.set(text, layout);
    }
    this.#format = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#layout = layout;
    this.starts.fill(-1);
  }
}
