/** Statistics that were found when a table was made: shown at once, without a question. Pure. */
import type { ColumnFacts } from "#protocol/record.ts";
import type { ColumnSummary, TableView as View } from "#protocol/messages.ts";
import { count, counted } from "#protocol/numerals.ts";

/** Longer values are stored by their start. */
export const STORED_CHARACTERS = 24;

export interface StoredSummary extends Pick<ColumnSummary, "histogram" | "top"> {
  /** Rows of the table. */
  readonly rows: number;
  /** Rows that the histogram, or the values, are of. */
  readonly looked: number;
  /** Exact; null when unknown. */
  readonly nulls: number | null;
  /** An estimate; null when unknown. */
  readonly approxDistinct: number | null;
}

/** Null for what nobody looked at when it was made, and under a view that leaves rows out. */
export function storedSummary(facts: ColumnFacts | null, rows: number, view: View): StoredSummary | null {
  const narrowed = (view.filters ?? []).length > 0 || (view.search ?? "") !== "";
  const shape = facts?.shape;
  if (narrowed || facts === null || shape === null || shape === undefined) return null;
  return {
    rows,
    looked: shape.rows,
    nulls: facts.nulls,
    approxDistinct: facts.approxDistinct,
    histogram: shape.bins === null ? null : { edges: edgesOf(shape.bins), counts: shape.bins.counts },
    top: shape.top,
  };
}

/** How much its figure says: `exact`, or of how many rows it is. */
export function exactness({ rows, looked }: Pick<StoredSummary, "rows" | "looked">): string {
  return looked >= rows ? "exact" : `of ${counted(looked, "row")}, partial`;
}

/** `3,048,130 rows · none missing · ≈ 300 distinct`. */
export function storedWords({ rows, nulls, approxDistinct }: StoredSummary): string {
  return [
    counted(rows, "row"),
    nulls === null ? null : nulls === 0 ? "none missing" : `${count(nulls)} missing`,
    approxDistinct === null ? null : `≈ ${count(approxDistinct)} distinct`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** `86 % coronary`: a frequent value, and in how many of the rows that were looked at. */
export function shareWords({ value, count: rows }: ColumnSummary["top"][number], looked: number): string {
  const share = Math.round((rows / Math.max(1, looked)) * 100);
  return `${share === 0 ? "<1" : share} % ${value === "" ? "(empty)" : value}`;
}

function edgesOf({
  least,
  most,
  counts,
}: {
  least: number;
  most: number;
  counts: readonly number[];
}): number[] {
  const width = (most - least) / counts.length;
  return Array.from({ length: counts.length + 1 }, (_, i) =>
    i === counts.length ? most : least + i * width,
  );
}
