import type { ColumnFacts, ColumnShape } from "#protocol/record.ts";

import { quoteName } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import type { RowSample } from "../engines/row-sample.ts";
import { isNumeric, isText, isTextList } from "../engines/table-columns.ts";
import type { TableFacts } from "../engines/table-facts.ts";

/** Tables of up to so many cells are looked at whole. */
const WHOLE_CELLS = 2_000_000;
/** Of a larger one, so many stretches of at most so many rows, evenly spread: the rest of the file is not read. */
const STRETCHES = 16;
const STRETCH_ROWS = 4_096;
/** Columns that one query counts: more of them together take more than their share of time and memory. */
const COLUMNS_AT_ONCE = 64;
const BINS = 20;
const TOP_VALUES = 6;
/** Columns of up to so many values are counted together, and all of a table of up to so many rows. */
const FEW_VALUES = 200;
const FEW_ROWS = 2_000;
const SHOWN_CHARACTERS = 24;

const SAMPLE = "karyon_shapes";

/**
 * What the values of each column look like, found right after a table was written, so that a page shows it without
 * a query: a histogram of numbers, the most frequent values of text. Of a large table it is that of a part, which
 * says so: of the rows that were taken when it was written, or of some that are read. For a connection of DuckDB.
 */
export async function columnShapes(
  connection: Connection,
  path: string,
  { rows, columns }: TableFacts,
  sample: RowSample | null = null,
): Promise<readonly ColumnFacts[]> {
  if (rows === 0 || columns.length === 0) return columns;
  if (rows * columns.length <= WHOLE_CELLS) {
    return shapesOf(connection, parquetRows(path), columns, rows, true);
  }
  if (sample !== null && sample.rows > 0) {
    return shapesOf(sample.connection, sample.table, columns, sample.rows, false);
  }
  try {
    const looked = await sampled(connection, path, rows, columns.length);
    return await shapesOf(connection, SAMPLE, columns, looked, false);
  } finally {
    await connection.run(`drop table if exists ${SAMPLE}`);
  }
}

/** `rows`: how many `from` has. `isWhole`: they are all there are. */
async function shapesOf(
  connection: Connection,
  from: string,
  columns: readonly ColumnFacts[],
  rows: number,
  isWhole: boolean,
): Promise<readonly ColumnFacts[]> {
  const bins = new Map<string, Bins>();
  const few = new Map<string, ColumnShape["top"]>();
  for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
    const some = columns.slice(at, at + COLUMNS_AT_ONCE);
    for (const [name, found] of await histograms(connection, from, some, isWhole)) bins.set(name, found);
    for (const [name, found] of await fewValues(connection, from, some, rows)) few.set(name, found);
    const many = some.filter(({ name }) => !bins.has(name) && !few.has(name));
    for (const [name, found] of await topValues(connection, from, many, rows)) few.set(name, found);
  }
  return columns.map((column) => {
    const counted = bins.get(column.name) ?? null;
    const top = counted === null ? (few.get(column.name) ?? []) : [];
    return { ...column, shape: counted === null && top.length === 0 ? null : { rows, bins: counted, top } };
  });
}

/** Copies the stretches into memory; the number of their rows. */
async function sampled(connection: Connection, path: string, rows: number, columns: number): Promise<number> {
  const step = Math.floor(rows / STRETCHES);
  const most = Math.min(step, STRETCH_ROWS, Math.ceil(WHOLE_CELLS / STRETCHES / columns));
  const stretches = Array.from({ length: STRETCHES }, (_, i) => {
    const first = i * step;
    return `file_row_number between ${first} and ${first + most - 1}`;
  });
  await connection.run(
    `create or replace temp table ${SAMPLE} as
     select * exclude (file_row_number) from ${numberedRows(path)} where ${stretches.join(" or ")}`,
  );
  return STRETCHES * most;
}

type Bins = NonNullable<ColumnShape["bins"]>;

/** Of all numeric columns; not-a-number and infinite values are in no bin. `isWhole`: nothing else is in the table. */
async function histograms(
  connection: Connection,
  from: string,
  columns: readonly ColumnFacts[],
  isWhole: boolean,
): Promise<ReadonlyMap<string, Bins>> {
  const numeric = columns.filter((column) => isNumeric(column));
  if (numeric.length === 0) return new Map();
  const spans =
    isWhole && numeric.every(isKnown) ? numeric.map(knownSpan) : await spansOf(connection, from, numeric);
  const [counted = {}] = await connection.rows<Record<string, string | null>>(
    `select ${numeric.map((column, i) => `${binned(finite(column), spans[i] ?? null)} as bins_${i}`).join(", ")} from ${from}`,
  );
  return new Map(
    numeric.flatMap((column, i) => {
      const span = spans[i] ?? null;
      const counts = JSON.parse(counted[`bins_${i}`] ?? "{}") as Record<string, number>;
      if (span === null) return [];
      const { least, most, bins } = span;
      return [
        [column.name, { least, most, counts: Array.from({ length: bins }, (_, bin) => counts[bin] ?? 0) }],
      ];
    }),
  );
}

