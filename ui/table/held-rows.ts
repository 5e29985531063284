import type { DataType, Schema, Vector } from "apache-arrow";
import { Table, Type } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";
import type { ColumnFilter, TableView as View } from "#protocol/messages.ts";

import { typeWords } from "./columns.ts";
import { exact } from "./copy.ts";
import type { ArrowPage, Page, Rows } from "./table-pages.ts";

/** What a column is, as far as it changes how it is compared. */
type Comparison = "number" | "date" | "text" | "texts" | "other";

/**
 * Rows that are all here, under views. The rules are the kernel's: nulls last whichever way a column is sorted, equal
 * rows in the order of the file, `contains` and a search do not mind the case, `not-equal` keeps nulls, a list of
 * texts is its items joined by `/`.
 */
export class HeldRows {
  readonly rows: number;
  readonly schema: Schema;
  readonly #columns: readonly Vector[];
  readonly #types: readonly string[];

  constructor({ schema, batches }: ArrowPage) {
    const table = new Table(schema, [...batches]);
    this.schema = schema;
    this.rows = table.numRows;
    this.#types = schema.fields.map(({ type }) => typeWords(type));
    // Texts of a dictionary are decoded once, not once a row.
    this.#columns = schema.fields.map(({ type }, index) => {
      const column = table.getChildAt(index) as Vector;
      return type.typeId === Type.Dictionary ? column.memoize() : column;
    });
  }

  /** Index of a column; −1 when there is none. */
  columnNamed(name: string): number {
    return this.schema.fields.findIndex((field) => field.name === name);
  }

  /** A value; a 64-bit integer is a number where that is exact. */
  value(column: number, row: number): unknown {
    return this.#columns[column]?.get(row) as unknown;
  }

  /** A value as text, as the kernel compares it; null for null. */
  text(column: number, row: number): string | null {
    return textOf(this.value(column, row), this.#types[column]);
  }

  comparison(column: number): Comparison {
    const type = this.schema.fields[column]?.type;
    return type === undefined ? "other" : comparisonOf(type);
  }

  /** Whether its values lie on a line, as numbers and times do. */
  isOrdered(column: number): boolean {
    return /^(?:number|date)$/.test(this.comparison(column));
  }

  /** Numbers of the rows of a view, in its order. @throws {WorkspaceError} `usage` for a view that does not fit */
  under(view: View): Uint32Array {
    const tests = [
      ...(view.filters ?? []).map((filter) => this.#test(filter)),
      ...(view.search === undefined || view.search === "" ? [] : [this.#searched(view.search)]),
    ];
    const found = new Uint32Array(this.rows);
    let count = 0;
    for (let row = 0; row < this.rows; row++) {
      if (tests.every((test) => test(row))) found[count++] = row;
    }
    const rows = found.subarray(0, count);
    const keys = (view.sort ?? []).map(({ column, descending }) => {
      const ranks = this.#ranks(this.#column(column), rows);
      return { ranks, descending };
    });
    if (keys.length === 0) return rows;
    return rows.toSorted((a, b) => {
      for (const { ranks, descending } of keys) {
        const [x, y] = [ranks[a] ?? Number.NaN, ranks[b] ?? Number.NaN];
        if (x === y) continue;
        if (Number.isNaN(x)) {
          if (Number.isNaN(y)) continue;
          return 1;
        }
        if (Number.isNaN(y)) return -1;
        return descending ? y - x : x - y;
      }
      return a - b;
    });
  }

  /** A window of some rows, by their numbers. */
  page(numbers: Uint32Array, offset: number, limit: number): Page {
    const wanted = numbers.subarray(offset, offset + limit);
    const rows: Rows = {
      numRows: wanted.length,
      getChildAt: (column) => ({ get: (row: number) => this.value(column, wanted[row] ?? 0) }),
    };
    return { schema: this.schema, batches: wanted.length === 0 ? [] : [rows] };
  }

  /** For each row a number that sorts as its value does; NaN for null. */
  #ranks(column: number, rows: Uint32Array): Float64Array {
    const ranks = new Float64Array(this.rows).fill(Number.NaN);
    if (this.isOrdered(column)) {
      for (const row of rows) {
        const value = this.value(column, row);
        if (value !== null && value !== undefined) ranks[row] = Number(value);
      }
      return ranks;
    }
    // Numbered as they come, so that no text is decoded twice; then each number becomes the rank of its text.
    const numbers = new Map<string, number>();
    for (const row of rows) {
      const text = this.text(column, row);
      if (text === null) continue;
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      ranks[row] = number;
    }
    const rankOf = new Float64Array(numbers.size);
    for (const [rank, text] of [...numbers.keys()].toSorted(byCodeUnit).entries()) {
      rankOf[numbers.get(text) ?? 0] = rank;
    }
    for (const row of rows) {
      const number = ranks[row] ?? Number.NaN;
      if (!Number.isNaN(number)) ranks[row] = rankOf[number] ?? Number.NaN;
    }
    return ranks;
  }

  #test(filter: ColumnFilter): (row: number) => boolean {
    const column = this.#column(filter.column);
    const isNumber = this.comparison(column) === "number";
    const isNull = (row: number): boolean => this.value(column, row) === null;
    switch (filter.is) {
      case "null":
        return isNull;
      case "not-null":
        return (row) => !isNull(row);
      case "contains": {
        const wanted = filter.value.toLowerCase();
        return (row) => this.text(column, row)?.toLowerCase().includes(wanted) ?? false;
      }
      case "equal":
      case "not-equal": {
        const number = isNumber ? numberOf(filter) : 0;
        const same = (row: number): boolean =>
          isNumber
            ? !isNull(row) && Number(this.value(column, row)) === number
            : this.text(column, row) === filter.value;
        return filter.is === "equal" ? same : (row) => !same(row);
      }
      case "between": {
        if (!this.isOrdered(column)) {
          throw new WorkspaceError({
            code: "usage",
            message: `not a column of numbers: ${filter.column}`,
            hint: "Filter it by equal or contains.",
          });
        }
        const { least, most } = filter;
        return (row) => {
          if (isNull(row)) return least === null && most === null;
          const value = Number(this.value(column, row));
          return (least === null || value >= least) && (most === null || value <= most);
        };
      }
    }
  }

  #searched(search: string): (row: number) => boolean {
    const wanted = search.toLowerCase();
    const columns = this.schema.fields.flatMap((_, column) =>
      /^texts?$/.test(this.comparison(column)) ? [column] : [],
    );
    return (row) => columns.some((column) => this.text(column, row)?.toLowerCase().includes(wanted) ?? false);
  }

  #column(name: string): number {
    const column = this.columnNamed(name);
    if (column >= 0) return column;
    throw new WorkspaceError({
      code: "usage",
      message: `column not found: ${name}`,
      hint: `There are ${this.schema.fields.map((field) => field.name).join(", ")}.`,
    });
  }
}

