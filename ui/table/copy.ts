/** Rows as text for another program: exact values, not as a cell rounds them. Pure. */
import { timeText } from "../words/times.ts";

/** Rows taken at a time: a clipboard is no way to move a genome. */
export const MOST_COPIED = 10_000;

/** What a spreadsheet takes for a formula; it runs some of them. */
const FORMULA = /^[=+\-@]/;

/**
 * Tab-separated lines; a tab or a line break inside a value becomes a space, and a text that starts as a formula does
 * gets an apostrophe before it.
 */
export function asTsv(
  rows: readonly (readonly unknown[])[],
  columns: readonly { readonly name: string; readonly type: string }[],
  withHeader: boolean,
): string {
  const lines = rows.map((row) => row.map((value, at) => cell(value, columns[at]?.type)).join("\t"));
  return (withHeader ? [columns.map(({ name }) => field(name)).join("\t"), ...lines] : lines).join("\n");
}

/**
 * A value in full: nothing for null, lists with commas, structures as JSON. `type` is that of its column: in one of
 * dates or times a number is such, in milliseconds since 1970.
 */
export function exact(value: unknown, type: string = ""): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number" && /\bdate$/.test(type)) return timeText(value).replace("T00:00:00.000Z", "");
  if (typeof value === "number" && /\btime$/.test(type)) return timeText(value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (typeof value !== "object") return "";
  const plain = plainOf(value);
  if (Array.isArray(plain)) return plain.map((item) => exact(item, type)).join(",");
  return JSON.stringify(plain, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

/** A list or structure of Arrow as an array or object; anything else as it is. */
export function plainOf(value: unknown): unknown {
  const hasJson = typeof value === "object" && value !== null && "toJSON" in value;
  return hasJson && typeof value.toJSON === "function" ? (value.toJSON() as unknown) : value;
}

function cell(value: unknown, type: string | undefined): string {
  const text = field(exact(value, type));
  return typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
}

function field(text: string): string {
  return text.replaceAll(/[\t\r\n]+/g, " ");
}
