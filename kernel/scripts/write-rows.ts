import { open, rm } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";

import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { quotePath } from "../engines/parquet-rows.ts";

/**
 * Writes plain rows to a Parquet file as they come, in bounded memory: a line of JSON each, which DuckDB then reads.
 * Columns are those of all rows in the order of their first use. Whole numbers are BIGINT, other numbers DOUBLE, a
 * `Date` is TIMESTAMP, lists are lists; an object inside a row is kept as JSON text; what is missing is null. `wrote`
 * is told how many there are now and then.
 *
 * @throws {WorkspaceError} `notebook` for what is no row, for a column of two types, and for no row at all
 */
export async function writeRows(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  path: string,
  connection: Connection,
  signal: AbortSignal,
  wrote: (rows: number) => void = () => {},
): Promise<void> {
  const lines = `${path}.jsonl`;
  const types = new Map<string, string>();
  try {
    await writeLines(rows, lines, types, signal, wrote);
    if (types.size === 0) {
      throw refused("no rows, and so no columns", "Return a query or a frame where nothing may be found.");
    }
    const columns = [...types].map(([name, type]) => `${quoteText(name)}: ${quoteText(settled(type))}`);
    await connection.sink(
      `select ${[...types.keys()].map((name) => quoteName(name)).join(", ")}
       from read_json(${quotePath(lines)}, hive_partitioning = false, format = 'newline_delimited', columns = {${columns.join(", ")}})`,
      path,
      { signal },
    );
  } finally {
    await rm(lines, { force: true });
  }
}

/** Rows are told of so often. */
const COUNTED_MS = 200;
/** Lines are written so many characters at a time. */
const WRITTEN_CHARACTERS = 1 << 16;

/** The type of a column of which every value was null so far. */
const UNKNOWN = "";

async function writeLines(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  path: string,
  types: Map<string, string>,
  signal: AbortSignal,
  wrote: (rows: number) => void,
): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    let count = 0;
    let lines = "";
    let next = performance.now() + COUNTED_MS;
    for await (const row of rows) {
      signal.throwIfAborted();
      count++;
      if (performance.now() >= next) {
        wrote(count);
        next = performance.now() + COUNTED_MS;
      }
      lines += `${lineOf(row, count, types)}\n`;
      if (lines.length < WRITTEN_CHARACTERS) continue;
      await file.writeFile(lines);
      lines = "";
    }
    await file.writeFile(lines);
  } finally {
    await file.close();
  }
}

function lineOf(row: unknown, number: number, types: Map<string, string>): string {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw refused(
      `row ${number} is no row: ${typeof row}`,
      "Give each row as an object: {gene: …, weight: …}.",
    );
  }
  const line: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const type = typeOf(value);
    const known = types.get(name) ?? UNKNOWN;
    const both = together(known, type);
    if (both === null) {
      throw refused(
        `column ${name} holds ${settled(known)} and, in row ${number}, ${settled(type)}`,
        "Give a column values of one type, or null.",
      );
    }
    types.set(name, both);
    line[name] = jsonValue(value);
  }
  return JSON.stringify(line);
}

/** DuckDB's name of a value's type; {@link UNKNOWN} for null. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === "boolean") return "BOOLEAN";
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return "BIGINT";
  if (typeof value === "number") return "DOUBLE";
  if (value instanceof Date) return "TIMESTAMP";
  if (typeof value !== "object" || !isList(value)) return "VARCHAR";
  const items = [...value].map((item) => typeOf(item));
  return `${items.reduce((a, b) => together(a, b) ?? "VARCHAR", UNKNOWN)}[]`;
}

/** The type that holds values of both; null when none does. */
function together(a: string, b: string): string | null {
  if (a === b || b === UNKNOWN) return a;
  if (a === UNKNOWN) return b;
  if (a.endsWith("[]") && b.endsWith("[]")) {
    const item = together(a.slice(0, -2), b.slice(0, -2));
    return item === null ? null : `${item}[]`;
  }
  const numbers = ["BIGINT", "DOUBLE"];
  return numbers.includes(a) && numbers.includes(b) ? "DOUBLE" : null;
}

/** A name that DuckDB knows: what was null in every row is text. */
function settled(type: string): string {
  return type.replace(/^(?=$|\[)/, "VARCHAR");
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  return isList(value) ? [...value].map((item) => jsonValue(item)) : JSON.stringify(value);
}

function isList(value: object): value is Iterable<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && Symbol.iterator in value);
}

function refused(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint });
}
