import type { DictionaryColumn } from "./dictionary.ts";
import type { FixedColumn } from "./fixed.ts";
import type { ListColumn } from "./list.ts";
import type { TextColumn } from "./text.ts";

/**
 * A column that is filled row by row, from row 0 up, and laid out so that an engine takes it by the thousand rows.
 * `reset` makes it empty again and keeps its memory.
 */
export type Column = FixedColumn | TextColumn | DictionaryColumn | ListColumn;
