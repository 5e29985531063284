import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { AnnotationManifest, PresenceStatus } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { ANNOTATIONS_FILE } from "../modules/match/outputs.ts";

/** The output of the module match: a directory that holds it, or a path for each name inside it. */
export type AnnotationFiles = string | ReadonlyMap<string, string>;

/** One matched row of one module, as the match wrote it. Coordinates are 1-based; null: not stated. */
export interface MatchedRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly vcf_rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly ref: string | null;
  /** Alleles joined by `|`. */
  readonly alt: string | null;
  /** The person's alleles, sorted. */
  readonly genotype: readonly string[] | null;
  readonly zygosity: string | null;
  readonly genotype_evidence: string | null;
  /** Bases to the nearest call, for an inferred genotype. */
  readonly restored_flank_bp: number | null;
  readonly presence: string | null;
  readonly filter: string | null;
  readonly qual: number | null;
  readonly depth: number | null;
  readonly genotype_quality: number | null;
  readonly gene: string | null;
  readonly phenotype: string | null;
  readonly category: string | null;
  readonly weight: number | null;
  readonly sign: number | null;
  readonly state: string | null;
  readonly direction: string | null;
  readonly conclusion: string | null;
  readonly negatives: string | null;
  readonly priority: string | null;
  /** Place and reference allele as the module has them: the record may spell the variant otherwise. */
  readonly module_start?: number | null;
  readonly module_ref: string | null;
  readonly module_alts: readonly string[] | null;
  readonly curator: string | null;
  readonly method: string | null;
  readonly clinvar: boolean | null;
  readonly pathogenic: boolean | null;
  readonly benign: boolean | null;
  readonly clin_sig: string | null;
  readonly stat_significance: string | null;
  readonly effect_size: number | null;
  readonly effect_measure: string | null;
  readonly effect_allele: string | null;
  readonly flags: readonly string[] | null;
  readonly trait_efo_id: string | null;
  readonly locus_index: number | null;
  readonly locus_count: number | null;
  readonly coordinate_status: string | null;
}

/** One study of one variant of one module. */
export interface StudyRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly ref: string | null;
  readonly pmid: string | null;
  readonly population: string | null;
  readonly p_value: string | null;
  readonly conclusion: string | null;
  readonly study_design: string | null;
  readonly stat_significance: string | null;
  readonly effect_size: number | null;
  readonly effect_measure: string | null;
  readonly effect_allele: string | null;
  readonly doi: string | null;
}

/** One site of a module and what the file says of it. */
export interface SiteRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly gene: string | null;
  /** Absent in annotations that were made before sites had one. */
  readonly category?: string | null;
  readonly status: PresenceStatus;
  readonly detail: string | null;
}

/** All that a report is made of. */
export interface Annotations {
  readonly manifest: AnnotationManifest;
  readonly rows: readonly MatchedRow[];
  readonly studies: readonly StudyRow[];
  readonly sites: readonly SiteRow[];
}

const STUDY_COLUMNS = `module, rsid, chrom, "start", ref, pmid, population, p_value, conclusion, study_design,
  stat_significance, effect_size, effect_measure, effect_allele, doi`;
/** Annotations that were made earlier lack some columns of rows and sites. */
const ALL_COLUMNS = "* exclude (file_row_number)";

const MANIFEST_FORMAT = "karyon.annotation/1";

/**
 * Reads what the match wrote: some thousand rows at the most, each table in the order of its file.
 *
 * @throws {WorkspaceError} `asset` when a file is not there or the manifest is of another format
 */
export async function readAnnotations(
  files: AnnotationFiles,
  connection: Connection,
  signal: AbortSignal,
): Promise<Annotations> {
  const manifest = await readManifest(pathOf(files, "modules/manifest.json"));
  const table = async <Row>(name: string, columns: string): Promise<Row[]> =>
    connection.rows<Row>(
      `select ${columns} from ${numberedRows(pathOf(files, name))} order by file_row_number`,
      [],
      signal,
    );
  return {
    manifest,
    rows: await table<MatchedRow>(ANNOTATIONS_FILE, ALL_COLUMNS),
    studies: await table<StudyRow>("modules/studies.parquet", STUDY_COLUMNS),
    sites: await table<SiteRow>("modules/sites.parquet", ALL_COLUMNS),
  };
}

async function readManifest(path: string): Promise<AnnotationManifest> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new WorkspaceError(
      { code: "asset", message: "annotation manifest not found", hint: REMAKE },
      { cause },
    );
  });
  const manifest = JSON.parse(text) as AnnotationManifest;
  if (manifest.format === MANIFEST_FORMAT) return manifest;
  throw new WorkspaceError({
    code: "asset",
    message: `annotation manifest of another format: ${String(manifest.format)}`,
    hint: REMAKE,
  });
}

const REMAKE = "Materialize user_hf_module_annotations for this partition again.";

function pathOf(files: AnnotationFiles, name: string): string {
  const path = typeof files === "string" ? join(files, name) : files.get(name);
  if (path !== undefined) return path;
  throw new WorkspaceError({ code: "asset", message: `annotation file missing: ${name}`, hint: REMAKE });
}
