import type { DictionaryColumn } from "./dictionary.ts";
import type { FixedColumn, FixedType } from "./fixed.ts";
import type { ListColumn } from "./list.ts";
import type { TextColumn } from "./text.ts";

/**
 * A column that is filled row by row, from row 0 up, and laid out so that an engine takes it by the thousand rows.
 * `reset` makes it empty again and keeps its memory.
 */
export type Column = FixedColumn | TextColumn | DictionaryColumn | ListColumn;

/** Which rows of a column have a value, see `Validity`. */
export interface ValidityData {
  readonly nulls: number;
  readonly bits: Uint8Array;
}

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

/** Rows in columns: what is handed to an engine. Nobody may change them until the engine is done. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly data: ColumnData }[];
}
