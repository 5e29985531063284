import { histogram } from "./histogram.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

/**
 * Heterozygous calls by the share of reads that show the other allele: around one half in a clean sample. Rows:
 * `balance`, 0 to 1, where a bin starts, and `variants`, how many are in it.
 */
export function alleleBalance(table: RowsLike, options: ViewOptions = {}): HTMLElement {
  const caption = (total: string): string =>
    `${total} heterozygous calls by the share of reads with the other allele; the line is one half.`;
  const mark = { at: 0.5, words: "one half" };
  return histogram(table, { column: "balance", label: "Share of the other allele", mark, caption }, options);
}
