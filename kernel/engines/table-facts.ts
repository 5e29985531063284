import type { ColumnFacts } from "#protocol/record.ts";

import { quoteName, quoteText } from "./engine.ts";
import type { Connection } from "./engine.ts";
import { parquetRows, quotePath } from "./parquet-rows.ts";
import { rowCount } from "./row-count.ts";

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
  const table = parquetRows(parquetPath);
  const described = await connection.rows<{ column_name: string; column_type: string }>(
    `describe from ${table}`,
  );
  const columns = described.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }));
  const rows = await rowCount(connection, parquetPath);
  const known =
    rows * columns.length <= READ_CELLS
      ? await readings(connection, table, columns)
      : await statistics(connection, parquetPath, columns);
  return { rows, columns: columns.map((column) => factsOf(column, rows, known.get(column.name) ?? UNKNOWN)) };
}

interface Known {
  readonly nulls: number | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly distinct: number | null;
}

const UNKNOWN: Known = { nulls: null, min: null, max: null, distinct: null };

/** By column, from the data. */
async function readings(
  connection: Connection,
  table: string,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, Known>> {
  const [found = {}] = await connection.rows<Record<string, unknown>>(
    `select ${columns.flatMap(aggregates).join(", ")} from ${table}`,
  );
  return new Map(
    columns.map(({ name }, i) => [
      name,
      {
        nulls: asNumber(found[`nulls_${i}`]),
        min: asText(found[`min_${i}`]),
        max: asText(found[`max_${i}`]),
        distinct: asNumber(found[`distinct_${i}`]),
      },
    ]),
  );
}

/** Named by what they give and the number of the column. */
function aggregates(column: Column, i: number): string[] {
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

/**
 * By column, from the statistics of the row groups, which are read once for all types. One group without them leaves
 * the whole column unknown.
 */
async function statistics(
  connection: Connection,
  path: string,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, Known>> {
  const plain = columns.filter(({ type }) => !isNested(type));
  if (plain.length === 0) return new Map();
  const types = [...new Set(plain.map((column) => column.type))];
  const rows = await connection.rows<{ name: string } & Record<"nulls" | "min" | "max", unknown>>(
    `with groups as materialized (
       select path_in_schema, num_values, stats_null_count, stats_min_value, stats_max_value from parquet_metadata(${quotePath(path)})
     ) ${types.map((type) => statisticsOf(type, plain)).join(" union all ")}`,
  );
  return new Map(
    rows.map(({ name, nulls, min, max }) => [
      name,
      { nulls: asNumber(nulls), min: asText(min), max: asText(max), distinct: null },
    ]),
  );
}

/** SQL: of the columns of a type, whose least and greatest values are compared as what they are. */
function statisticsOf(type: string, columns: readonly Column[]): string {
  const names = columns.filter((column) => column.type === type).map(({ name }) => quoteText(name));
  const extreme = (aggregate: "min" | "max"): string => {
    const value = `try_cast(stats_${aggregate}_value as ${type})`;
    const isUnknown = `bool_or(${value} is null and coalesce(stats_null_count, -1) <> num_values)`;
    return `case when not ${isUnknown} then ${aggregate}(${value})::varchar end`;
  };
  return `
    select path_in_schema as name,
      case when not bool_or(stats_null_count is null) then sum(stats_null_count) end as nulls,
      ${extreme("min")} as min, ${extreme("max")} as max
    from groups where path_in_schema in (${names.join(", ")})
    group by path_in_schema`;
}

function isNested(type: string): boolean {
  return /\]$|^(?:STRUCT|MAP|UNION)\(/.test(type);
}

function factsOf({ name, type }: Column, rows: number, { nulls, min, max, distinct }: Known): ColumnFacts {
  // The estimate may be off by a tenth, and then above what there is.
  const approxDistinct = distinct === null ? null : Math.min(distinct, rows - (nulls ?? 0));
  return { name, type, nulls, min, max, approxDistinct };
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function asText(value: unknown): string | null {
  return typeof value === "string" ? Array.from(value).slice(0, SHOWN_CHARACTERS).join("") : null;
}
