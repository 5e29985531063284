/** Rows as CSV, by the rules of the kernel's own: exact values, no formula survives. Pure. */
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
  columns: readonly Pick<Column, "type">[],
): string {
  return rows.map((row) => line(row.map((value, at) => field(value, columns[at]?.type ?? "")))).join("");
}

function field(value: unknown, type: Column["type"]): string {
  if (value === null || value === undefined) return "";
  const isText = typeof value === "object" || typeof value === "string" || /\b(?:date|time)$/.test(type);
  return isText ? quoted(harmless(textOf(value, type))) : exact(value);
}

function textOf(value: unknown, type: Column["type"]): string {
  const items =
    typeof value === "object" && value !== null && Symbol.iterator in value && !(value instanceof Uint8Array)
      ? [...(value as Iterable<unknown>)]
      : null;
  const isTexts = items?.every((item) => typeof item === "string") === true;
  return isTexts ? (items ?? []).join("/") : exact(items ?? value, type);
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
