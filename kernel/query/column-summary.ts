import type { ColumnSummary, TableView } from "#protocol/messages.ts";

import { quoteName } from "../engines/engine.ts";
import type { Connection, Value } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { columnNamed, isNumeric, isText, isTextList } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { viewSql } from "./view-sql.ts";

const MOST_BINS = 40;
const TOP_VALUES = 20;
/** A value longer than this is shown by its start. */
const SHOWN_CHARACTERS = 200;

/**
 * Exact statistics of one column over the rows of a view, whose order does not matter. Whole numbers of a small
 * span get a bin each; not-a-number and infinite values are in no bin. Two passes over one column.
 *
 * @throws {WorkspaceError} `usage` for a column that is not there
 */
export async function columnSummary(
  connection: Connection,
  path: string,
  columns: readonly TableColumn[],
  name: string,
  view: TableView,
  signal: AbortSignal,
): Promise<ColumnSummary> {
  const column = columnNamed(columns, name);
  const { where, parameters } = viewSql(columns, view);
  const from = `${parquetRows(path)} where ${where}`;
  const value = quoteName(name);
  const finite = isNumeric(column) ? `filter (where isfinite(${value}::double))` : "";
  const [found] = await connection.rows<Counts>(
    `select count(*) as rows, count(*) - count(${value}) as nulls, count(distinct ${value}) as "distinct",
      ${isNumeric(column) ? `(min(${value}) ${finite})::double` : "null"} as least,
      ${isNumeric(column) ? `(max(${value}) ${finite})::double` : "null"} as most
    from ${from}`,
    parameters,
    signal,
  );
  const { rows, nulls, distinct, least, most } = found ?? NOTHING;
  return {
    rows,
    nulls,
    distinct,
    histogram:
      least === null || most === null
        ? null
        : await histogram(connection, { value, from, column, parameters }, least, most, signal),
    top:
      isText(column) || isTextList(column) || column.type === "BOOLEAN"
        ? await top(connection, { value, from, column, parameters }, signal)
        : [],
  };
}

interface Counts {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  readonly least: number | null;
  readonly most: number | null;
}
const NOTHING: Counts = { rows: 0, nulls: 0, distinct: 0, least: null, most: null };

interface Source {
  readonly value: string;
  readonly from: string;
  readonly column: TableColumn;
  readonly parameters: readonly Value[];
}

async function histogram(
  connection: Connection,
  { value, from, column, parameters }: Source,
  least: number,
  most: number,
  signal: AbortSignal,
): Promise<NonNullable<ColumnSummary["histogram"]>> {
  const isWhole = /INT/.test(column.type);
  const isNarrow = isWhole && most - least < MOST_BINS && Number.isSafeInteger(most + 1);
  // An edge after the last whole number, so that each has a bin of width one.
  const end = isNarrow ? most + 1 : most;
  const bins = isNarrow ? end - least : end === least ? 1 : MOST_BINS;
  const width = (end - least) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? end : least + i * width));
  const parameter = (n: number): string => `$${parameters.length + n}::double`;
  const number = `${value}::double`;
  const bin =
    width === 0 ? "0" : `least(floor((${number} - ${parameter(1)}) / ${parameter(2)}), ${bins - 1})::integer`;
  const rows = await connection.rows<{ bin: number; count: number }>(
    `select ${bin} as bin, count(*) as count from ${from} and isfinite(${number}) group by 1`,
    width === 0 ? parameters : [...parameters, least, width],
    signal,
  );
  const counts = Array.from({ length: bins }, () => 0);
  for (const row of rows) counts[row.bin] = row.count;
  return { edges, counts };
}

async function top(
  connection: Connection,
  { value, from, column, parameters }: Source,
  signal: AbortSignal,
): Promise<ColumnSummary["top"]> {
  const text = isTextList(column) ? `array_to_string(${value}, '/')` : `${value}::varchar`;
  return connection.rows<{ value: string; count: number }>(
    `select substr(${text}, 1, ${SHOWN_CHARACTERS}) as value, count(*) as count
    from ${from} and ${value} is not null
    group by ${text} order by count desc, ${text} limit ${TOP_VALUES}`,
    parameters,
    signal,
  );
}
