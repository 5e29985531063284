/** Types of fixed width, by the engine's names. BOOLEAN: a byte of 0 or 1. */
export type FixedType = "INTEGER" | "UINTEGER" | "FLOAT" | "DOUBLE" | "BOOLEAN";

/** Which rows of a column have a value, one bit a row, set where there is one. */
export interface ValidityData {
  readonly nulls: number;
  readonly bits: Uint8Array;
}

/** 32-bit words of a row of a text column: the length in bytes, then the text, zeros behind it. DuckDB's `string_t`. */
export const TEXT_WORDS = 4;

/** What a column holds, as data alone: it may go to another thread, which then reads the same memory. */
export type ColumnData =
  | {
      readonly kind: "fixed";
      readonly type: FixedType;
      readonly values: Int32Array | Uint32Array | Float32Array | Float64Array | Uint8Array;
      readonly validity: ValidityData;
    }
  | {
      readonly kind: "text";
      readonly words: Int32Array;
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
