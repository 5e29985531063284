import { rm, stat } from "node:fs/promises";
import { join } from "node:path";

import type { IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError, stopped } from "#protocol/error.ts";

import type { ColumnBatch } from "../../columns/column-data.ts";
import type { Connection, Engine } from "../../engines/engine.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { findingsOfAll } from "../known-finding.ts";
import type { KnownFinding } from "../known-finding.ts";
import { sourceSummary } from "../source-summary.ts";
import { readingReport } from "../reading-report.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE, noRecords } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { requireWithinChromosomes } from "./chromosome-ends.ts";
import { READABLE, REFERENCE_ALLELE } from "./codes.ts";
import { foldContig } from "./contigs.ts";
import { encodedColumns } from "./fields.ts";
import type { Layout } from "./fields.ts";
import { countOf, fileFindings, lineCounts, removedByRule, ruleFindings, sum } from "./findings.ts";
import type { MaskCounts } from "./findings.ts";
import { factOf, isKept, presenceOf } from "./mask.ts";
import { isInOrder, putInOrder } from "./order.ts";
import { PartFiles } from "./part-files.ts";
import { readRecords } from "./read-records.ts";
import type { ReadJob, Reading } from "./read-records.ts";
import type { TableName } from "./reader-part.ts";
import { ReaderThread } from "./reader-thread.ts";
import { spreadOf } from "./spread.ts";
import { findTwice } from "./twice.ts";
import type { Twice } from "./twice.ts";
import { filesOf } from "./vcf-files.ts";
import type { VcfFile, VcfFiles } from "./vcf-files.ts";
import { readHeads, requireUsable } from "./vcf-heads.ts";

/** Smaller files are read on this thread. */
const SMALL_BYTES = 4_000_000;
/** Columns up to INFO, and up to FORMAT. */
const FIXED_COLUMNS = 8;
/** What the engine wants for each column that it writes, whatever its rows: seen with 700 of them, and room to spare. */
const COLUMN_BYTES = 2_000_000;

/** {@link Source.ingest} of a VCF: one pass over the text, which is never on disk; no record becomes an object. */
export async function ingestVcf(
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
): Promise<IngestSummary> {
  const ahead = await startAhead(request.paths);
  try {
    context.signal.throwIfAborted();
    const heads = await readHeads(request.paths, context.signal);
    requireUsable(heads);
    return await ingestFiles({ request, engine, context, ahead, ...filesOf(heads, request.sample) });
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw stopped({ cause: error });
  } finally {
    await ahead?.end();
  }
}

/** The thread for the first file, which starts while the heads are read. */
async function startAhead([path = ""]: readonly string[]): Promise<ReaderThread | null> {
  const facts = await stat(path).catch(() => null);
  return facts === null || facts.size < SMALL_BYTES ? null : new ReaderThread();
}

/** One ingest on its way. */
interface Work extends VcfFiles {
  readonly request: IngestRequest;
  readonly engine: Engine;
  readonly context: IngestContext;
  readonly ahead: ReaderThread | null;
  /** Folder for what goes with it. */
  readonly temporary: string;
}

