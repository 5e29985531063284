import { Float64, Table, Type, Vector, makeData } from "apache-arrow";
import type { Data, Int, RecordBatch } from "apache-arrow";

import { convertedData } from "../table/converted.ts";
import type { ArrowPage } from "../table/table-pages.ts";
import { farTimesAsNull } from "../table/times.ts";

/** Rows that a script gets of a table, at most. */
export const ROWS_READ = 50_000;

/**
 * A table for scripts. 64-bit integers become numbers where each of them in a column fits exactly, also inside lists and
 * structures: a BigInt draws in no plot and adds to no number. A date or time that no Date holds is null. Lists stay Arrow vectors, which are iterable.
 */
export function tableOf(page: ArrowPage): Table {
  const { schema, batches } = farTimesAsNull(page);
  const table = new Table(schema, [...batches]);
  const columns: Record<string, Vector> = {};
  let changed = false;
  for (const [index, field] of table.schema.fields.entries()) {
    const column = table.getChildAt(index);
    if (column === null) continue;
    const numbers = exactNumbers(column);
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

/** A column with its 64-bit integers as numbers; null when it has none, or one that no number is exactly. */
function exactNumbers(column: Vector): Vector | null {
  let isExact = true;
  const chunks = column.data.map((chunk) =>
    convertedData(chunk, (data) => {
      if (!isLong(data)) return data;
      const numbers = isExact ? numbersOf(data) : null;
      isExact = numbers !== null;
      return numbers ?? data;
    }),
  );
  return isExact && chunks.some((chunk, i) => chunk !== column.data[i]) ? new Vector(chunks) : null;
}

function isLong(data: Data): data is Data<Int> {
  return data.typeId === Type.Int && (data.type as Int).bitWidth === 64;
}

/** Without a builder of apache-arrow: those compile code from text, which the page's policy forbids. */
function numbersOf(data: Data<Int>): Data | null {
  const { offset, length, nullCount, nullBitmap, values } = data;
  const numbers = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const number = Number(values[row]);
    if (!Number.isSafeInteger(number)) {
      if (data.getValid(row)) return null;
    } else numbers[row] = number;
  }
  return makeData({ type: new Float64(), offset, length, nullCount, nullBitmap, data: numbers });
}
