import { rm, stat } from "node:fs/promises";

import type { AnnotationManifest, IngestSummary, SourceFile } from "#protocol/annotation.ts";
import { errorInfo } from "#protocol/error.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { AskedSite, Trace, TracedFile, TracedRecord, TracedVariant } from "#protocol/trace.ts";

import { inputFile } from "../cells/input-files.ts";
import type { WorkContext } from "../cells/cell-type.ts";
import type { Connection } from "../engines/engine.ts";
import { presenceWords } from "../reports/presence-words.ts";
import { rulesWords } from "../reports/rule-words.ts";
import { sources } from "../sources/index.ts";
import { MOST_LINES, NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";
import type { WantedLines } from "../sources/source.ts";
import { foldContig } from "../sources/vcf/contigs.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { withFates } from "./became.ts";
import type { FileLine } from "./became.ts";
import { judgeRow } from "./judge-row.ts";
import { keptRecords, MOST_RECORDS, removedRecords } from "./records.ts";
import type { GenomeTables, Span } from "./records.ts";
import { authoredRows, hitsOf, isOf, sitesOf } from "./variants.ts";
import type { Site } from "./variants.ts";

/** A genome file as it was read, and where it lies now; null: it is no longer of the sample. */
export interface ExpectedFile extends SourceFile {
  readonly path: string | null;
}

/** Everything of one version that stands: the annotations, and the versions that they were made from. */
export interface TraceOrder {
  readonly site: AskedSite;
  /** Null: of all modules. */
  readonly module: string | null;
  /** Null: there are none. */
  readonly annotations: InputFiles | null;
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
const CHANGED = "it is another file than the one that was read, and its lines are others";
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
  const { variants, met } = await variantsOf(order, sites, directory, connection, signal);
  const spans = distinct([...asked, ...sites.flatMap(spanOf), ...met]);
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
      : await readFiles(order.files, { ...wanted, ...sampleOf(ingest) }, ingest, context);
  // A removed record that was looked for by its rsID is found by its line alone.
  const byLine =
    read === null || records.length > 0
      ? []
      : await removedRecords(genome, distinct(read.lines.flatMap(beginOf)), connection, signal);
  const all = [...records, ...byLine];
  const judged = variants(all);
  const lines = read === null ? [] : withFates(read.lines, all, ingest.quality_filters.pass_filters ?? null);
  return {
    records: all.slice(0, MOST_RECORDS),
    cut: all.length > MOST_RECORDS || lines.length >= MOST_LINES,
    input: read === null ? null : { files: read.files, lines },
    variants: judged,
    unread: unreadOf(order),
    could_not_look: couldNotLook(order, ingest, judged, all),
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

/**
 * The variants of the sites, once the records are known, and where the records begin that their rows met.
 *
 * Rows and what they met are read first: only what was called needs the records.
 */
async function variantsOf(
  order: TraceOrder,
  sites: readonly Site[],
  directory: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<{
  readonly variants: (records: readonly TracedRecord[]) => TracedVariant[];
  readonly met: readonly Span[];
}> {
  const { annotations, modules } = order;
  if (annotations === null || sites.length === 0) return { variants: () => [], met: [] };
  const manifest = annotations.facts as AnnotationManifest;
  const ingest = order.variants.facts as IngestSummary;
  const rows =
    modules === null ? null : await authoredRows(modules, sites, ingest, directory, connection, signal);
  const hits = new Map<string, Awaited<ReturnType<typeof hitsOf>>>();
  for (const module of manifest.modules) {
    const own = sites.filter((site) => site.module === module.name);
    if (own.length > 0) hits.set(module.name, await hitsOf(annotations, module, own, connection, signal));
  }
  const { restoration } = manifest;
  const variants = (records: readonly TracedRecord[]): TracedVariant[] =>
    sites.map((site) => {
      const ofSite = (hits.get(site.module) ?? []).filter((hit) =>
        isOf(site, { ...hit, start: hit.module_start, ref: hit.module_ref }),
      );
      const facts = {
        status: site.status,
        detail: site.detail,
        hits: ofSite,
        called: calledAt(site, records, ingest.kind === "array"),
        module: manifest.modules.find(({ name }) => name === site.module) ?? null,
        array: ingest.kind === "array",
        notInferred: restoration === undefined || restoration.applied ? null : restoration.reason,
      };
      return {
        ...site,
        words: siteWords(site),
        rows:
          rows === null
            ? null
            : rows
                .filter((row) => row.module === site.module && isOf(site, row))
                .map((row) => judgeRow(row, facts)),
      };
    });
  return { variants, met: [...hits.values()].flat().flatMap(beginOf) };
}

function siteWords({ status, detail }: Site): string {
  if (status === "filtered") return `removed ${rulesWords(detail ?? "")}`;
  const words = presenceWords(status);
  return detail === null ? words : `${words} (${detail})`;
}

/** Genotypes that the file calls at a site itself. */
function calledAt(
  { chrom, start, rsid }: Site,
  records: readonly TracedRecord[],
  isArray: boolean,
): string[] {
  const here = records.filter((record) =>
    isArray || start === null
      ? rsid !== null && record.rsid?.split(";").includes(rsid) === true
      : record.chrom === chrom && record.start === start,
  );
  const genotypes = here.flatMap(({ genotype }) =>
    genotype === null || genotype.length === 0 ? [] : [genotype.join("/")],
  );
  return distinct(genotypes);
}

interface ReadFiles {
  readonly files: readonly TracedFile[];
  readonly lines: readonly FileLine[];
}

/** Looks the lines up in the files that are still those that were read. */
async function readFiles(
  files: readonly ExpectedFile[],
  wanted: WantedLines,
  ingest: IngestSummary,
  context: WorkContext,
): Promise<ReadFiles> {
  const source = sources.find(({ name }) => name === (ingest.kind === "array" ? "array" : "vcf"));
  if (source === undefined) throw new Error("the source that read the genome is gone");
  const states: TracedFile[] = [];
  const lines: FileLine[] = [];
  for (const { name, path, bytes, sha256 } of files) {
    const told = (state: TracedFile["state"], reason: string | null): void =>
      void states.push({ name, state, reason });
    if (path === null) {
      told("gone", "the sample has other genome files by now");
      continue;
    }
    const size = await sizeOf(path);
    if (size !== bytes) {
      if (size === null) told("gone", `it is not where it was: ${path}`);
      else told("changed", CHANGED);
      continue;
    }
    try {
      const found = await source.findLines(path, wanted, context);
      if (found.sha256 === sha256) {
        lines.push(...found.lines.map((line) => ({ ...line, file: name })));
        told("read", null);
      } else told("changed", CHANGED);
    } catch (error) {
      context.signal.throwIfAborted();
      const { message, at } = errorInfo(error);
      told("failed", at === undefined ? message : `${message} (${at})`);
    }
  }
  return { files: states, lines };
}

/** Null where no file is. */
async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? found.size : null;
}

function sampleOf({ samples }: IngestSummary): Pick<WantedLines, "sample"> {
  return { sample: samples.chosen };
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
  { site, annotations, modules, files }: TraceOrder,
  { has_rsids, kind }: IngestSummary,
  variants: readonly TracedVariant[],
  records: readonly TracedRecord[],
): string[] {
  const notes: string[] = [];
  if (annotations === null) notes.push("the sample is not annotated: no module was held against it");
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
