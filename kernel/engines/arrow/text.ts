import { Dictionary, Int32, Utf8 } from "apache-arrow";
import type { Binary, DataType } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";

import { bitAt, Bitmap } from "./bitmap.ts";
import { Bytes } from "./bytes.ts";
import { Body } from "./column.ts";
import type { ColumnWriter, DictionaryPart, DictionarySource } from "./column.ts";
import { INLINE_BYTES } from "./strings.ts";
import type { Strings } from "./strings.ts";
import { TextDictionary } from "./text-dictionary.ts";
import type { VectorView } from "./vector-view.ts";

/** Fewest rows of a first batch that say something about the ones to come. */
const TELLING_ROWS = 256;
/** A column gets a dictionary when its first batch has at most one different text in so many rows. */
const ROWS_PER_TEXT = 4;
/** Size at which a dictionary is given up for a new one, so that a column that was misjudged stays in bounds. */
const DICTIONARY_TEXTS = 1 << 16;
const DICTIONARY_BYTES = 4 << 20;
const LARGEST_OFFSET = 2 ** 31 - 1;

/** Texts or bytes one after the other with their offsets: VARCHAR without a dictionary, BLOB. */
export class PlainTextWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #strings: Strings;
  readonly #validity = new Bitmap();
  readonly #offsets = new Bytes();
  readonly #text = new Bytes();

  constructor(type: Utf8 | Binary, strings: Strings) {
    this.type = type;
    this.#strings = strings;
    this.clear();
  }

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return this.#text.length + this.#offsets.length;
  }

  append(view: VectorView, from: number, count: number): void {
    const strings = this.#strings;
    strings.load(view, from, count);
    this.#validity.append(view.validity(), from, count);
    this.#appendLoaded(strings, count);
  }

  /** Appends texts that come from elsewhere than a vector of them; the caller has made the validity. */
  appendTexts(view: VectorView, from: number, count: number, texts: readonly Uint8Array[]): void {
    this.#validity.append(view.validity(), from, count);
    for (const text of texts) {
      this.#text.append(text);
      this.#endText();
    }
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    body.buffer(this.#offsets.view());
    body.buffer(this.#text.view());
  }

  clear(): void {
    this.#validity.clear();
    this.#text.clear();
    this.#offsets.clear();
    this.#offsets.words[this.#offsets.reserve(4) >> 2] = 0;
  }

  /** The numbers that a dictionary gives the texts gathered so far; null as soon as it has more than `most`. */
  indicesIn(dictionary: TextDictionary, most: number): Int32Array<ArrayBuffer> | null {
    const { validity, rows } = this;
    const offsets = this.#offsets.words;
    const indices = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      if (validity !== null && !bitAt(validity, row)) continue;
      const start = offsets[row] ?? 0;
      indices[row] = dictionary.index(this.#text.data, start, (offsets[row + 1] ?? 0) - start);
      if (dictionary.size > most) return null;
    }
    return indices;
  }

  /** The validity gathered so far, for a writer that takes over. */
  get validity(): Uint8Array | null {
    const bits = this.#validity.view();
    return bits.length === 0 ? null : bits;
  }

  #appendLoaded(strings: Strings, count: number): void {
    // A short text is written as the three words it stands in; what is too much is written over by the next.
    let at = this.#text.reserve(strings.total + INLINE_BYTES);
    this.#text.length -= INLINE_BYTES;
    this.#checkLength();
    let offsetAt = this.#offsets.reserve(4 * count) >> 2;
    const { bytes, data } = this.#text;
    const offsets = this.#offsets.words;
    const { words, from, length: lengths } = strings;
    for (let i = 0; i < count; i++) {
      const length = lengths[i] ?? 0;
      if (length > INLINE_BYTES) {
        bytes.set(strings.text(i), at);
      } else if (length > 0) {
        const word = 4 * (from + i);
        data.setInt32(at, words[word + 1] ?? 0, true);
        data.setInt32(at + 4, words[word + 2] ?? 0, true);
        data.setInt32(at + 8, words[word + 3] ?? 0, true);
      }
      at += length;
      offsets[offsetAt++] = at;
    }
  }

  #endText(): void {
    this.#checkLength();
    const at = this.#offsets.reserve(4) >> 2;
    this.#offsets.words[at] = this.#text.length;
  }

  #checkLength(): void {
    if (this.#text.length > LARGEST_OFFSET) {
      throw new WorkspaceError({
        code: "engine",
        message: "values too long for one batch: more than 2 GiB of text in a few rows",
        hint: "Cut the text, or read its length instead.",
      });
    }
  }
}

/**
 * VARCHAR of a top-level column. The first batch is gathered plainly; {@link decide} then looks at it and
 * keeps to plain text, or goes over to a dictionary that grows with the stream.
 */
export class TextWriter implements ColumnWriter, DictionarySource {
  readonly #id: number;
  readonly #strings: Strings;
  readonly #plain: PlainTextWriter;
  readonly #validity = new Bitmap();
  readonly #indices = new Bytes();
  #dictionary: TextDictionary | null = null;
  #type: DataType = new Utf8();

  constructor(id: number, strings: Strings) {
    this.#id = id;
    this.#strings = strings;
    this.#plain = new PlainTextWriter(new Utf8(), strings);
  }

  get type(): DataType {
    return this.#type;
  }

  get rows(): number {
    return this.#dictionary === null ? this.#plain.rows : this.#validity.length;
  }

  get bytes(): number {
    return this.#dictionary === null ? this.#plain.bytes : this.#indices.length + this.#dictionary.freshBytes;
  }

  append(view: VectorView, from: number, count: number): void {
    const dictionary = this.#dictionary;
    if (dictionary === null) {
      this.#plain.append(view, from, count);
      return;
    }
    this.#validity.append(view.validity(), from, count);
    const start = this.#indices.reserve(4 * count) >> 2;
    const indices = this.#indices.words.subarray(start, start + count);
    dictionary.indicesOf(view, from, count, this.#strings, indices);
  }

  /** Looks at the first batch, once, before the schema is written. */
  decide(): void {
    const { rows } = this.#plain;
    if (rows < TELLING_ROWS) return;
    const dictionary = new TextDictionary();
    const indices = this.#plain.indicesIn(dictionary, rows / ROWS_PER_TEXT);
    if (indices === null || dictionary.size === 0) return;
    this.#dictionary = dictionary;
    this.#type = new Dictionary(new Utf8(), new Int32(), this.#id);
    this.#validity.append(this.#plain.validity, 0, rows);
    this.#indices.append(new Uint8Array(indices.buffer));
    this.#plain.clear();
  }

  takeDictionary(): DictionaryPart | null {
    const dictionary = this.#dictionary;
    if (dictionary === null || (dictionary.sent && dictionary.fresh === 0)) return null;
    const body = new Body();
    const { rows, isDelta } = dictionary.take(body);
    return { id: this.#id, rows, isDelta, body };
  }

  write(body: Body): void {
    if (this.#dictionary === null) {
      this.#plain.write(body);
      return;
    }
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    body.buffer(this.#indices.view());
  }

  clear(): void {
    this.#plain.clear();
    this.#validity.clear();
    this.#indices.clear();
    const dictionary = this.#dictionary;
    if (
      dictionary !== null &&
      (dictionary.size > DICTIONARY_TEXTS || dictionary.byteLength > DICTIONARY_BYTES)
    ) {
      this.#dictionary = new TextDictionary();
    }
  }
}
