import type { BuildEvidence, IngestSummary, QualityFilters } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import type { Engine } from "../engines/engine.ts";
import type { RowSample } from "../engines/row-sample.ts";

/** One genome to read, and where its tables go. */
export interface IngestRequest {
  /** Of the file; of a genome in several files, of each: they are read in this order, into the same tables. */
  readonly paths: readonly string[];
  /** Sample column to read; null: the only one. */
  readonly sample: string | null;
  readonly filters: QualityFilters;
  /** Directory that exists; the two files are written into it. What it holds after a failure is to be thrown away. */
  readonly staging: string;
  /** Directory for temporary files inside the workspace; made when needed, private. Nothing stays in it. */
  readonly spillDirectory: string;
  /** Bytes the engine may hold; default {@link DEFAULT_MEMORY_BYTES}, or more for a file of hundreds of fields. */
  readonly memoryBytes?: number;
  readonly threads?: number;
}

export interface IngestContext {
  readonly signal: AbortSignal;
  /** Called some times a second at the most. */
  progress(progress: Progress): void;
  /** Gets some of the kept rows as they pass. */
  readonly sample?: RowSample;
}

/** Less, and the ordered write of unfiltered records waits for itself; the process stays under 600 MB (5 million records). */
export const DEFAULT_MEMORY_BYTES = 700_000_000;

/** What the head of a genome file states, read without its records. */
export interface Inspection {
  /** In file order; empty when the file has no sample columns. */
  readonly samples: readonly string[];
  readonly build: BuildEvidence;
  /** The program that called the variants, or the vendor of the array; null when the header is silent. */
  readonly caller: string | null;
  /** Names of the files that lack the mark of their end, and may be cut off; absent where there is no such mark. */
  readonly unmarked?: readonly string[];
}

/** Lines that are looked for in one file. */
export interface WantedLines {
  /** Positions of records by folded contig, 1-based; of no use where positions cannot be compared. */
  readonly places: ReadonlyMap<string, ReadonlySet<number>>;
  readonly ids: ReadonlySet<string>;
  /** The sample column that was read; null: there is one, or none. */
  readonly sample: string | null;
}

/** A line that was looked for; what it says as {@link NORMALIZED_FILE} has it, null where the file states no such thing. */
export interface FoundLine {
  /** 1-based, in the unpacked text. */
  readonly line: number;
  /** Without its line end, and without the columns of other samples. */
  readonly text: string;
  /** Columns of other samples that were left out. */
  readonly otherSamples: number;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly id: string;
  readonly ref: string | null;
  readonly alt: string | null;
  readonly filter: string;
  /** Of a call without REF, the bases, sorted. */
  readonly bases: string | null;
}

/** What one file has of what was looked for. */
export interface FoundLines {
  /** In file order; the first of very many. */
  readonly lines: readonly FoundLine[];
  /** SHA-256 (hex) of the file as it is now. */
  readonly sha256: string;
}

/**
 * A kind of file that one person's variants are read from. A member of the shelf `kernel/sources/`.
 *
 * Every member writes the same two tables, see {@link NORMALIZED_FILE} and {@link REMOVED_FILE}.
 */
export interface Source {
  readonly name: string;
  /** Whether a file that begins so is of this kind: `head` is its text, unpacked, as far as it was looked at. */
  recognises(head: string): boolean;
  /**
   * Reads what comes before the records; of several files that are one sample, what they have in common.
   *
   * @param usable refuse a file that cannot be annotated, in the words in which its ingest would
   * @throws {WorkspaceError} `source` when the file is none of this kind, or is damaged
   */
  inspect(paths: readonly string[], signal: AbortSignal, usable?: boolean): Promise<Inspection>;
  /**
   * @throws {WorkspaceError} `source` when the file is none of this kind, is damaged, is on another build or has no
   *   records; `usage` when the sample has to be chosen or is not in the file; `cancelled` when the signal fires
   */
  ingest(request: IngestRequest, engine: Engine, context: IngestContext): Promise<IngestSummary>;
  /**
   * Looks lines up again in a file that was ingested, by reading it to its end.
   *
   * @throws {WorkspaceError} `source` when it cannot be read
   */
  findLines(path: string, wanted: WantedLines, context: IngestContext): Promise<FoundLines>;
}

/** Lines of one file that are looked up; of more, the first. */
export const MOST_LINES = 500;

/**
 * The kept records, one row each, by contig (1…22, X, Y, MT, then others as the file has them) and `start`.
 *
 * `chrom` folded name · `start` = POS, 1-based · `end` 1-based, inclusive: of REF, or END of a block and of a `<DEL>`
 * that is called · `rsid` the ID verbatim, '' for `.` ·
 * `ref`, `alt` upper case, alternates joined by `|`, '' for none · `qual` Phred, null for `.` · `filter` '' for `.` ·
 * INFO fields · FORMAT fields of the sample · `genotype` sorted alleles, empty for a no-call, null without a GT ·
 * `presence` record-level status, null when the file states no genotypes · `phased` null without a GT.
 *
 * Of a genotyping array `start`, `end`, `ref` and `alt` are null, and the rows are by contig and `file_position`, which
 * it alone has: see `kernel/sources/array/`.
 */
export const NORMALIZED_FILE = "user_vcf_normalized.parquet";

/** Sites that a quality rule removed: `chrom`, `start`, `end`, `presence`, `removed_by` (rules joined by `,`). Any order. */
export const REMOVED_FILE = "removed_sites.parquet";

/** For files whose heads are whole, and that then have nothing. */
export function noRecords(paths: readonly string[]): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: paths.length === 1 ? "the file has no records" : "the files have no records",
    hint: "Check that the file is complete: after its header there is no line.",
    at: paths[0] ?? "",
  });
}
