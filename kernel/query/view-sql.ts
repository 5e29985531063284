import { WorkspaceError } from "#protocol/error.ts";
import type { ColumnFilter, TableView } from "#protocol/messages.ts";

import { quoteName } from "../engines/engine.ts";
import type { Value } from "../engines/engine.ts";
import { columnNamed, isNumeric, isText, isTextList } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

export interface ViewSql {
  /** A condition on the rows; `true` when all are shown. */
  readonly where: string;
  /** What comes after ORDER BY, which ends in the number of the row, so that equal rows keep their order. */
  readonly order: string;
  /** For `$1`, `$2` … of the condition. */
  readonly parameters: readonly Value[];
}

/**
 * A view of a table as SQL. Nulls are last, whichever way a column is sorted. `not-equal` keeps nulls, `contains`
 * and a search do not mind the case. A list of texts is searched as its items joined by `/`, as a genotype is written.
 *
 * @throws {WorkspaceError} `usage` for a column that is not there or a filter that does not fit its type
 */
export function viewSql(columns: readonly TableColumn[], view: TableView): ViewSql {
  const parameters: Value[] = [];
  const bind = (value: Value): string => `$${parameters.push(value)}`;
  const conditions = (view.filters ?? []).map((filter) => condition(columns, filter, bind));
  if (view.search !== undefined && view.search !== "") conditions.push(searched(columns, view.search, bind));
  const order = (view.sort ?? []).map(
    ({ column, descending }) =>
      `${quoteName(columnNamed(columns, column).name)} ${descending ? "desc" : "asc"} nulls last`,
  );
  return {
    where: conditions.length === 0 ? "true" : conditions.map((one) => `(${one})`).join(" and "),
    order: [...order, "file_row_number"].join(", "),
    parameters,
  };
}

/** Whether a view shows every row in the order of the file. */
export function isWhole(view: TableView | undefined): boolean {
  return isUnsorted(view) && (view?.filters ?? []).length === 0 && (view?.search ?? "") === "";
}

export function isUnsorted(view: TableView | undefined): boolean {
  return (view?.sort ?? []).length === 0;
}

type Bind = (value: Value) => string;

function condition(columns: readonly TableColumn[], filter: ColumnFilter, bind: Bind): string {
  const column = columnNamed(columns, filter.column);
  const name = quoteName(column.name);
  switch (filter.is) {
    case "null":
      return `${name} is null`;
    case "not-null":
      return `${name} is not null`;
    case "contains":
      return contains(textOf(column), filter.value, bind);
    case "equal":
      return `${comparable(column)} = ${literal(column, filter.value, bind)}`;
    case "not-equal":
      return `${comparable(column)} is distinct from ${literal(column, filter.value, bind)}`;
    case "between":
      return between(column, filter.least, filter.most, bind);
  }
}

function between(column: TableColumn, least: number | null, most: number | null, bind: Bind): string {
  if (!isNumeric(column)) {
    throw new WorkspaceError({
      code: "usage",
      message: `not a column of numbers: ${column.name}`,
      hint: "Filter it by equal or contains.",
    });
  }
  const name = quoteName(column.name);
  const ends = [
    ...(least === null ? [] : [`${name} >= ${bind(least)}`]),
    ...(most === null ? [] : [`${name} <= ${bind(most)}`]),
    // DuckDB takes what is no number for the largest of all.
    ...(least !== null && most === null && isFloat(column) ? [`not isnan(${name})`] : []),
  ];
  return ends.length === 0 ? "true" : ends.join(" and ");
}

function searched(columns: readonly TableColumn[], search: string, bind: Bind): string {
  const texts = columns.filter((column) => isText(column) || isTextList(column));
  if (texts.length === 0) return "false";
  const parameter = `lower(${bind(search)}::varchar)`;
  return texts.map((column) => `contains(lower(${textOf(column)}), ${parameter})`).join(" or ");
}

function contains(text: string, value: string, bind: Bind): string {
  return `contains(lower(${text}), lower(${bind(value)}::varchar))`;
}

function textOf(column: TableColumn): string {
  const name = quoteName(column.name);
  if (column.type === "VARCHAR") return name;
  return isTextList(column) ? `array_to_string(${name}, '/')` : `${name}::varchar`;
}

/** Numbers, booleans and texts compare as what they are, anything else as it is shown. */
function comparable(column: TableColumn): string {
  return isNumeric(column) ? quoteName(column.name) : textOf(column);
}

function isFloat({ type }: TableColumn): boolean {
  return type === "FLOAT" || type === "DOUBLE";
}

function literal(column: TableColumn, value: string, bind: Bind): string {
  if (!isNumeric(column)) return `${bind(value)}::varchar`;
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)) {
    throw new WorkspaceError({
      code: "usage",
      message: `not a number: ${value || "(empty)"}`,
      hint: `${column.name} holds numbers: write one.`,
    });
  }
  // As text, so that no digit of a long number is lost; a fraction is never equal to a whole number.
  const number = `${bind(value.trim())}::varchar`;
  return isFloat(column) ? `${number}::${column.type}` : `try_cast(${number} as decimal(38, 9))`;
}
