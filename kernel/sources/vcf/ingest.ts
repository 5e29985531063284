import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

import type { Finding, IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { Connection, Engine } from "../../engines/engine.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { detectBuild, requireOurBuild } from "./build.ts";
import { foldContig } from "./contigs.ts";
import { layoutOf } from "./fields.ts";
import type { Layout } from "./fields.ts";
import { countOf, fileFindings, lineCounts, removedByRule, ruleFindings, sum } from "./findings.ts";
import type { MaskCounts } from "./findings.ts";
import { LineStretches } from "./line-stretches.ts";
import { ALLELES, factOf, isKept, presenceOf, SKIP } from "./mask.ts";
import { isInOrder, putInOrder } from "./order.ts";
import { PartedTable } from "./parted-table.ts";
import type { PartColumns } from "./parted-table.ts";
import { RecordReader } from "./record-reader.ts";
import { chooseSample } from "./sample.ts";
import { RemovedColumns, VcfColumns } from "./vcf-columns.ts";
import { openVcf } from "./vcf-text.ts";
import type { VcfText } from "./vcf-text.ts";

/** Longer lines are refused: real ones reach a megabyte. */
const LONGEST_LINE_BYTES = 8_000_000;
/** Columns up to INFO, and up to FORMAT. */
const FIXED_COLUMNS = 8;
const PROGRESS_EVERY_MS = 200;

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
    throw new WorkspaceError({ code: "cancelled", message: "stopped" }, { cause: error });
  }
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
  await mkdir(request.spillDirectory, { recursive: true, mode: 0o700 });
  const temporary = await mkdtemp(join(request.spillDirectory, "vcf-"));
  try {
    const connection = await engine.open({
      spillDirectory: temporary,
      memoryBytes: memoryBytesOf(request),
      ...(request.threads === undefined ? {} : { threads: request.threads }),
    });
    try {
      const read = await readRecords(request, context, text, chosen, connection, temporary);
      return summary(request, text, { ...read, build, chosen });
    } finally {
      connection.close();
    }
  } catch (error) {
    for (const name of [NORMALIZED_FILE, REMOVED_FILE])
      await rm(join(request.staging, name), { force: true });
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function memoryBytesOf({ memoryBytes }: IngestRequest): number {
  return memoryBytes ?? DEFAULT_MEMORY_BYTES;
}

interface ReadRecords {
  readonly layout: Layout;
  readonly reader: RecordReader;
}

async function readRecords(
  request: IngestRequest,
  context: IngestContext,
  text: VcfText,
  chosen: string | null,
  connection: Connection,
  temporary: string,
): Promise<ReadRecords> {
  const { signal } = context;
  const { header } = text;
  if (connection.sinkColumns === undefined) {
    throw new WorkspaceError({
      code: "engine",
      message: "this engine cannot take a VCF",
      hint: "Use the engine duckdb for this asset.",
    });
  }
  const layout = layoutOf(header, text.peek);
  // While one part is written, the next may already be: each connection writes one at a time.
  const connections = [connection, await connection.connect()];
  const kept = new PartedTable("kept", () => new VcfColumns(layout), connections, temporary, signal);
  const removed = new PartedTable("removed", () => new RemovedColumns(), connections, temporary, signal);
  const reader = new RecordReader({
    columns: chosen === null ? FIXED_COLUMNS : FIXED_COLUMNS + 2 + header.samples.indexOf(chosen),
    layout,
    filters: request.filters,
    headerLines: header.lines,
    kept,
    removed,
  });
  const table = join(request.staging, NORMALIZED_FILE);
  try {
    await readText(request.path, text, reader, [kept, removed], reporter(request.path, text, context));
    if (reader.records === 0) {
      throw new WorkspaceError({
        code: "source",
        message: "the file has no records",
        hint: "Check that the file is complete: after its header there is no line.",
        at: request.path,
      });
    }
    context.progress({ phase: "putting records in order", records: reader.records });
    await kept.finish(table);
    await removed.finish(join(request.staging, REMOVED_FILE));
  } finally {
    // What is still being written reads the columns' memory.
    await Promise.allSettled([kept.settled(), removed.settled()]);
    connections[1]?.close();
  }
  const declared = header.contigs.map(({ id }) => foldContig(id));
  if (!isInOrder(reader.order, declared)) {
    await putInOrder(connection, table, declared, memoryBytesOf(request), signal);
  }
  return { layout, reader };
}

/** Carries the text to the reader in stretches of whole lines, and lets parts be written in between. */
async function readText(
  path: string,
  text: VcfText,
  reader: RecordReader,
  tables: readonly Pick<PartedTable<PartColumns>, "isFull" | "flush">[],
  report: (records: number) => void,
): Promise<void> {
  report(0);
  const lines = new LineStretches();
  for await (const chunk of text.body) {
    for (const stretch of lines.add(chunk)) await read(stretch);
    if (lines.rest > LONGEST_LINE_BYTES) {
      throw new WorkspaceError({
        code: "source",
        message: `record is longer than ${LONGEST_LINE_BYTES / 1e6} MB`,
        hint: "Leave the record out, or split the file by samples.",
        at: `${path}:${reader.lines + 1}`,
      });
    }
  }
  const last = lines.end();
  if (last !== null) await read(last);

  async function read(stretch: Buffer): Promise<void> {
    for (let at = 0; at < stretch.length;) {
      at = reader.read(stretch, at, stretch.length);
      for (const table of tables) if (table.isFull) await table.flush();
    }
    report(reader.records);
    // The engine asks for the columns on this thread.
    await turn();
  }
}

function phaseOf(path: string): string {
  return `reading ${basename(path)}`;
}

/** Reports bytes and records a few times a second. */
function reporter(path: string, text: VcfText, context: IngestContext): (records: number) => void {
  const phase = phaseOf(path);
  let last = 0;
  return (records) => {
    const now = Date.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    const bytes = text.file.bytesRead();
    context.progress({
      phase,
      records,
      bytes,
      totalBytes: text.file.bytes,
      fraction: bytes / text.file.bytes,
    });
  };
}

function summary(
  request: IngestRequest,
  text: VcfText,
  read: ReadRecords & { readonly build: IngestSummary["build"]; readonly chosen: string | null },
): IngestSummary {
  const { reader, layout, build, chosen } = read;
  const masks = reader.masks();
  const kept = masks.filter(({ mask }) => isKept(mask));
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === SKIP.no);
  const findings: Finding[] = [
    ...fileFindings(text, layout, reader, build.detected !== null),
    ...[...lineCounts(masks, reader)].map(([kind, count]) => ({
      kind,
      count,
      first: reader.firstLines.get(kind),
    })),
    ...ruleFindings(masks, request.filters),
  ];
  return {
    source: { name: basename(request.path), bytes: text.file.bytes, sha256: text.file.sha256() },
    records: {
      read: sum(masks, () => true),
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
  if (countOf(masks, "block", 1) > 0 || countOf(masks, "alleles", ALLELES.reference) > 0) return "gvcf";
  return countOf(masks, "refCall", 1) > 0 ? "all_sites" : "variants";
}
