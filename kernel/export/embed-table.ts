import { RecordBatchReader } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";
import type { TableOrder } from "#protocol/export-order.ts";
import type { ExportedTable } from "#protocol/exported.ts";
import { BLOCK_ROWS } from "#protocol/exported.ts";
import { namesPartition } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import type { Connection } from "../engines/engine.ts";
import { page } from "../engines/page.ts";
import { rowCount } from "../engines/row-count.ts";
import { columnNamed, tableColumns } from "../engines/table-columns.ts";
import type { BlockWriter } from "./block-writer.ts";

/**
 * Embeds the first rows of a stored table, a block at a time: each block reads only the row groups it lies in.
 *
 * @throws {WorkspaceError} `usage` for a column that the table does not have
 */
export async function embedTable(
  { path, columns, rows }: TableOrder,
  connection: Connection,
  writer: BlockWriter,
  signal: AbortSignal,
  /** Told how much of the table is in the file, 0 to 1. */
  told: (part: number) => void,
): Promise<ExportedTable> {
  const all = await tableColumns(connection, path);
  for (const name of columns ?? []) columnNamed(all, name);
  const shown = columns ?? all.map(({ name }) => name);
  const of = await rowCount(connection, path);
  const kept = Math.min(of, rows);
  const blocks: ExportedTable["blocks"][number][] = [];
  // An empty table has a block too: its columns are in it.
  for (let offset = 0; offset === 0 || offset < kept; offset += BLOCK_ROWS) {
    told(kept === 0 ? 0 : offset / kept);
    const range = { offset, limit: Math.min(BLOCK_ROWS, kept - offset), columns: shown };
    blocks.push(await writer.add(page(connection, path, range, signal).messages));
  }
  return { columns: shown, rows: kept, of, without: all.length - shown.length, blocks };
}

/**
 * Embeds what live SQL gives, in one block.
 *
 * @throws {WorkspaceError} `usage` for a column that is named by one of the samples of `unnamed`
 */
export async function embedQuery(
  messages: AsyncIterable<Uint8Array>,
  limit: number,
  writer: BlockWriter,
  unnamed: readonly PartitionKey[],
): Promise<ExportedTable> {
  const parts: Uint8Array[] = [];
  for await (const message of messages) parts.push(message);
  const reader = RecordBatchReader.from(parts).open();
  const columns = reader.schema.fields.map(({ name }) => name);
  if (columns.some((name) => namesPartition(name, unnamed))) {
    throw new WorkspaceError({
      code: "usage",
      message: "left out: its columns are named by users and samples, which a file does not name",
      hint: "Give each another name in the SELECT, such as: as mother.",
    });
  }
  let rows = 0;
  for (const batch of reader) rows += batch.numRows;
  // Of a result that fills its limit nobody knows how long it would have been.
  return { columns, rows, of: rows < limit ? rows : null, without: 0, blocks: [await writer.add(parts)] };
}
