/** Rows as CSV, by the rules of the kernel's own: exact values, no formula survives. Pure. */
import { timeText } from "../words/times.ts";
import type { Column } from "./columns.ts";
import { exact } from "./copy.ts";

/** What a spreadsheet takes for a formula; it runs some of them. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvHeader(columns: readonly Pick<Column, "name">[]): string {
  return line(columns.map(({ name }) => quoted(harmless(name))));
}

/** Null is nothing, an empty text `""`; a list of texts is its items joined by `/`, as a genotype is written. */
export function csvLines(
  rows: readonly (readonly unknown[])[],
  columns: readonly Pick<Column, "kind">[],
): string {
  return rows
    .map((row) => line(row.map((value, column) => field(value, columns[column]?.kind ?? "text"))))
    .join("");
}

function field(value: unknown, kind: Column["kind"]): string {
  if (value === null || value === undefined) return "";
  if (kind === "date" && typeof value === "number") return quoted(harmless(timeText(value)));
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  return quoted(harmless(textOf(value, kind)));
}

function textOf(value: unknown, kind: Column["kind"]): string {
  const items =
    typeof value === "object" && value !== null && Symbol.iterator in value && !(value instanceof Uint8Array)
      ? [...(value as Iterable<unknown>)]
      : null;
  if (kind === "date" && items !== null)
    return items.map((item) => (typeof item === "number" ? timeText(item) : exact(item))).join(",");
  const isTexts = items?.every((item) => typeof item === "string") === true;
  return isTexts ? (items ?? []).join("/") : exact(value);
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(fields: readonly string[]): string {
  return `${fields.join(",")}\r\n`;
}
