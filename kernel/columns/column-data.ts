/** Types of fixed width, by the engine's names. BOOLEAN: a byte of 0 or 1. */
export type FixedType = "INTEGER" | "UINTEGER" | "FLOAT" | "DOUBLE" | "BOOLEAN";

type FixedArray =
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Float32Array
  | typeof Float64Array
  | typeof Uint8Array;

/** The array behind each of them. */
export const FIXED_ARRAYS: Readonly<Record<FixedType, FixedArray>> = {
  INTEGER: Int32Array,
  UINTEGER: Uint32Array,
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  BOOLEAN: Uint8Array,
};

/** Which rows of a column have a value, one bit a row, set where there is one. */
export interface ValidityData {
  readonly nulls: number;
  readonly bits: Uint8Array;
}

/**
 * 32-bit words of a row of a text column: the length in bytes, then the UTF-8 text, zeros behind it. DuckDB's
 * `string_t`. A text of more than the twelve bytes that are left lies elsewhere, and those count for nothing.
 */
export const TEXT_WORDS = 4;

/** What a column holds, as data alone: it may go to another thread, which then reads the same memory. */
export type ColumnData =
  | {
      readonly kind: "fixed";
      readonly type: FixedType;
      readonly values: InstanceType<FixedArray>;
      readonly validity: ValidityData;
    }
  | {
      readonly kind: "text";
      readonly words: Int32Array;
      /** Rows whose text is long, ascending, and the texts. */
      readonly longRows: readonly number[];
      readonly longTexts: readonly Uint8Array[];
      readonly validity: ValidityData;
    }
  | {
      readonly kind: "dictionary";
      readonly codes: Uint32Array;
      readonly texts: readonly string[];
      readonly validity: ValidityData;
    }
  | {
      readonly kind: "list";
      /** Place in `child` of the first element of each row, and one more: that of the end. Null rows have none. */
      readonly starts: Uint32Array;
      readonly child: ColumnData;
      readonly validity: ValidityData;
    };

export function isNull({ bits }: ValidityData, row: number): boolean {
  return ((bits[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
}

/** Rows in columns: what is handed to an engine. Nobody may change them until the engine is done. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly data: ColumnData }[];
}
