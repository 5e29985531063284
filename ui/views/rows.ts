/** What the views take: an Arrow table, or any list of objects. */
export type RowsLike = Iterable<unknown>;

/** One row; a column that it does not have is null. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows with the columns named, as plain values: a big integer is a number, a list an array. */
export function rowsOf(table: RowsLike, columns: readonly string[]): Row[] {
  return Array.from(table, (row) => {
    const known = row as Row;
    return Object.fromEntries(columns.map((column) => [column, plain(known[column])]));
  });
}

/** A finite number; null for anything else. */
export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => textOf(item)).join("/");
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && value !== null && Symbol.iterator in value) {
    return [...(value as Iterable<unknown>)];
  }
  return value ?? null;
}