async function ingestFiles(asked: Omit<Work, "temporary">): Promise<IngestSummary> {
  const { staging, spillDirectory } = asked.request;
  const temporary = await temporaryDirectory(spillDirectory, "vcf");
  try {
    const work = { ...asked, temporary };
    const read = await readInto(work);
    if (work.build.detected === null) await requireWithin(work);
    return summary(work, ...read);
  } catch (error) {
    for (const name of [NORMALIZED_FILE, REMOVED_FILE]) await rm(join(staging, name), { force: true });
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function memoryBytesOf({ request: { memoryBytes }, layout }: Work): number {
  return memoryBytes ?? Math.max(DEFAULT_MEMORY_BYTES, columnBytesOf(layout));
}

function columnBytesOf({ info, format }: Layout): number {
  return COLUMN_BYTES * (info.length + format.length);
}

async function withConnection<T>(
  work: Work,
  threads: number | undefined,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await work.engine.open({
    spillDirectory: work.temporary,
    memoryBytes: memoryBytesOf(work),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

function requireWithin(work: Work): Promise<void> {
  const { request, context } = work;
  const table = join(request.staging, NORMALIZED_FILE);
  return withConnection(work, request.threads, (connection) =>
    requireWithinChromosomes(connection, table, request.paths[0] ?? "", context.signal),
  );
}

/** Reads the records into the two tables, and puts the kept ones in order. One reading for each file. */
async function readInto(work: Work): Promise<[readings: readonly Reading[], twice: Twice | null]> {
  const { request, context, files } = work;
  const { signal } = context;
  // Each part is written on the thread that asks for it: another one of the engine would wait for it busily.
  const readings = await withConnection(work, 1, (connection) => readParts(work, connection));
  const declared = files.flatMap(({ header }) => header.contigs.map(({ id }) => foldContig(id)));
  const keptBackward = readings.reduce((total, reading) => total + reading.keptBackward, 0);
  // Files that share a contig are not in order.
  if (isInOrder({ keptBackward, contigs: readings.flatMap(({ contigs }) => contigs) }, declared))
    return [readings, null];
  const table = join(request.staging, NORMALIZED_FILE);
  const limits = { memoryBytes: memoryBytesOf(work), columnBytes: columnBytesOf(work.layout) };
  return withConnection(work, request.threads, async (connection) => {
    const names = files.map(({ name }) => name);
    const twice = files.length > 1 ? await findTwice(connection, table, readings, names, signal) : null;
    await putInOrder(connection, table, declared, limits, signal, twice);
    return [readings, twice];
  });
}

async function readParts(work: Work, connection: Connection): Promise<Reading[]> {
  const { request, context, files, layout } = work;
  if (connection.sinkColumns === undefined) {
    throw new WorkspaceError({
      code: "engine",
      message: "this engine cannot take a VCF",
      hint: "Use the engine duckdb for this asset.",
    });
  }
  const second = await connection.connect();
  // Two parts of hundreds of columns want more together than the engine may hold.
  const isWide = memoryBytesOf(work) < 2 * columnBytesOf(layout);
  const targets = {
    kept: join(request.staging, NORMALIZED_FILE),
    removed: join(request.staging, REMOVED_FILE),
  };
  const connections = isWide ? [connection] : [connection, second];
  const parts = new PartFiles(targets, connections, work.temporary, context.signal);
  try {
    const readings: Reading[] = [];
    for (const file of files) readings.push(await readFile(work, file, readings, parts));
    const records = recordsOf(readings);
    if (records === 0) throw noRecords(request.paths);
    context.progress({ phase: "putting records in order", records });
    await parts.finish();
    return readings;
  } finally {
    await parts.close();
    second.close();
  }
}

/** Reads the records of one file behind those of the files before it. */
function readFile(
  { request, context, files, layout, chosen, ahead }: Work,
  file: VcfFile,
  before: readonly Reading[],
  parts: PartFiles<TableName>,
): Promise<Reading> {
  const { samples } = file.header;
  const columns = chosen === null ? FIXED_COLUMNS : FIXED_COLUMNS + 2 + samples.indexOf(chosen);
  const job: ReadJob = {
    path: file.path,
    bytes: file.bytes,
    columns,
    sample: chosen,
    layout,
    filters: request.filters,
  };
  const bytesOf = (some: readonly VcfFile[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
  const report = readingReport(file.path, bytesOf(files), context);
  const [recordsBefore, bytesBefore] = [recordsOf(before), bytesOf(files.slice(0, before.length))];
  const write = async (table: TableName, batch: ColumnBatch): Promise<void> => {
    await parts.write(table, batch);
    if (table === "kept") await context.sample?.take(batch, context.signal);
  };
  const tell = (records: number, bytes: number): void => report(recordsBefore + records, bytesBefore + bytes);
  if (file.bytes < SMALL_BYTES) return readRecords(job, write, tell, context.signal);
  const thread = before.length === 0 ? ahead : null;
  return (thread ?? new ReaderThread()).read(job, write, tell, context.signal);
}

function recordsOf(readings: readonly Reading[]): number {
  return readings.reduce((sum, { records }) => sum + records, 0);
}

function summary(
  { request, files, layout, chosen, samples, build, caller }: Work,
  readings: readonly Reading[],
  twice: Twice | null,
): IngestSummary {
  const masks = readings.flatMap((reading) => reading.masks);
  const kept = masks.filter(({ mask }) => isKept(mask));
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === READABLE);
  const told = files.flatMap((file, index) => {
    const reading = readings[index];
    return reading === undefined ? [] : [{ file, reading }];
  });
  const spread = spreadOf(readings);
  const leftOut = Object.values(twice?.presence ?? {}).reduce((total, count) => total + count, 0);
  return {
    source: sourceSummary(
      told.map(({ file: { name, bytes }, reading: { sha256 } }) => ({ name, bytes, sha256 })),
    ),
    records: {
      read: recordsOf(readings),
      kept: sum(kept, () => true) - leftOut,
      removed: removedByRule(masks, request.filters),
      removed_total: sum(readable, (mask) => !isKept(mask)),
    },
    presence: layout.genotypes ? presences(kept, twice) : {},
    findings: [
      ...findingsOfAll(
        told.map(({ file, reading }) => ({
          name: file.name,
          findings: [...fileFindings(file, file.own, reading), ...lineFindings(reading)],
        })),
      ),
      ...(twice?.findings ?? []),
      ...ruleFindings(masks, request.filters),
    ],
    build,
    samples: { all: samples, chosen },
    kind: kindOf(readable, layout),
    caller,
    quality_filters: request.filters,
    has_rsids: countOf(readable, "hasRsid", 1) > 0,
    ...(files.every(isEncoded) ? { encoded: encodedColumns(layout) } : {}),
    ...(spread === null ? {} : { spread }),
    longest: Math.max(...readings.map(({ longest }) => longest)),
  };
}

/** Text is percent-encoded as of VCF 4.3; before that a `%` is itself. */
function isEncoded({ header: { version } }: VcfFile): boolean {
  return Number(version ?? 0) >= 4.3;
}

function lineFindings(reading: Reading): KnownFinding[] {
  return [...lineCounts(reading.masks, reading)].map(([kind, count]) => ({
    kind,
    count,
    first: reading.firstLines.get(kind) ?? null,
  }));
}

function presences(masks: MaskCounts, twice: Twice | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { mask, count } of masks) {
    const presence = presenceOf(mask);
    if (presence !== null) counts[presence] = (counts[presence] ?? 0) + count;
  }
  for (const [presence, count] of Object.entries(twice?.presence ?? {}))
    counts[presence] = (counts[presence] ?? 0) - count;
  return counts;
}

function kindOf(masks: MaskCounts, layout: Layout): IngestSummary["kind"] {
  if (!layout.genotypes) return "sites_only";
  if (countOf(masks, "block", 1) > 0 || countOf(masks, "alleles", REFERENCE_ALLELE) > 0) return "gvcf";
  return countOf(masks, "refCall", 1) > 0 ? "all_sites" : "variants";
}
