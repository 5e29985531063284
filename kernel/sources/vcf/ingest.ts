import { rm } from "node:fs/promises";
import { basename, join } from "node:path";

import type { IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError, stopped } from "#protocol/error.ts";

import type { Connection, Engine } from "../../engines/engine.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { detectBuild, requireOurBuild } from "./build.ts";
import { READABLE, REFERENCE_ALLELE } from "./codes.ts";
import { foldContig } from "./contigs.ts";
import { layoutOf } from "./fields.ts";
import type { Layout } from "./fields.ts";
import { countOf, fileFindings, lineCounts, removedByRule, ruleFindings, sum } from "./findings.ts";
import type { KnownFinding, MaskCounts } from "./findings.ts";
import { factOf, isKept, presenceOf } from "./mask.ts";
import { isInOrder, putInOrder } from "./order.ts";
import { PartFiles } from "./part-files.ts";
import { readInWorker } from "./read-in-worker.ts";
import { readRecords } from "./read-records.ts";
import type { ReadJob, Reading, Report } from "./read-records.ts";
import { chooseSample } from "./sample.ts";
import { openVcf } from "./vcf-text.ts";
import type { VcfText } from "./vcf-text.ts";

/** Smaller files are read on this thread. */
const SMALL_BYTES = 4_000_000;
/** Columns up to INFO, and up to FORMAT. */
const FIXED_COLUMNS = 8;
const PROGRESS_EVERY_MS = 200;
/** What the engine wants for each column that it writes, whatever its rows: seen with 700 of them, and room to spare. */
const COLUMN_BYTES = 2_000_000;

/** {@link Source.ingest} of a VCF: one pass over the text, which is never on disk; no record becomes an object. */
export async function ingestVcf(
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
): Promise<IngestSummary> {
  try {
    context.signal.throwIfAborted();
    const text = await openVcf(request.path, context.signal);
    try {
      return await ingestText(request, engine, context, text);
    } finally {
      await text.body.return();
      await text.file.close();
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw stopped({ cause: error });
  }
}

/** One ingest on its way. */
interface Work {
  readonly request: IngestRequest;
  readonly engine: Engine;
  readonly context: IngestContext;
  readonly text: VcfText;
  readonly layout: Layout;
  readonly chosen: string | null;
  /** Folder for what goes with it. */
  readonly temporary: string;
}

async function ingestText(
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
  text: VcfText,
): Promise<IngestSummary> {
  const build = detectBuild(text.header);
  requireOurBuild(text.header, build);
  const chosen = chooseSample(text.header.samples, request.sample, request.path);
  const layout = layoutOf(text.header, text.peek);
  const temporary = await temporaryDirectory(request.spillDirectory, "vcf");
  try {
    const work = { request, engine, context, text, layout, chosen, temporary };
    return summary(work, build, await readInto(work));
  } catch (error) {
    for (const name of [NORMALIZED_FILE, REMOVED_FILE])
      await rm(join(request.staging, name), { force: true });
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

/** Reads the records into the two tables, and puts the kept ones in order. */
async function readInto(work: Work): Promise<Reading> {
  const { request, context, text } = work;
  // Each part is written on the thread that asks for it: another one of the engine would wait for it busily.
  const reading = await withConnection(work, 1, (connection) => readParts(work, connection));
  const declared = text.header.contigs.map(({ id }) => foldContig(id));
  if (!isInOrder(reading, declared)) {
    const table = join(request.staging, NORMALIZED_FILE);
    const limits = { memoryBytes: memoryBytesOf(work), columnBytes: columnBytesOf(work.layout) };
    await withConnection(work, request.threads, (connection) =>
      putInOrder(connection, table, declared, limits, context.signal),
    );
  }
  return reading;
}

async function readParts(work: Work, connection: Connection): Promise<Reading> {
  const { request, context, text, layout, chosen } = work;
  if (connection.sinkColumns === undefined) {
    throw new WorkspaceError({
      code: "engine",
      message: "this engine cannot take a VCF",
      hint: "Use the engine duckdb for this asset.",
    });
  }
  const { samples } = text.header;
  const columns = chosen === null ? FIXED_COLUMNS : FIXED_COLUMNS + 2 + samples.indexOf(chosen);
  const job: ReadJob = { path: request.path, columns, layout, filters: request.filters };
  // A thread takes a fifth of a second to start.
  const read = text.file.bytes < SMALL_BYTES ? readRecords : readInWorker;
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
    const reading = await read(
      job,
      async (table, batch) => {
        await parts.write(table, batch);
        if (table === "kept") await context.sample?.take(batch, context.signal);
      },
      reporter(request.path, text.file.bytes, context),
      context.signal,
    );
    if (reading.records === 0) throw noRecords(request.path);
    context.progress({ phase: "putting records in order", records: reading.records });
    await parts.finish();
    return reading;
  } finally {
    await parts.close();
    second.close();
  }
}

function noRecords(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: "the file has no records",
    hint: "Check that the file is complete: after its header there is no line.",
    at: path,
  });
}

function phaseOf(path: string): string {
  return `reading ${basename(path)}`;
}

/** Reports bytes and records a few times a second. */
function reporter(path: string, totalBytes: number, context: IngestContext): Report {
  const phase = phaseOf(path);
  let last = 0;
  return (records, bytes) => {
    const now = Date.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    context.progress({ phase, records, bytes, totalBytes, fraction: bytes / totalBytes });
  };
}

function summary(
  { request, text, layout, chosen }: Work,
  build: IngestSummary["build"],
  reading: Reading,
): IngestSummary {
  const { masks } = reading;
  const kept = masks.filter(({ mask }) => isKept(mask));
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === READABLE);
  const findings: KnownFinding[] = [
    ...fileFindings(text, layout, reading, build.detected !== null),
    ...[...lineCounts(masks, reading)].map(([kind, count]) => ({
      kind,
      count,
      first: reading.firstLines.get(kind) ?? null,
    })),
    ...ruleFindings(masks, request.filters),
  ];
  return {
    source: { name: basename(request.path), bytes: text.file.bytes, sha256: reading.sha256 },
    records: {
      read: reading.records,
      kept: sum(kept, () => true),
      removed: removedByRule(masks, request.filters),
      removed_total: sum(readable, (mask) => !isKept(mask)),
    },
    presence: layout.genotypes ? presences(kept) : {},
    findings,
    build,
    samples: { all: text.header.samples, chosen },
    kind: kindOf(readable, layout),
    caller: text.header.caller,
    quality_filters: request.filters,
    has_rsids: countOf(readable, "hasRsid", 1) > 0,
  };
}

function presences(masks: MaskCounts): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { mask, count } of masks) {
    const presence = presenceOf(mask);
    if (presence !== null) counts[presence] = (counts[presence] ?? 0) + count;
  }
  return counts;
}

function kindOf(masks: MaskCounts, layout: Layout): IngestSummary["kind"] {
  if (!layout.genotypes) return "sites_only";
  if (countOf(masks, "block", 1) > 0 || countOf(masks, "alleles", REFERENCE_ALLELE) > 0) return "gvcf";
  return countOf(masks, "refCall", 1) > 0 ? "all_sites" : "variants";
}
