import { DataType, tableFromIPC } from "apache-arrow";
import type { Vector } from "apache-arrow";

/**
 * The rows of an Arrow IPC stream as plain objects: whole numbers as numbers where that is exact, else as
 * bigints; dates and times of day as DuckDB's rows have them; lists as arrays.
 */
export function rowsOfStream<Row>(bytes: Uint8Array): Row[] {
  const table = tableFromIPC(bytes);
  const rows: Record<string, unknown>[] = Array.from({ length: table.numRows }, () => ({}));
  for (const [i, { name, type }] of table.schema.fields.entries()) {
    const column = table.getChildAt(i);
    if (column === null) continue;
    for (const [j, row] of rows.entries()) row[name] = plain(column.get(j), type);
  }
  return rows as Row[];
}

function plain(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (DataType.isInt(type) && typeof value === "bigint") return exact(value);
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return new Date(Number(value));
  if (DataType.isDecimal(type)) return Number(`${(value as Uint32Array).toString()}e-${type.scale}`);
  if (DataType.isDictionary(type)) return plain(value, type.dictionary);
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    return Array.from(value as Vector, (item: unknown) => plain(item, type.children[0]?.type ?? type));
  }
  if (DataType.isStruct(type)) {
    const row = value as Record<string, unknown>;
    return Object.fromEntries(type.children.map((child) => [child.name, plain(row[child.name], child.type)]));
  }
  return value;
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
