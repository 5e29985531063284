import { histogram } from "./histogram.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

/** Calls by their quality. Rows: `phred`, where a bin starts, and `variants`, how many are in it. */
export function qualityHistogram(table: RowsLike, options: ViewOptions = {}): HTMLElement {
  const caption = (total: string): string => `${total} variants by the quality of their call, Phred-scaled.`;
  return histogram(table, { column: "phred", label: "Quality (Phred)", caption }, options);
}
