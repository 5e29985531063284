import { EQUALS, SEMICOLON, isMissing, isText } from "./bytes.ts";

/** Where the entries of INFO lie in the record that is looked at, by number of the field. */
export class InfoFields {
  /** First byte of a value, −1 where there is none: a flag may have none. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the key stands, with a value or without. */
  readonly present: Uint8Array;
  readonly #keys: readonly Uint8Array[];
  readonly #numbers: ReadonlyMap<string, number>;
  /** The field that stood at each place when that place was last looked at: entries mostly come in one order. */
  readonly #expected: number[] = [];
  #isEmpty = true;

  /** `ids`: the fields by number. */
  constructor(ids: readonly string[]) {
    this.#keys = ids.map((id) => Buffer.from(id));
    this.#numbers = new Map(ids.map((id, number) => [id, number]));
    this.starts = new Int32Array(ids.length).fill(-1);
    this.ends = new Int32Array(ids.length);
    this.present = new Uint8Array(ids.length);
  }

  /** Number of a field; −1 for one that is not looked for. */
  numberOf(id: string): number {
    return this.#numbers.get(id) ?? -1;
  }

  /** Reads `bytes[start … end)`. Of a key that stands twice the first counts. */
  read(bytes: Buffer, start: number, end: number): void {
    if (!this.#isEmpty) {
      this.starts.fill(-1);
      this.present.fill(0);
      this.#isEmpty = true;
    }
    if (isMissing(bytes, start, end)) return;
    this.#isEmpty = false;
    let place = 0;
    for (let at = start; at < end; place += 1) {
      let equals = -1;
      let stop = at;
      for (; stop < end && bytes[stop] !== SEMICOLON; stop += 1) {
        if (equals < 0 && bytes[stop] === EQUALS) equals = stop;
      }
      const number = this.#numberAt(bytes, at, equals < 0 ? stop : equals, place);
      if (number >= 0 && this.present[number] === 0) {
        this.present[number] = 1;
        if (equals >= 0) {
          this.starts[number] = equals + 1;
          this.ends[number] = stop;
        }
      }
      at = stop + 1;
    }
  }

  #numberAt(bytes: Buffer, start: number, end: number, place: number): number {
    const expected = this.#expected[place] ?? -1;
    const key = this.#keys[expected];
    if (key !== undefined && isText(bytes, start, end, key)) return expected;
    const found = this.numberOf(bytes.toString("latin1", start, end));
    this.#expected[place] = found;
    return found;
  }
}
