import { setImmediate as turn } from "node:timers/promises";

import type { QualityFilters } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { ColumnBatch } from "../../columns/column-data.ts";
import { LONGEST_LINE_BYTES, LineStretches } from "../text/line-stretches.ts";
import type { Layout } from "./fields.ts";
import type { LineFinding } from "./first-lines.ts";
import { PartedTable } from "./parted-table.ts";
import { TABLES } from "./reader-part.ts";
import type { TableName } from "./reader-part.ts";
import { RecordReader } from "./record-reader.ts";
import type { Counts } from "./record-reader.ts";
import { openVcf } from "./vcf-text.ts";
import type { VcfText } from "./vcf-text.ts";

/** What is read, as data alone: it may be read on another thread. */
export interface ReadJob {
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Columns of the file that are read: 8, or 9 and the place of the sample among the samples. */
  readonly columns: number;
  /** Name of that sample; null: none is read. */
  readonly sample: string | null;
  readonly layout: Layout;
  readonly filters: QualityFilters;
}

/** What the records and the file said, all in all. */
export interface Reading extends Counts {
  readonly firstLines: ReadonlyMap<LineFinding, string>;
  /** Times U+FFFD stands in the records for what is no text. */
  readonly badText: number;
  /** Whether a bgzip file ends in the block that marks its end. */
  readonly endMarked: boolean;
  /** Of the file. */
  readonly sha256: string;
}

/** Takes the next part of a table; nobody changes it until the promise settles. */
export type WritePart = (table: TableName, batch: ColumnBatch) => Promise<void>;
export type Report = (records: number, bytes: number) => void;

/**
 * Reads all records of a VCF into the two tables, in file order.
 *
 * @throws {WorkspaceError} `source` as `openVcf`, and for a line that is too long; what `write` threw
 */
export async function readRecords(
  job: ReadJob,
  write: WritePart,
  report: Report,
  signal: AbortSignal,
): Promise<Reading> {
  const text = await openVcf(job.path, signal);
  const tables: Record<TableName, PartedTable>[] = [];
  try {
    const reader = await RecordReader.open({ ...job, headerLines: text.header.lines });
    const table = (name: TableName): PartedTable =>
      new PartedTable(
        () => reader.newPart(name),
        (batch) => write(name, batch),
      );
    const both = { kept: table("kept"), removed: table("removed") };
    tables.push(both);
    await readText(job.path, text, reader, both, report);
    for (const name of TABLES) await both[name].finish(reader.rows(name));
    return readingOf(reader, text);
  } finally {
    // What is still being written reads the columns' memory.
    for (const { kept, removed } of tables) await Promise.all([kept.settled(), removed.settled()]);
    await text.body.return();
    await text.file.close();
  }
}

function readingOf(reader: RecordReader, { file, cleaner }: VcfText): Reading {
  return {
    ...reader.counts(),
    firstLines: reader.firstLines.found,
    badText: cleaner.badText,
    endMarked: file.endMarked(),
    sha256: file.sha256(),
  };
}

/** Carries the text to the reader in stretches of whole lines, and lets parts be written in between. */
async function readText(
  path: string,
  { body, file }: VcfText,
  reader: RecordReader,
  tables: Readonly<Record<TableName, PartedTable>>,
  report: Report,
): Promise<void> {
  for (const name of TABLES) reader.use(name, tables[name].part);
  const read = async (stretch: Buffer): Promise<void> => {
    reader.take(stretch);
    while (!reader.read()) {
      for (const name of TABLES) {
        if (!reader.isFull(name)) continue;
        await tables[name].flush(reader.rows(name));
        reader.use(name, tables[name].part);
      }
    }
    report(reader.records, file.bytesRead());
    // What waits for this thread, such as an engine that asks for columns, gets its turn.
    await turn();
  };
  const lines = new LineStretches();
  for await (const chunk of body) {
    for (const stretch of lines.add(chunk)) await read(stretch);
    if (lines.rest > LONGEST_LINE_BYTES) throw tooLong(path, reader.lines + 1);
  }
  const last = lines.end();
  if (last !== null) await read(last);
}

function tooLong(path: string, line: number): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `record is longer than ${LONGEST_LINE_BYTES / 1e6} MB`,
    hint: "Leave the record out, or split the file by samples.",
    at: `${path}:${line}`,
  });
}
