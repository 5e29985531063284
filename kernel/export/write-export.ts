import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

import { fileAround, inertJson, insideScript, insideStyle } from "#notebook/exported-file.ts";
import { sha256 } from "#notebook/sha256.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ExportOrder, ExportWritten, QueryOrder } from "#protocol/export-order.ts";
import type { ExportedNotebook, ExportedQuery } from "#protocol/exported.ts";
import type { LiveQuery } from "#protocol/kernel-messages.ts";
import { canonicalText } from "#protocol/provenance.ts";

import type { WorkContext } from "../cells/cell-type.ts";
import { fontFaces } from "../reports/font-faces.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { BlockWriter } from "./block-writer.ts";
import { embedQuery, embedTable } from "./embed-table.ts";
import { withoutTypes } from "./without-types.ts";

type RunQuery = (query: LiveQuery, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/**
 * Writes a notebook as one HTML file, whole or not at all. Blocks go to a file of their own first, because what
 * stands before them names their hashes; no more than one block is in memory.
 */
export async function writeExport(
  order: ExportOrder,
  context: WorkContext,
  query: RunQuery,
): Promise<ExportWritten> {
  await mkdir(dirname(order.out), { recursive: true });
  const directory = await temporaryDirectory(context.spill, "export");
  const spool = join(directory, "blocks");
  const staged = `${order.out}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const script = insideScript(await readFile(order.runtime.script, "utf8"));
    const style = insideStyle(
      `${await fontFaces(" Variable")}\n${await readFile(order.runtime.style, "utf8")}`,
    );
    const embedded = await withFile(spool, (file) => embed(order, context, query, new BlockWriter(file)));
    const notebook = { ...embedded, runtime: { script: sha256(script), style: sha256(style) } };
    const text = inertJson(canonicalText(notebook));
    const { title } = order;
    const { before, after } = fileAround({
      title,
      software: notebook.software,
      script,
      style,
      notebook: text,
    });
    await withFile(staged, async (file) => {
      await file.writeFile(before);
      for await (const bytes of createReadStream(spool, { signal: context.signal })) {
        await file.writeFile(bytes as Uint8Array);
      }
      await file.writeFile(after);
    });
    const { size } = await stat(staged);
    await rename(staged, order.out);
    return {
      bytes: size,
      seal: sha256(text),
      tables: order.tables.flatMap(({ asset }) => {
        const table = notebook.tables[asset];
        return table === undefined ? [] : [{ asset, rows: table.rows, of: table.of }];
      }),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm(staged, { force: true });
  }
}

async function embed(
  order: ExportOrder,
  { connect, signal, progress }: WorkContext,
  query: RunQuery,
  writer: BlockWriter,
): Promise<Omit<ExportedNotebook, "runtime">> {
  const total = order.tables.length + order.queries.length + order.reports.length;
  let begun = 0;
  const begin = (what: string): ((part: number) => void) => {
    const number = ++begun;
    const told = (part: number): void =>
      progress({
        phase: `figure ${number} of ${total}: ${what}`,
        bytes: writer.written,
        fraction: (number - 1 + part) / total,
      });
    told(0);
    return told;
  };
  // What figures are drawn from stands before large tables: a browser draws while it still reads the file.
  const queries: Record<string, ExportedQuery> = {};
  for (const one of order.queries) {
    begin(one.cell);
    queries[one.cell] = await answered(one, order.unnamed, query, writer, signal);
  }
  const reports: Record<string, ExportedNotebook["reports"][keyof ExportedNotebook["reports"]]> = {};
  for (const { asset, path } of order.reports) {
    begin(asset);
    reports[asset] = await writer.add([await readFile(path)]);
  }
  const tables: Record<string, ExportedNotebook["tables"][keyof ExportedNotebook["tables"]]> = {};
  const connection = await connect({ allowedPaths: order.tables.map(({ path }) => path) });
  try {
    for (const table of order.tables) {
      const told = begin(table.asset);
      tables[table.asset] = await embedTable(table, connection, writer, signal, told);
    }
  } finally {
    connection.close();
  }
  const stripped = await withoutTypes(order.typed);
  return { ...order.notebook, tables, queries, reports, stripped };
}

/** A query that fails is shown as failed; the others are in the file all the same. */
async function answered(
  order: QueryOrder,
  unnamed: ExportOrder["unnamed"],
  run: RunQuery,
  writer: BlockWriter,
  signal: AbortSignal,
): Promise<ExportedQuery> {
  if ("error" in order) return { error: order.error };
  const { query } = order;
  try {
    const table = await embedQuery(run(query, signal), query.limit, writer, unnamed);
    return { table, values: Object.fromEntries(query.cells.map(({ name, values }) => [name, values])) };
  } catch (thrown) {
    signal.throwIfAborted();
    const { code, message, hint, cell, span } = errorInfo(thrown);
    return {
      error: {
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(cell === undefined ? {} : { cell }),
        ...(span === undefined ? {} : { span }),
      },
    };
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "wx", 0o600);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