/** Types whose values compare as numbers or as texts. */
const COMPARISONS: ReadonlyMap<Type, Comparison> = new Map([
  [Type.Int, "number"],
  [Type.Float, "number"],
  [Type.Decimal, "number"],
  [Type.Date, "date"],
  [Type.Timestamp, "date"],
  [Type.Time, "text"],
  [Type.Utf8, "text"],
  [Type.LargeUtf8, "text"],
]);

function comparisonOf(type: DataType): Comparison {
  if (type.typeId === Type.Dictionary) {
    return comparisonOf((type as DataType & { dictionary: DataType }).dictionary);
  }
  if (type.typeId !== Type.List) return COMPARISONS.get(type.typeId) ?? "other";
  const [item] = type.children as { readonly type: DataType }[];
  return item !== undefined && comparisonOf(item.type) === "text" ? "texts" : "other";
}

function textOf(value: unknown, type: string | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "object" && Symbol.iterator in value && !(value instanceof Uint8Array)) {
    return [...(value as Iterable<unknown>)].map((item) => exact(item, type)).join("/");
  }
  return exact(value, type);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf({ column, value }: ColumnFilter & { readonly value: string }): number {
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isNaN(number)) return number;
  throw new WorkspaceError({
    code: "usage",
    message: `not a number: ${value || "(empty)"}`,
    hint: `${column} holds numbers: write one.`,
  });
}
