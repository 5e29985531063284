import { COLON, isText } from "./bytes.ts";

/** Where the values of the sample lie in the record that is looked at, by number of the field. */
export class SampleFields {
  /** First byte of a value, −1 where the record does not have it. */
  readonly starts: Int32Array;
  /** Byte behind a value. */
  readonly ends: Int32Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #layouts = new Map<string, Int32Array>();
  #format: Uint8Array = new Uint8Array(0);
  #layout: Int32Array = new Int32Array(0);

  /** `ids`: the fields by number. */
  constructor(ids: readonly string[]) {
    this.#numbers = new Map(ids.map((id, number) => [id, number]));
    this.starts = new Int32Array(ids.length);
    this.ends = new Int32Array(ids.length);
  }

  /** Number of a field; −1 for one that the file cannot have. */
  numberOf(id: string): number {
    return this.#numbers.get(id) ?? -1;
  }

  /** Splits the sample's column by the record's FORMAT. Values that are left out at the end are absent. */
  read(bytes: Buffer, format: number, formatEnd: number, sample: number, sampleEnd: number): void {
    const { starts, ends } = this;
    starts.fill(-1);
    const layout = this.#layoutOf(bytes, format, formatEnd);
    let place = 0;
    let start = sample;
    for (let at = sample; at <= sampleEnd; at += 1) {
      if (at < sampleEnd && bytes[at] !== COLON) continue;
      const number = layout[place] ?? -1;
      if (number >= 0) {
        starts[number] = start;
        ends[number] = at;
      }
      place += 1;
      start = at + 1;
    }
  }

  /** Number of the field at each place; −1 for one that is nobody's, or that stood before. */
  #layoutOf(bytes: Buffer, start: number, end: number): Int32Array {
    if (isText(bytes, start, end, this.#format)) return this.#layout;
    const text = bytes.toString("latin1", start, end);
    let layout = this.#layouts.get(text);
    if (layout === undefined) {
      const ids = text.split(":");
      layout = Int32Array.from(ids, (id, place) => (ids.indexOf(id) === place ? this.numberOf(id) : -1));
      this.#layouts.set(text, layout);
    }
    this.#format = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#layout = layout;
    return layout;
  }
}
