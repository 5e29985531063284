import type { ColumnData } from "./column-data.ts";
import { memory } from "./memory.ts";
import { Validity } from "./validity.ts";

/** Bytes of a text that lies in its row; a longer one lies elsewhere. DuckDB's `string_t` is laid out so. */
export const INLINE_BYTES = 12;
/** 32-bit words a row: the length in bytes, then the text, zeros behind it. */
export const TEXT_WORDS = 4;

const encoder = new TextEncoder();

/** UTF-8 texts. Short ones lie in `words`; of a long one, `words` holds nothing that counts. */
export class TextColumn {
  readonly kind = "text";
  readonly validity: Validity;
  words: Int32Array;
  /** Rows whose text is long, ascending, and the texts. */
  readonly longRows: number[] = [];
  readonly longTexts: Uint8Array[] = [];

  constructor(capacity: number) {
    this.words = wordsFor(capacity);
    this.validity = new Validity(capacity);
  }

  /** Takes `bytes[start … end)`. */
  set(row: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const { words } = this;
    const at = row * TEXT_WORDS;
    words[at] = length;
    if (length > INLINE_BYTES) {
      this.longRows.push(row);
      this.longTexts.push(bytes.slice(start, end));
      return;
    }
    words[at + 1] = packed(bytes, start, end);
    words[at + 2] = length > 4 ? packed(bytes, start + 4, end) : 0;
    words[at + 3] = length > 8 ? packed(bytes, start + 8, end) : 0;
  }

  setText(row: number, text: string): void {
    const bytes = encoder.encode(text);
    this.set(row, bytes, 0, bytes.length);
  }

  setNull(row: number): void {
    // An engine may look at the length of a row that is null.
    this.words.fill(0, row * TEXT_WORDS, (row + 1) * TEXT_WORDS);
    this.validity.setNull(row);
  }

  /** Makes room for rows below `capacity`. */
  reserve(capacity: number): void {
    if (capacity * TEXT_WORDS <= this.words.length) return;
    const larger = wordsFor(capacity * 2);
    larger.set(this.words);
    this.words = larger;
    this.validity.grow(capacity * 2);
  }

  data(): ColumnData {
    const { kind, words, longRows, longTexts, validity } = this;
    return { kind, words, longRows, longTexts, validity: validity.data() };
  }

  reset(): void {
    this.validity.reset();
    this.longRows.length = 0;
    this.longTexts.length = 0;
  }
}

function wordsFor(rows: number): Int32Array {
  return new Int32Array(memory(rows * TEXT_WORDS * Int32Array.BYTES_PER_ELEMENT));
}

/** Up to four bytes from `at` on as one little-endian word, zeros behind the end. */
function packed(bytes: Uint8Array, at: number, end: number): number {
  switch (end - at) {
    case 0:
      return 0;
    case 1:
      return bytes[at] ?? 0;
    case 2:
      return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    case 3:
      return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    default:
      return (
        (bytes[at] ?? 0) |
        ((bytes[at + 1] ?? 0) << 8) |
        ((bytes[at + 2] ?? 0) << 16) |
        ((bytes[at + 3] ?? 0) << 24)
      );
  }
}
