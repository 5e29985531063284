import { Table } from "apache-arrow";

import { cellText } from "../table/cell-text.ts";
import { count } from "../words/numbers.ts";
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
  element.textContent = describe(value, DEPTH).slice(0, LONGEST_TEXT);
  return element;
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
  if (value instanceof Table) return `Table, ${count(value.numRows)} rows`;
  if (value instanceof Node) return value.nodeName.toLowerCase();
  if (value instanceof Map) return `Map ${listed([...value], depth, "{", "}")}`;
  if (value instanceof Set) return `Set ${listed([...value], depth, "{", "}")}`;
  if (isList(value)) return listed([...value], depth, "[", "]");
  if (depth === 0) return "{…}";
  const entries = Object.entries(value);
  const shown = entries.slice(0, ITEMS_SHOWN).map(([name, item]) => `${name}: ${describe(item, depth - 1)}`);
  return bracketed([...shown, ...more(entries.length)], "{", "}");
}

function isList(value: object): value is Iterable<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value) || Symbol.iterator in value;
}

function listed(items: readonly unknown[], depth: number, open: string, close: string): string {
  if (depth === 0 && items.length > 0) return `${open}…${close}`;
  const shown = items.slice(0, ITEMS_SHOWN).map((item) => describe(item, depth - 1));
  return bracketed([...shown, ...more(items.length)], open, close);
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
  for (const { name } of table.schema.fields) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = element.createTBody();
  for (let row = 0; row < Math.min(ROWS_SHOWN, table.numRows); row++) {
    const line = body.insertRow();
    for (const index of table.schema.fields.keys()) {
      line.insertCell().textContent = cellText(table.getChildAt(index)?.get(row), "text");
    }
  }
  const caption = document.createElement("figcaption");
  caption.textContent =
    table.numRows > ROWS_SHOWN
      ? `the first ${ROWS_SHOWN} of ${count(table.numRows)} rows`
      : `${count(table.numRows)} rows`;
  figure.append(element, caption);
  return figure;
}