function finite({ name }: ColumnFacts): string {
  return `if(isfinite(${quoteName(name)}::double), ${quoteName(name)}::double, null)`;
}

/** Whether the least and the greatest value are those of the bins. */
function isKnown({ min, max }: ColumnFacts): boolean {
  return (min === null) === (max === null) && Number.isFinite(Number(min)) && Number.isFinite(Number(max));
}

function knownSpan(column: ColumnFacts): Span | null {
  const { min, max } = column;
  return min === null || max === null ? null : spanOf(column, Number(min), Number(max));
}

async function spansOf(
  connection: Connection,
  from: string,
  numeric: readonly ColumnFacts[],
): Promise<readonly (Span | null)[]> {
  const [ends = {}] = await connection.rows<Record<string, number | null>>(
    `select ${numeric.map((one, i) => `min(${finite(one)}) as least_${i}, max(${finite(one)}) as most_${i}`).join(", ")}
     from ${from}`,
  );
  return numeric.map((column, i) => spanOf(column, ends[`least_${i}`], ends[`most_${i}`]));
}

interface Span {
  readonly least: number;
  /** The right edge of the last bin. */
  readonly most: number;
  readonly bins: number;
}

/** Whole numbers of a small span get a bin of width one each. */
function spanOf(
  { type }: ColumnFacts,
  least: number | null | undefined,
  most: number | null | undefined,
): Span | null {
  if (least == null || most == null) return null;
  if (/INT/.test(type) && most - least < BINS) return { least, most: most + 1, bins: most + 1 - least };
  return { least, most, bins: least === most ? 1 : BINS };
}

function binned(value: string, span: Span | null): string {
  if (span === null) return "null::varchar";
  const { least, most, bins } = span;
  const width = (most - least) / bins;
  // `least` leaves nulls out: what has no value would be counted in the last bin.
  const bin = `if(${value} is null, null, ${least === most ? 0 : `least(floor((${value} - ${least}) / ${width}), ${bins - 1})`})`;
  return `to_json(histogram((${bin})::integer))::varchar`;
}

/** The most frequent values of all columns that have but a few: one pass for them together. */
async function fewValues(
  connection: Connection,
  from: string,
  columns: readonly ColumnFacts[],
  rows: number,
): Promise<ReadonlyMap<string, ColumnShape["top"]>> {
  const few = columns.flatMap((column) => {
    const text = textOf(column);
    const isKnown = column.approxDistinct !== null && column.approxDistinct <= FEW_VALUES;
    const isFew = isKnown || (rows <= FEW_ROWS && !identifies(column, rows));
    return text !== null && isFew ? [{ name: column.name, text }] : [];
  });
  if (few.length === 0) return new Map();
  const counted = few.map(({ text }, i) => `to_json(histogram(${text}))::varchar as top_${i}`);
  const [row = {}] = await connection.rows<Record<string, string | null>>(
    `select ${counted.join(", ")} from ${from}`,
  );
  return new Map(
    few.map(({ name }, i) => {
      const counts = Object.entries(JSON.parse(row[`top_${i}`] ?? "{}") as Record<string, number>);
      const top = counts
        .filter(([, count]) => count > 1)
        .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
        .slice(0, TOP_VALUES);
      return [name, top.map(([value, count]) => ({ value, count }))];
    }),
  );
}

/** Whether most rows have a value of their own. */
function identifies({ approxDistinct }: ColumnFacts, rows: number): boolean {
  return (approxDistinct ?? 0) > rows / 2;
}

/** Values that come more than once, the most frequent first; a column of identifiers has none. */
async function topValues(
  connection: Connection,
  from: string,
  columns: readonly ColumnFacts[],
  rows: number,
): Promise<ReadonlyMap<string, ColumnShape["top"]>> {
  const counted = columns.flatMap((column, index) => {
    const text = textOf(column);
    if (text === null || identifies(column, rows)) return [];
    return `(select ${index} as index, ${text} as value, count(*) as count from ${from}
     where ${quoteName(column.name)} is not null
     group by 2 having count(*) > 1 order by count desc, 2 limit ${TOP_VALUES})`;
  });
  if (counted.length === 0) return new Map();
  const found = await connection.rows<{ index: number; value: string; count: number }>(
    // One statement: to plan one for each column takes longer than to count. A single one takes no second order.
    `select * from (${counted.join(" union all ")}) order by index, count desc, value`,
  );
  return new Map(
    columns.map(({ name }, at) => [
      name,
      found.filter(({ index }) => index === at).map(({ value, count }) => ({ value, count })),
    ]),
  );
}

/** SQL: a value as it is shown; null for a column of which values are not counted. */
function textOf(column: ColumnFacts): string | null {
  const value = quoteName(column.name);
  if (isTextList(column)) return `substr(array_to_string(${value}, '/'), 1, ${SHOWN_CHARACTERS})`;
  if (!isText(column) && column.type !== "BOOLEAN") return null;
  return `substr(${value}::varchar, 1, ${SHOWN_CHARACTERS})`;
}
