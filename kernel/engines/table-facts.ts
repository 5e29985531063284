import type { ColumnFacts } from "#protocol/record.ts";

import { quoteName, quoteText } from "./engine.ts";
import type { Connection } from "./engine.ts";

/** Tables of up to so many cells are read through once; of larger ones the file's own statistics must do. */
const READ_CELLS = 2_000_000;
const SHOWN_CHARACTERS = 60;

export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/**
 * What is known of the table in a Parquet file. Of a large table everything comes from the statistics in
 * its footer and nothing of the data is read: `approxDistinct` is then null, and so is whatever the writer
 * of the file left out (of nested columns, all). For a connection of DuckDB.
 */
export async function tableFacts(connection: Connection, parquetPath: string): Promise<TableFacts> {
  const file = quoteText(parquetPath);
  const table = `read_parquet(${file}, hive_partitioning = false)`;
  const [counted] = await connection.rows<{ rows: number }>(
    `select num_rows as rows from parquet_file_metadata(${file})`,
  );
  const described = await connection.rows<{ column_name: string; column_type: string }>(
    `describe from ${table}`,
  );
  const columns = described.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }));
  const rows = counted?.rows ?? 0;
  const isSmall = rows * columns.length <= READ_CELLS;
  const sql = isSmall
    ? `select ${columns.flatMap(readings).join(", ")} from ${table}`
    : `select ${columns.flatMap(statistics).join(", ")} from parquet_metadata(${file})`;
  const [found = {}] = await connection.rows<Record<string, unknown>>(sql);
  return { rows, columns: columns.map((column, i) => factsOf(column, i, rows, found)) };
}

/** Aggregates over the data: named by what they give and the number of the column. */
function readings(column: Column, i: number): string[] {
  const name = quoteName(column.name);
  const nulls = `count(*) - count(${name}) as nulls_${i}`;
  if (isNested(column.type)) return [nulls];
  return [
    nulls,
    `min(${name})::varchar as min_${i}`,
    `max(${name})::varchar as max_${i}`,
    `approx_count_distinct(${name}) as distinct_${i}`,
  ];
}

/** The same from the statistics of the row groups. One group without them leaves the whole column unknown. */
function statistics(column: Column, i: number): string[] {
  if (isNested(column.type)) return [`null as nulls_${i}`];
  const group = `filter (path_in_schema = ${quoteText(column.name)})`;
  const extreme = (aggregate: "min" | "max"): string => {
    const value = `try_cast(stats_${aggregate}_value as ${column.type})`;
    const isUnknown = `bool_or(${value} is null and coalesce(stats_null_count, -1) <> num_values) ${group}`;
    return `case when not ${isUnknown} then ${aggregate}(${value}) ${group}::varchar end`;
  };
  return [
    `case when not bool_or(stats_null_count is null) ${group} then sum(stats_null_count) ${group} end as nulls_${i}`,
    `${extreme("min")} as min_${i}`,
    `${extreme("max")} as max_${i}`,
  ];
}

function isNested(type: string): boolean {
  return /\]$|^(?:STRUCT|MAP|UNION)\(/.test(type);
}

function factsOf(
  { name, type }: Column,
  i: number,
  rows: number,
  found: Record<string, unknown>,
): ColumnFacts {
  const nulls = asNumber(found[`nulls_${i}`]);
  const distinct = asNumber(found[`distinct_${i}`]);
  return {
    name,
    type,
    nulls,
    min: asText(found[`min_${i}`]),
    max: asText(found[`max_${i}`]),
    // The estimate may be off by a tenth, and then above what there is.
    approxDistinct: distinct === null ? null : Math.min(distinct, rows - (nulls ?? 0)),
  };
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function asText(value: unknown): string | null {
  return typeof value === "string" ? Array.from(value).slice(0, SHOWN_CHARACTERS).join("") : null;
}
