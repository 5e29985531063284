import type { DictionaryColumn } from "./dictionary.ts";
import type { FixedColumn } from "./fixed.ts";
import type { ListColumn } from "./list.ts";
import type { TextColumn } from "./text.ts";

/**
 * One column of a {@link ColumnBatch}: values side by side in the memory of this process, laid out so that an engine
 * takes them by the thousand. Filled row by row, from row 0 up; `reset` makes it empty again and keeps its memory.
 */
export type Column = FixedColumn | TextColumn | DictionaryColumn | ListColumn;

export interface NamedColumn {
  readonly name: string;
  readonly column: Column;
}

/** Rows in columns: what is handed to an engine. Nobody may change it until the engine is done with it. */
export interface ColumnBatch {
  readonly rows: number;
  readonly columns: readonly NamedColumn[];
}
