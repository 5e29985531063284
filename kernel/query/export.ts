import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { ExportFormat, ViewedTable } from "#protocol/kernel-messages.ts";

import { CSV, headerLine, lineSql, textBytes, TSV } from "./delimited.ts";
import type { Tables } from "./tables.ts";
import { isWhole, viewSql } from "./view-sql.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * A table under its view as the bytes of a file of another format, made as they are read: `csv`, `tsv` and `arrow`
 * (IPC stream) in bounded memory. Parquet under a view is written to `directory` first and is gone afterwards.
 */
export async function* exportBytes(
  tables: Tables,
  table: ViewedTable,
  format: ExportFormat,
  directory: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case "csv":
    case "tsv": {
      const dialect = format === "csv" ? CSV : TSV;
      const columns = await tables.columns(table.path);
      // A view that does not fit is refused before anything is sent, not behind a header.
      viewSql(columns, table.view ?? {});
      yield Buffer.from(headerLine(columns, dialect));
      yield* textBytes(tables.all(table, signal, (columns) => lineSql(columns, dialect)));
      return;
    }
    case "arrow":
      yield* tables.all(table, signal);
      return;
    case "parquet":
      if (isWhole(table.view)) yield* fileBytes(table.path, signal);
      else yield* viewBytes(tables, table, directory, signal);
  }
}

async function* viewBytes(
  tables: Tables,
  table: ViewedTable,
  directory: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const path = join(directory, `export-${randomUUID()}.parquet`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    await tables.sink(table, path, signal);
    yield* fileBytes(path, signal);
  } finally {
    await rm(path, { force: true });
  }
}

async function* fileBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const bytes of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal })) {
    yield bytes as Uint8Array;
  }
}
