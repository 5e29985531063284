import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import type { Finding, IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { quoteText } from "../../engines/engine.ts";
import type { Connection, Engine } from "../../engines/engine.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { detectBuild, requireOurBuild } from "./build.ts";
import { foldContig, usualSpellings } from "./contigs.ts";
import { makeFeed } from "./feed.ts";
import { layoutOf } from "./fields.ts";
import type { Layout } from "./fields.ts";
import { countOf, fileFindings, lineCounts, removedByRule, ruleFindings, sum } from "./findings.ts";
import type { MaskCounts } from "./findings.ts";
import { firstLines } from "./locate.ts";
import { ALLELES, factOf, isKept, presenceOf, SKIP } from "./mask.ts";
import { putInOrder } from "./order.ts";
import { RemovedSites } from "./removed-sites.ts";
import { chooseSample } from "./sample.ts";
import { CONTIG_TYPE, LONGEST_LINE_BYTES, recordsStatement } from "./statement.ts";
import { Tally } from "./tally.ts";
import { openVcf } from "./vcf-text.ts";
import type { VcfText } from "./vcf-text.ts";

/** Columns up to INFO, and up to FORMAT. */
const FIXED_COLUMNS = 8;
const PROGRESS_EVERY_MS = 200;

/** {@link Source.ingest} of a VCF: one pass over the text, which is never on disk and never a JavaScript object. */
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
      return await summary(request, context, text, { ...read, build, chosen });
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
  readonly masks: MaskCounts;
  /** Rows out of order within their contig. */
  readonly backward: number;
  readonly columns: number;
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
  if (connection.define === undefined) {
    throw new WorkspaceError({
      code: "engine",
      message: "this engine cannot read VCF",
      hint: "Use the engine duckdb for this asset.",
    });
  }
  const layout = layoutOf(header, text.peek);
  const spellings = [...new Set([...header.contigs.map(({ id }) => id), ...usualSpellings()])];
  const columns = chosen === null ? FIXED_COLUMNS : FIXED_COLUMNS + 2 + header.samples.indexOf(chosen);
  const tally = new Tally(new RemovedSites(spellings), reporter(request.path, text, context));
  connection.define(tally.asFunction());
  await connection.run(
    `CREATE TYPE ${CONTIG_TYPE} AS ENUM (${spellings.map((name) => quoteText(name)).join(", ")})`,
  );
  const table = join(request.staging, NORMALIZED_FILE);
  const feed = await makeFeed(temporary);
  const sql = recordsStatement({ path: feed.path, columns, layout, filters: request.filters, spellings });
  context.progress({
    phase: phaseOf(request.path),
    records: 0,
    bytes: text.file.bytesRead(),
    totalBytes: text.file.bytes,
  });
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const read = (): Promise<void> =>
    connection.run(`COPY (${sql}) TO ${quoteText(table)} (FORMAT parquet, COMPRESSION zstd)`, [], either);
  try {
    await feed.run(text.body, read, () => stop.abort());
  } catch (error) {
    throw withoutRecord(error, request.path, header.lines);
  }
  if (tally.records === 0) {
    throw new WorkspaceError({
      code: "source",
      message: "the file has no records",
      hint: "Check that the file is complete: after its header there is no line.",
      at: request.path,
    });
  }
  context.progress({ phase: "putting records in order", records: tally.records });
  const declared = header.contigs.map(({ id }) => foldContig(id));
  const backward = await putInOrder(connection, table, declared, memoryBytesOf(request), signal);
  await tally.removed.write(connection, join(request.staging, REMOVED_FILE), signal);
  return { layout, masks: tally.masks(), backward, columns };
}

/**
 * The parser's error without the line that it quotes, which holds a genotype; what is no error of the parser stays
 * as it is.
 */
function withoutRecord(error: unknown, path: string, headerLines: number): unknown {
  if (!(error instanceof WorkspaceError)) return error;
  const { message, detail = message } = error.info;
  const line = /CSV Error on Line: (\d+)/.exec(detail)?.[1];
  if (line === undefined) return error;
  const long = detail.includes("Maximum line size");
  return new WorkspaceError({
    code: "source",
    message: long ? `record is longer than ${LONGEST_LINE_BYTES / 1e6} MB` : "record cannot be parsed",
    hint: long ? "Leave the record out, or split the file by samples." : "Check the line, or leave it out.",
    at: `${path}:${headerLines + Number(line)}`,
  });
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

async function summary(
  request: IngestRequest,
  { signal }: IngestContext,
  text: VcfText,
  read: ReadRecords & { readonly build: IngestSummary["build"]; readonly chosen: string | null },
): Promise<IngestSummary> {
  const { masks, layout, build, chosen } = read;
  const kept = masks.filter(({ mask }) => isKept(mask));
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === SKIP.no);
  const lines = lineCounts(masks, text, read.backward);
  const first = await firstLines(
    request.path,
    [...lines.keys()],
    { columns: read.columns, sampleColumn: chosen === null ? null : read.columns - 1 },
    signal,
  );
  const findings: Finding[] = [
    ...fileFindings(text, layout, build.detected !== null),
    ...[...lines].map(([kind, count]) => ({ kind, count, first: first.get(kind) ?? null })),
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
