import { rm } from "node:fs/promises";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { AskedSite, Trace, TracedRecord, TracedVariant } from "#protocol/trace.ts";

import { inputFile } from "../cells/input-files.ts";
import type { WorkContext } from "../cells/cell-type.ts";
import type { Connection } from "../engines/engine.ts";
import { MOST_LINES, NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";
import { foldContig } from "../sources/vcf/contigs.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { withFates } from "./became.ts";
import { sitesOf } from "./match-tables.ts";
import type { Site } from "./match-tables.ts";
import { readFiles } from "./read-files.ts";
import type { ExpectedFile } from "./read-files.ts";
import { keptRecords, MOST_RECORDS, removedRecords } from "./records.ts";
import type { GenomeTables, Span } from "./records.ts";
import { readMatched, tracedVariants } from "./traced-variants.ts";

/** Everything of one version that stands: the annotations, and the versions that they were made from. */
export interface TraceOrder {
  readonly site: AskedSite;
  /** Null: of all modules. */
  readonly module: string | null;
  /** Null: there are none of these variants. */
  readonly annotations: InputFiles | null;
  /** Why there are none; null where there are. */
  readonly without: string | null;
  readonly variants: InputFiles;
  /** Null: their files are no longer kept. */
  readonly modules: InputFiles | null;
  /** Null: nobody asks for the lines. */
  readonly files: readonly ExpectedFile[] | null;
}

/** What {@link trace} answers: the server adds what was asked. */
export type TraceResult = Omit<Trace, "partition" | "site" | "annotations">;

/** Positions of a site that is longer are looked for by its first base alone. */
const LONGEST_SITE = 1_000;
const REMOVED_HAVE_NO_ID =
  "of records that a rule removed the rsID is not kept: the lines of the genome file would show it";

/**
 * Where what is known of a site is from: the records, the lines of the genome files, and the rows of the modules with what
 * the match wrote down of them. Nothing is matched again and nothing is kept.
 *
 * The lines are found by reading the files to their end; all else takes a moment.
 */
export async function trace(order: TraceOrder, context: WorkContext): Promise<TraceResult> {
  const directory = await temporaryDirectory(context.spill, "trace");
  const connection = await context.connect();
  try {
    return await traced(order, directory, connection, context);
  } finally {
    connection.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function traced(
  order: TraceOrder,
  directory: string,
  connection: Connection,
  context: WorkContext,
): Promise<TraceResult> {
  const { site, annotations } = order;
  const { signal } = context;
  const ingest = order.variants.facts as IngestSummary;
  const genome = {
    kept: inputFile(order.variants, NORMALIZED_FILE),
    removed: inputFile(order.variants, REMOVED_FILE),
  };
  const rsid = site.kind === "rsid" ? site.rsid : null;
  const asked = await askedSpans(site, ingest, genome, connection, signal);
  const find = (spans: readonly Span[]): Promise<Site[]> =>
    annotations === null
      ? Promise.resolve([])
      : sitesOf(annotations, { rsid, spans, module: order.module }, connection, signal);
  // What other modules say at the place of an rsID counts, also where they name it otherwise.
  const named = await find(asked);
  const sites = rsid === null ? named : await find([...asked, ...named.flatMap(spanOf)]);
  const matched =
    annotations === null
      ? null
      : await readMatched(annotations, order.modules, sites, directory, connection, signal);
  const met = [...(matched?.hits.values() ?? [])].flat();
  const spans = distinct([...asked, ...sites.flatMap(spanOf), ...met.flatMap(beginOf)]);
  const ids = distinct([
    ...(rsid === null ? [] : [rsid]),
    ...sites.flatMap(({ rsid, start }) =>
      rsid !== null && (start === null || ingest.kind === "array") ? [rsid] : [],
    ),
  ]);
  const isArray = ingest.kind === "array";
  const kept = await keptRecords(genome, isArray ? [] : spans, ids, connection, signal);
  const removed = await removedRecords(genome, spans, connection, signal);
  const records = [...kept, ...removed];
  const places = [...spans, ...records.flatMap(beginOf)];
  const wanted = { places: positionsOf(places), ids: new Set(isArray || places.length === 0 ? ids : []) };
  const read =
    order.files === null
      ? null
      : await readFiles(order.files, { ...wanted, sample: ingest.samples.chosen }, ingest, context);
  // A removed record that was looked for by its rsID is found by its line alone.
  const byLine =
    read === null || records.length > 0
      ? []
      : await removedRecords(genome, distinct(read.lines.flatMap(beginOf)), connection, signal);
  const all = [...records, ...byLine];
  const variants = matched === null ? [] : tracedVariants(matched, all);
  const lines = read === null ? [] : withFates(read.lines, all, ingest.quality_filters.pass_filters ?? null);
  return {
    records: all.slice(0, MOST_RECORDS),
    cut: all.length > MOST_RECORDS || lines.length >= MOST_LINES,
    input: read === null ? null : { files: read.files, lines },
    variants,
    unread: unreadOf(order),
    could_not_look: couldNotLook(order, ingest, variants, all),
  };
}

/** Where an rsID lies by the IDs of the file, or the place itself. */
async function askedSpans(
  site: AskedSite,
  ingest: IngestSummary,
  genome: GenomeTables,
  connection: Connection,
  signal: AbortSignal,
): Promise<Span[]> {
  if (site.kind === "place") {
    const { contig, start } = site;
    return [{ chrom: foldContig(contig), start, end: start }];
  }
  if (!ingest.has_rsids || ingest.kind === "array") return [];
  return distinct((await keptRecords(genome, [], [site.rsid], connection, signal)).flatMap(beginOf));
}

/** Modules that say nothing of any site of this sample. */
function unreadOf({ annotations, module }: TraceOrder): TraceResult["unread"] {
  const { modules = [] } = (annotations?.facts ?? {}) as Partial<AnnotationManifest>;
  return modules.flatMap(({ name, status, reason }) =>
    status === "annotated" || (module !== null && module !== name)
      ? []
      : [{ module: name, reason: reason ?? status }],
  );
}

function couldNotLook(
  { site, without, modules, files }: TraceOrder,
  { has_rsids, kind }: IngestSummary,
  variants: readonly TracedVariant[],
  records: readonly TracedRecord[],
): string[] {
  const notes: string[] = [];
  if (without !== null) notes.push(without);
  if (modules === null && variants.length > 0)
    notes.push(
      "the modules as they were then are no longer kept: of their rows, what matched is known alone",
    );
  const isPlaced = variants.some(({ start }) => start !== null);
  if (site.kind === "rsid" && records.length === 0 && !isPlaced) {
    if (!has_rsids)
      notes.push(`the file states no rsIDs, and no module says where ${site.rsid} lies: give its place`);
    else if (files === null && kind !== "array") notes.push(REMOVED_HAVE_NO_ID);
  }
  if (site.kind === "place" && kind === "array" && records.length + variants.length === 0)
    notes.push("calls of an array are found by rsID alone: give the rsID");
  return notes;
}

function spanOf({ chrom, start, ref }: Site): Span[] {
  if (chrom === null || start === null) return [];
  const bases = ref?.length ?? 1;
  return [{ chrom, start, end: bases > LONGEST_SITE ? start : start + Math.max(bases, 1) - 1 }];
}

function beginOf({ chrom, start }: { readonly chrom: string | null; readonly start: number | null }): Span[] {
  return chrom === null || start === null ? [] : [{ chrom, start, end: start }];
}

function positionsOf(spans: readonly Span[]): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  for (const { chrom, start, end } of spans) {
    const positions = places.get(chrom) ?? new Set<number>();
    for (let position = start; position <= end; position += 1) positions.add(position);
    places.set(chrom, positions);
  }
  return places;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
