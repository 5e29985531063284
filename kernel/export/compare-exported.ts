import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { DataType, Int64, Vector, tableFromIPC } from "apache-arrow";
import type { Data, Table } from "apache-arrow";

import { blockIn } from "#notebook/exported-file.ts";
import type { CompareOrder, TableDifference } from "#protocol/export-order.ts";
import { BLOCK_ROWS } from "#protocol/exported.ts";

import { objectPath, verify } from "../assets/object-store.ts";
import type { WorkContext } from "../cells/cell-type.ts";
import type { Connection } from "../engines/engine.ts";
import { page } from "../engines/page.ts";
import { rowCount } from "../engines/row-count.ts";
import { tableColumns } from "../engines/table-columns.ts";

const unpack = promisify(gunzip);
/** Of a block, unpacked: what is more was packed to fill a memory. */
const MOST_BYTES = 1 << 30;

/**
 * The first place in which the rows of a table in an exported file are not those of the stored table, of the columns
 * that the file has and as far as it has rows; null when there is none. One block of either is in memory.
 *
 * @throws {WorkspaceError} `asset` when the stored file is gone or was changed on disk
 */
export async function compareExported(
  { file, table, objects, hash }: CompareOrder,
  { connect, signal, progress }: WorkContext,
): Promise<TableDifference | null> {
  await verify(objects, hash);
  const path = objectPath(objects, hash);
  const html = await readFile(file, { signal });
  const connection = await connect({ allowedPaths: [path] });
  try {
    const stored = new Set((await tableColumns(connection, path)).map(({ name }) => name));
    const unknown = table.columns.find((name) => !stored.has(name));
    if (unknown !== undefined) return { row: null, column: unknown };
    const rows = await rowCount(connection, path, signal);
    if (table.rows > rows) return { row: rows + 1, column: null };
    const blocks = Math.max(1, Math.ceil(table.rows / BLOCK_ROWS));
    if (table.blocks.length > blocks) return { row: table.rows + 1, column: null };
    for (let offset = 0; offset < blocks * BLOCK_ROWS; offset += BLOCK_ROWS) {
      const id = table.blocks[offset / BLOCK_ROWS]?.id ?? "";
      const limit = Math.min(BLOCK_ROWS, table.rows - offset);
      progress({ phase: "comparing rows", fraction: offset / Math.max(1, table.rows) });
      const written = await unpack(Buffer.from(blockIn(html, id) ?? "", "base64"), {
        maxOutputLength: MOST_BYTES,
      }).catch(() => null);
      const range = { offset, limit, columns: table.columns };
      const kept = await pageBytes(connection, path, range, signal);
      const place = written === null ? { row: 0, column: null } : differenceOf(written, kept);
      if (place !== null) return place.row === null ? place : { ...place, row: offset + place.row + 1 };
    }
    return null;
  } finally {
    connection.close();
  }
}

async function pageBytes(
  connection: Connection,
  path: string,
  range: Parameters<typeof page>[2],
  signal: AbortSignal,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const message of page(connection, path, range, signal).messages) parts.push(message);
  return Buffer.concat(parts);
}

/** `row` is 0-based, among those of the two streams. */
function differenceOf(written: Buffer, stored: Buffer): TableDifference | null {
  // The rule: what one Karyon wrote, the same reads again to the byte.
  if (written.equals(stored)) return null;
  const is = tableFromIPC(stored);
  const said = readable(written);
  if (said === null) return { row: 0, column: null };
  const names = is.schema.fields.map(({ name }) => name);
  if (JSON.stringify(names) !== JSON.stringify(said.schema.fields.map(({ name }) => name)))
    return { row: null, column: null };
  const shared = Math.min(is.numRows, said.numRows);
  let first: TableDifference | null = is.numRows === said.numRows ? null : { row: shared, column: null };
  for (const name of names) {
    const [one, other] = [is, said].map((table) => readableTimes(table.getChild(name)));
    const row = firstDifference(one, other, first?.row ?? shared);
    if (row !== null) first = { row, column: name };
  }
  return first;
}

function readable(bytes: Buffer): Table | null {
  try {
    return tableFromIPC(bytes);
  } catch {
    return null;
  }
}

/** Times as the integers that they are: Arrow throws on one that is no safe number of milliseconds. */
function readableTimes(column: Vector | null): Vector | null {
  return column === null ? null : new Vector(column.data.map(withoutTimes));
}

function withoutTimes(data: Data): Data {
  const type = DataType.isTimestamp(data.type) ? new Int64() : data.type;
  const { offset, length, nullCount, buffers, children } = data;
  return data.clone(type, offset, length, nullCount, buffers, children.map(withoutTimes));
}

function firstDifference(
  a: Vector | null | undefined,
  b: Vector | null | undefined,
  before: number,
): number | null {
  for (let row = 0; row < before; row++) {
    const [one, other]: [unknown, unknown] = [a?.get(row), b?.get(row)];
    if (!Object.is(one, other) && textOf(one) !== textOf(other)) return row;
  }
  return null;
}

/** Equal texts for equal values, whatever types they are carried in. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "bigint" || typeof one === "number" ? String(one) : one,
  );
}
