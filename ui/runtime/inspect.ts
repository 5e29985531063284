import { Table } from "apache-arrow";

import { count, counted } from "#protocol/numerals.ts";

import { cellText } from "../table/cell-text.ts";
import { columnsOf } from "../table/columns.ts";
import { makeAccessible } from "./accessible.ts";

/** Rows of a table that are written out, and items of a list. */
const ROWS_SHOWN = 12;
const ITEMS_SHOWN = 100;
const DEPTH = 3;
const LONGEST_TEXT = 10_000;

/** Any value as an element: a node is itself, a table its first rows, all else text. No text becomes markup. */
export function inspect(value: unknown): Node {
  if (value instanceof Node) return makeAccessible(value);
  if (value instanceof Table) return tableElement(value);
  const element = document.createElement("pre");
  element.className = "inspected";
  element.textContent = shortened(describe(value, DEPTH), LONGEST_TEXT);
  return element;
}

/** A text that says so where it is cut. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… ${count(text.length - most)} more characters`;
}

/** A value as JavaScript writes it, cut where it grows long. */
export function describe(value: unknown, depth: number = DEPTH): string {
  if (typeof value === "string") return depth === DEPTH ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Table) return `Table, ${counted(value.numRows, "row")}`;
  if (value instanceof Node) return value.nodeName.toLowerCase();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return `Map ${listed(value, value.size, depth, "{", "}")}`;
  if (value instanceof Set) return `Set ${listed(value, value.size, depth, "{", "}")}`;
  if (isList(value)) return listed(value, "length" in value ? Number(value.length) : null, depth, "[", "]");
  const entries = Object.entries(value);
  if (entries.length === 0) return `${nameOf(value)}{}`;
  if (depth === 0) return "{…}";
  const shown = entries.slice(0, ITEMS_SHOWN).map(([name, item]) => `${name}: ${describe(item, depth - 1)}`);
  return bracketed([...shown, ...more(entries.length)], "{", "}");
}

function isList(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

/** What the browser calls a value that shows nothing of itself: `Blob `, `Promise `; nothing for an object. */
function nameOf(value: object): string {
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return name === "Object" ? "" : `${name} `;
}

/** @param length null for what has none, and may never end */
function listed(
  items: Iterable<unknown>,
  length: number | null,
  depth: number,
  open: string,
  close: string,
): string {
  if (depth === 0 && length !== 0) return `${open}…${close}`;
  const shown: string[] = [];
  for (const item of items) {
    if (shown.length < ITEMS_SHOWN) shown.push(describe(item, depth - 1));
    else return bracketed([...shown, ...(length === null ? ["…"] : more(length))], open, close);
  }
  return bracketed(shown, open, close);
}

function more(length: number): string[] {
  return length > ITEMS_SHOWN ? [`… ${count(length - ITEMS_SHOWN)} more`] : [];
}

function bracketed(parts: readonly string[], open: string, close: string): string {
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length <= 90) return line;
  return `${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
}

function tableElement(table: Table): HTMLElement {
  const figure = document.createElement("figure");
  figure.className = "inspected-table";
  const element = document.createElement("table");
  const head = element.createTHead().insertRow();
  const columns = columnsOf(table.schema.fields, [], []);
  for (const { name, numeric } of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.classList.toggle("right", numeric);
    cell.textContent = name;
    head.append(cell);
  }
  const body = element.createTBody();
  for (let row = 0; row < Math.min(ROWS_SHOWN, table.numRows); row++) {
    const line = body.insertRow();
    for (const [index, { kind, numeric }] of columns.entries()) {
      const cell = line.insertCell();
      cell.classList.toggle("right", numeric);
      cell.textContent = cellText(table.getChildAt(index)?.get(row), kind);
    }
  }
  const caption = document.createElement("figcaption");
  caption.textContent =
    table.numRows > ROWS_SHOWN
      ? `the first ${ROWS_SHOWN} of ${count(table.numRows)} rows`
      : counted(table.numRows, "row");
  figure.append(element, caption);
  return figure;
}
