import { Float64, Table, Type, makeData, makeVector } from "apache-arrow";
import type { RecordBatch, Vector } from "apache-arrow";

import type { ArrowPage } from "../table/table-pages.ts";
import { farTimesAsNull } from "../table/times.ts";

/** Rows that a script gets of a table, at most. */
export const ROWS_READ = 50_000;

/**
 * A table for scripts. 64-bit integers become numbers where each of them fits exactly: a BigInt draws in no plot
 * and adds to no number. A date or time that no Date holds is null. Lists stay Arrow vectors, which are iterable.
 */
export function tableOf(page: ArrowPage): Table {
  const { schema, batches } = farTimesAsNull(page);
  const table = new Table(schema, [...batches]);
  const columns: Record<string, Vector> = {};
  let changed = false;
  for (const [index, field] of table.schema.fields.entries()) {
    const column = table.getChildAt(index);
    if (column === null) continue;
    const numbers = isLong(field.type.typeId, field.type) ? exactNumbers(column) : null;
    // A decimal came as a number; Plot asks a column what it is.
    if (numbers !== null || column.type.typeId !== field.type.typeId) changed = true;
    columns[field.name] = numbers ?? column;
  }
  return changed ? new Table(columns) : table;
}

/** Rows of a page, from memory. */
export function rowsOf({ schema, batches }: ArrowPage, offset: number, limit: number): ArrowPage {
  const kept: RecordBatch[] = [];
  let start = 0;
  for (const batch of batches) {
    const first = Math.max(0, offset - start);
    const end = Math.min(batch.numRows, offset + limit - start);
    if (first < end) kept.push(batch.slice(first, end));
    start += batch.numRows;
  }
  return { schema, batches: kept };
}

function isLong(typeId: Type, type: object): boolean {
  return typeId === Type.Int && "bitWidth" in type && type.bitWidth === 64;
}

/** Without a builder of apache-arrow: those compile code from text, which the page's policy forbids. */
function exactNumbers(column: Vector): Vector | null {
  const data = new Float64Array(column.length);
  const nullBitmap = new Uint8Array(Math.ceil(column.length / 8)).fill(0xff);
  let nullCount = 0;
  let row = 0;
  for (const value of column as Iterable<bigint | null>) {
    const number = value === null ? 0 : Number(value);
    if (!Number.isSafeInteger(number)) return null;
    data[row] = number;
    if (value === null) {
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) & ~(1 << (row & 7));
      nullCount++;
    }
    row++;
  }
  const type = new Float64();
  return makeVector(makeData({ type, length: column.length, nullCount, nullBitmap, data }));
}
