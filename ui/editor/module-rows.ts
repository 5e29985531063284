import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { YAMLMap, YAMLSeq } from "yaml";

/** Columns of a module's variants that are edited as a table; a row may have others, which stay as they are. */
export const MODULE_COLUMNS = ["rsid", "gene", "genotype", "weight", "state", "conclusion"] as const;
export type ModuleColumn = (typeof MODULE_COLUMNS)[number];
export type ModuleRow = Readonly<Record<ModuleColumn, string>>;

/** The variants of a module's text, in its order; null while it cannot be read as a list of rows. */
export function moduleRows(text: string): ModuleRow[] | null {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  const rows = document.get("variants", true);
  if (rows === undefined || (isScalar(rows) && rows.value === null)) return [];
  if (!isSeq(rows) || !rows.items.every(isMap)) return null;
  return rows.items.map((row) => {
    const values = MODULE_COLUMNS.map((column) => [column, cellText(row.get(column))] as const);
    return Object.fromEntries(values) as unknown as ModuleRow;
  });
}

/** The text with one value changed, and not a letter beside it. */
export function withModuleCell(text: string, at: number, column: ModuleColumn, value: string): string {
  const row = rowAt(text, at);
  if (row === null) return text;
  const node: unknown = row.get(column, true);
  const written = scalarText(value);
  if (isScalar(node) && node.range != null) {
    return splice(text, node.range[0], node.range[1], written);
  }
  const last = row.items.at(-1);
  const end = last === undefined ? null : (endOf(last.value) ?? endOf(last.key));
  if (end === null || row.range == null) return text;
  if (row.flow === true) return splice(text, end, end, `, ${column}: ${written}`);
  const indent = " ".repeat(row.range[0] - lineStart(text, row.range[0]));
  return splice(text, end, end, `\n${indent}${column}: ${written}`);
}

/** The text with one more row, at the end of the list. */
export function withModuleRow(text: string): string {
  const rows = variantsOf(text);
  const row = "{rsid: rs0, gene: GENE, genotype: A/G, weight: 0, state: neutral, conclusion: What it means}";
  const last = rows?.items.at(-1);
  const end = last === undefined ? null : endOf(last);
  if (rows === null || end === null || !isMap(last) || last.range == null) {
    const head = text.trimEnd();
    const start = /^variants:[ \t]*(?:\[\s*\])?[ \t]*$/m.exec(head);
    if (start === null) return `${head}\nvariants:\n  - ${row}`;
    const to = start.index + start[0].length;
    return `${head.slice(0, start.index)}variants:\n  - ${row}${head.slice(to)}`;
  }
  if (rows.flow === true) return splice(text, end, end, `, ${row}`);
  const lineEnd = text.indexOf("\n", end);
  const to = lineEnd < 0 ? text.length : lineEnd;
  const from = lineStart(text, last.range[0]);
  const dash = text.slice(from, last.range[0]).replace(/[^\s-]/g, " ");
  return splice(text, to, to, `\n${dash}${row}`);
}

/** The text without a row, and without the lines that it stood on. */
export function withoutModuleRow(text: string, at: number): string {
  const rows = variantsOf(text);
  const row = rowAt(text, at);
  if (rows === null || row?.range == null) return text;
  const next = rows.items[at + 1];
  if (rows.flow === true) {
    const after = isMap(next) && next.range != null ? next.range[0] : null;
    if (after !== null) return splice(text, row.range[0], after, "");
    const before = rows.items[at - 1];
    return splice(text, (before === undefined ? null : endOf(before)) ?? row.range[0], row.range[1], "");
  }
  const from = lineStart(text, row.range[0]);
  const end = endOf(row) ?? row.range[1];
  const lineEnd = text.indexOf("\n", end);
  return lineEnd < 0 ? text.slice(0, Math.max(0, from - 1)) : splice(text, from, lineEnd + 1, "");
}

function variantsOf(text: string): YAMLSeq | null {
  const rows: unknown = parseDocument(text).get("variants", true);
  return isSeq(rows) ? rows : null;
}

function rowAt(text: string, at: number): YAMLMap | null {
  const row: unknown = variantsOf(text)?.items[at];
  return isMap(row) ? row : null;
}

/** Where a node's own text ends, without the comment and the white space after it. */
function endOf(node: unknown): number | null {
  if (isScalar(node)) return node.range?.[1] ?? null;
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? null : (endOf(last.value) ?? endOf(last.key));
  }
  return isMap(node) || isSeq(node) ? (node.range?.[1] ?? null) : null;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function splice(text: string, from: number, to: number, written: string): string {
  return `${text.slice(0, from)}${written}${text.slice(to)}`;
}

function cellText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** A value as YAML reads it back: plain where that is safe, in quotes where not. */
function scalarText(value: string): string {
  if (value === "") return '""';
  if (/^-?(?:\d+\.?\d*|\.\d+)$/.test(value)) return value;
  const plain =
    /^[A-Za-z0-9_./+(][^,[\]{}#:&*!|>'"%@`\n]*$/.test(value) &&
    value === value.trim() &&
    !/^(?:true|false|null|yes|no|on|off|~)$/i.test(value) &&
    Number.isNaN(Number(value));
  return plain ? value : JSON.stringify(value);
}
