/** How a table is looked at, and how a person changes that. Pure. */
import type { ColumnFilter, TableView as View } from "#protocol/messages.ts";

import { decimal } from "../words/numbers.ts";

/** The table as it is. */
export const PLAIN: View = {};

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

export function isPlain(view: View): boolean {
  return (view.sort ?? []).length === 0 && (view.filters ?? []).length === 0 && (view.search ?? "") === "";
}

/** How a column is sorted, and its place among the columns that sort; null when it does not. */
export function sortOf(
  view: View,
  column: string,
): { readonly descending: boolean; readonly place: number } | null {
  const sort = view.sort ?? [];
  const place = sort.findIndex((key) => key.column === column);
  const key = sort[place];
  return key === undefined ? null : { descending: key.descending, place: place + 1 };
}

/** Ascending, descending, not at all. `add`: beside the columns that sort already, not in their place. */
export function sortCycled(view: View, column: string, add: boolean): View {
  const old = sortOf(view, column);
  const others = add ? (view.sort ?? []).filter((key) => key.column !== column) : [];
  if (old === null) return withSort(view, [...others, { column, descending: false }]);
  if (!old.descending) {
    const sort = add ? (view.sort ?? []) : [{ column, descending: false }];
    return withSort(
      view,
      sort.map((key) => (key.column === column ? { column, descending: true } : key)),
    );
  }
  return withSort(view, others);
}

/** One filter of a kind a column: a new one takes the old one's place. */
export function filtered(view: View, filter: ColumnFilter): View {
  const others = (view.filters ?? []).filter(
    (one) => one.column !== filter.column || family(one) !== family(filter),
  );
  return withFilters(view, [...others, filter]);
}

/** Without one filter. */
export function unfiltered(view: View, filter: ColumnFilter): View {
  return withFilters(
    view,
    (view.filters ?? []).filter((one) => one !== filter),
  );
}

/** Without any filter of a column. */
export function clearedColumn(view: View, column: string): View {
  return withFilters(
    view,
    (view.filters ?? []).filter((one) => one.column !== column),
  );
}

export function searched(view: View, text: string): View {
  const { search: _, ...rest } = view;
  return text.trim() === "" ? rest : { ...rest, search: text.trim() };
}

/** `weight between −1 and 0`, `gene contains “LP”`. */
export function filterWords(filter: ColumnFilter): string {
  const { column } = filter;
  switch (filter.is) {
    case "equal":
      return `${column} is “${filter.value}”`;
    case "not-equal":
      return `${column} is not “${filter.value}”`;
    case "contains":
      return `${column} contains “${filter.value}”`;
    case "null":
      return `${column} is missing`;
    case "not-null":
      return `${column} is there`;
    case "between": {
      const { least, most } = filter;
      if (least !== null && least === most) return `${column} = ${decimal(least)}`;
      if (least === null) return most === null ? `${column} is any number` : `${column} ≤ ${decimal(most)}`;
      return most === null
        ? `${column} ≥ ${decimal(least)}`
        : `${column} from ${decimal(least)} to ${decimal(most)}`;
    }
  }
}

/**
 * A number as a person writes it: thousands separated or not, a true minus sign, `117.5M`, `2k`. Null for an empty
 * field, undefined for what is no number.
 */
export function readNumber(text: string): number | null | undefined {
  const plain = text.replaceAll(/[,\s_]/g, "").replace("\u2212", "-");
  if (plain === "") return null;
  const found = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmg])?$/i.exec(plain);
  if (found === null) return undefined;
  const unit = { k: 1e3, m: 1e6, g: 1e9 }[(found[2] ?? "").toLowerCase()] ?? 1;
  // Rounded when it has a unit: 117.559590M is a whole position, whatever binary fractions make of it.
  const value = Number(found[1]) * unit;
  return unit === 1 ? value : Math.round(value);
}

function family(filter: ColumnFilter): "missing" | "value" {
  return filter.is === "null" || filter.is === "not-null" ? "missing" : "value";
}

function withSort(view: View, sort: readonly SortKey[]): View {
  const { sort: _, ...rest } = view;
  return sort.length === 0 ? rest : { ...rest, sort };
}

function withFilters(view: View, filters: readonly ColumnFilter[]): View {
  const { filters: _, ...rest } = view;
  return filters.length === 0 ? rest : { ...rest, filters };
}
