import { FIXED_ARRAYS } from "../../kernel/columns/column-data.ts";
import type { ColumnData, FixedType, ValidityData } from "../../kernel/columns/column-data.ts";

/** Bytes of a text that lies in its row: see `TEXT_WORDS`. */
const INLINE_BYTES = 12;

/** Columns as an engine takes them, from values row by row; null is none. */
export function fixedOf(type: FixedType, values: readonly (number | null)[]): ColumnData {
  const numbers = values.map((value) => value ?? 0);
  return { kind: "fixed", type, values: FIXED_ARRAYS[type].from(numbers), validity: validityOf(values) };
}

export function textOf(values: readonly (string | null)[]): ColumnData {
  const texts = values.map((value) => Buffer.from(value ?? ""));
  const rows = texts.map((text) => {
    const row = Buffer.alloc(4 + INLINE_BYTES);
    row.writeUInt32LE(text.length, 0);
    if (text.length <= INLINE_BYTES) text.copy(row, 4);
    return row;
  });
  const long = [...texts.entries()].filter(([, text]) => text.length > INLINE_BYTES);
  return {
    kind: "text",
    words: new Int32Array(Uint8Array.from(Buffer.concat(rows)).buffer),
    longRows: long.map(([row]) => row),
    longTexts: long.map(([, text]) => text),
    validity: validityOf(values),
  };
}

export function dictionaryOf(values: readonly (string | null)[]): ColumnData {
  const texts = [...new Set(values.filter((value) => value !== null))];
  const codeOf = new Map(texts.map((text, code) => [text, code]));
  return {
    kind: "dictionary",
    codes: Uint32Array.from(values, (value) => (value === null ? 0 : (codeOf.get(value) ?? 0))),
    texts: texts.length === 0 ? [""] : texts,
    validity: validityOf(values),
  };
}

export function listOf<Value>(
  lists: readonly (readonly Value[] | null)[],
  childOf: (values: readonly Value[]) => ColumnData,
): ColumnData {
  const starts = [0];
  for (const list of lists) starts.push((starts.at(-1) ?? 0) + (list?.length ?? 0));
  return {
    kind: "list",
    starts: Uint32Array.from(starts),
    child: childOf(lists.flatMap((list) => list ?? [])),
    validity: validityOf(lists),
  };
}

function validityOf(values: readonly unknown[]): ValidityData {
  const bits = new Uint8Array(Math.ceil(values.length / 8)).fill(0xff);
  let nulls = 0;
  for (const [row, value] of values.entries()) {
    if (value !== null) continue;
    bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7));
    nulls += 1;
  }
  return { nulls, bits };
}
