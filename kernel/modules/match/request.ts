import type { IngestSummary, Restoration } from "#protocol/annotation.ts";
import type { Progress } from "#protocol/record.ts";

import { quoteName } from "../../engines/engine.ts";
import type { Connection } from "../../engines/engine.ts";
import { numberedRows } from "../../engines/parquet-rows.ts";

/** One genome and the modules to hold against it. */
export interface AnnotateRequest {
  /** Path of `user_vcf_normalized.parquet`: kept records, sorted by contig and position. */
  readonly variants: string;
  /** Path of `removed_sites.parquet`: records that a quality rule removed. */
  readonly removedSites: string;
  readonly ingest: IngestSummary;
  /** Compiled modules in the order the results are wanted. */
  readonly modules: readonly { readonly name: string; readonly directory: string }[];
  /** Modules that could not be compiled: they are reported as failed. */
  readonly broken?: readonly { readonly name: string; readonly reason: string }[];
  /** Directory that the output files go to. */
  readonly staging: string;
  readonly user: string;
  readonly sample: string;
  /** Such as `karyon 0.1.0`; kept in the manifest. */
  readonly software: string;
}

/** How the rows of a module meet the records of a VCF; `null` with the columns that it lacks when neither way is open. */
export type JoinKey =
  | { readonly key: "position" | "rsid" }
  | { readonly key: null; readonly missing: readonly string[] };

/**
 * What has been looked up in one genome, in tables of one connection: good for the next match of the same genome,
 * whose modules most often look at the same places. Then nothing of the genome is read again, and of the modules only
 * those that changed.
 */
export interface LookUp {
  scope: Restoration | null;
  /** Whether the tables of the genome are whole. */
  done: boolean;
  /** Modules whose rows lie in the tables, by index: what identifies them, and how they are joined. */
  readonly modules: Map<number, { readonly identity: string; readonly key: JoinKey }>;
}

export interface AnnotateContext {
  readonly signal?: AbortSignal;
  progress?(progress: Progress): void;
  /** What an earlier match of the same genome left in the tables of this connection, and this one leaves. */
  readonly lookUp?: LookUp;
}

/** What every step of one match shares. */
export interface Match {
  readonly request: AnnotateRequest;
  readonly connection: Connection;
  /** Connections to the same tables, for what may be done side by side: that one and others. */
  readonly lanes: readonly Connection[];
  readonly signal: AbortSignal;
  /** Column → type of the normalised variants, in order. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Tables of one match, in a database of its own. */
export const SCRATCH = {
  /** Authored rows of all modules in one shape. */
  authored: "karyon_match_authored",
  studies: "karyon_match_studies",
  /** Places of all modules, one row per variant and locus. */
  sites: "karyon_match_sites",
  /** Kept records at a module position, blocks and variants that touch one, and what has an ID that a module needs: all columns. */
  records: "karyon_match_records",
  /** Kept records around module positions: place and presence alone. */
  near: "karyon_match_near",
  /** Identifiers of records, one a row. */
  ids: "karyon_match_ids",
  /** Records around module positions that a quality rule removed: place, presence and rule. */
  removed: "karyon_match_removed",
  /** Places that the tables above were filled for, and the identifiers. */
  places: "karyon_match_places",
  asked: "karyon_match_asked",
  /** Sites of several bases that neighbouring reference calls cover together: their places. */
  bridged: "karyon_match_bridged",
  /** Site × record of a genotyping array. */
  onArray: "karyon_match_on_array",
  /** Module × record that it looks at: one at its positions, or with an ID that it needs. */
  probed: "karyon_match_probed",
  /**
   * Places inside records that substitute several bases, and places of several bases that several records substitute, by
   * the first of them: place, and the genotype there; null: which changes lie on one copy is not known.
   */
  parts: "karyon_match_parts",
  /** Records that a multi-allelic one was split into, whose own genotype is not that of their place. */
  split: "karyon_match_split",
  /**
   * Authored row × record; `inside`: the record is a block, and the site is not its first base; `part`: the genotype is
   * that of a part of the record.
   */
  matches: "karyon_match_matches",
  /** Authored reference rows that are inferred. */
  restored: "karyon_match_restored",
  /** Status of each site. */
  statuses: "karyon_match_statuses",
} as const;

/** @throws {RangeError} when the request has no module of this index */
export function moduleAt(
  { request }: { readonly request: Pick<AnnotateRequest, "modules"> },
  index: number,
): AnnotateRequest["modules"][number] {
  const module = request.modules[index];
  if (module === undefined) throw new RangeError(`no module ${index}`);
  return module;
}

/**
 * An expression of a column of the normalised variants, or a typed null when the file has no such column. Of a field
 * that the header declares as a list the first value counts; of a number with a fraction its whole part is the integer,
 * by which ingest judges it, too.
 */
export function columnOr(match: Match, alias: string, name: string, type: string): string {
  const found = match.columns.get(name);
  if (found === undefined) return `null::${type}`;
  const column = `${alias}.${quoteName(name)}`;
  const value = found.endsWith("[]") ? `${column}[1]` : column;
  const isCut = type === "INTEGER" && found.startsWith("FLOAT");
  return `try_cast(${isCut ? `floor(${value})` : value} as ${type})`;
}

/** Whether the mitochondrion of the file is not the sequence of the modules': its positions mean other bases. */
export function hasOtherMitochondrion({ request }: Match): boolean {
  return request.ingest.findings.some(({ kind }) => kind === "MT_NOT_COMPARABLE");
}

/** SQL: the kept records that can be compared, numbered. */
export function comparable(match: Match): string {
  const records = numberedRows(match.request.variants);
  return hasOtherMitochondrion(match) ? `(select * from ${records} where chrom <> 'MT')` : records;
}
