/**
 * What the annotation of one genome states, as data: written by the module match as `manifest.json`,
 * read by the report, the command line and the page.
 */

/**
 * What a VCF says of one module site. Source: VCF edge cases §4.
 *
 * `called_match` an authored row matched · `called_other_genotype` a variant is called, no authored row has
 * that genotype · `called_hom_ref` a record says 0/0 · `hom_ref_block` inside a gVCF block with evidence
 * (MIN_DP ≥ 10 and GQ ≥ 20) · `hom_ref_inferred` no record, but a whole-genome file of variants that calls a site
 * nearby; the row is marked and counted apart · `no_call` `./.` · `filtered` a record is there, a quality rule removed it ·
 * `half_call` one allele known · `overlapped` spanned by a deletion (`*`) · `no_data` nothing in the file
 * covers it · `not_comparable` REF differs, the locus is ambiguous or unplaced, or an array writes it on another strand · `module_unjoinable` the
 * whole module has no usable key.
 */
export const PRESENCE_STATUSES = [
  "called_match",
  "called_other_genotype",
  "called_hom_ref",
  "hom_ref_block",
  "hom_ref_inferred",
  "no_call",
  "filtered",
  "half_call",
  "overlapped",
  "no_data",
  "not_comparable",
  "module_unjoinable",
] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

/** Statuses that say which alleles the sample has. */
const ANSWERED: ReadonlySet<PresenceStatus> = new Set<PresenceStatus>([
  "called_match",
  "called_other_genotype",
  "called_hom_ref",
  "hom_ref_block",
  "hom_ref_inferred",
]);

/** Whether a site of this status answers: the file says which alleles there are. */
export function isAnswered(status: PresenceStatus): boolean {
  return ANSWERED.has(status);
}

/** A typed, counted note about input that is odd but did not stop the run. */
export interface Finding {
  /** Such as `GT_INDEX`, `MAYBE_TRUNCATED`, `UNSORTED`. */
  readonly kind: string;
  readonly count: number;
  /** Where it was first seen, as `line N: what`; never a genotype. Null when no line is to blame. */
  readonly first: string | null;
}

/** How the reference genome of a file was established. */
export interface BuildEvidence {
  /** `GRCh38`, `GRCh37`, `T2T-CHM13`; null when the file states nothing. */
  readonly detected: string | null;
  /** A sentence: by which evidence, such as `by 25 contig lengths`. */
  readonly how: string;
}

/** One file that was read. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 (hex) of the file. */
  readonly sha256: string;
}

/** What was read: one file, or `files` that are one sample, whose names, bytes and hashes are put into one. */
export interface SourceSummary extends SourceFile {
  /** Absent where it is one file. */
  readonly files?: readonly SourceFile[];
}

/** How far from a call a reference genotype may be inferred when nothing else is asked for, in bases. */
export const FLANK_BP = 10_000;

/** How records lie on contigs. */
export interface Spread {
  /** Distinct positions. */
  readonly positions: number;
  /** Bases from the first to the last position of each contig. */
  readonly span: number;
  /** Those of them that lie within {@link FLANK_BP} of a position. */
  readonly near: number;
}

/** What ingest saw and did; kept in the record of `user_vcf_normalized`. */
export interface IngestSummary {
  readonly source: SourceSummary;
  readonly records: {
    readonly read: number;
    readonly kept: number;
    /** Rule → number of records that this rule removed; a record that fails two rules counts in both. */
    readonly removed: Readonly<Record<string, number>>;
    /** Records removed by at least one rule. */
    readonly removed_total: number;
  };
  /** Record-level statuses → number of kept records. */
  readonly presence: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  readonly build: BuildEvidence;
  /** Samples in the file (of several files: in each of them) and the one read; null when there are no sample columns. */
  readonly samples: { readonly all: readonly string[]; readonly chosen: string | null };
  /**
   * `variants` · `gvcf` (blocks or `<NON_REF>`) · `all_sites` (RefCall rows) · `sites_only` (no genotypes) · `array`
   * (calls of a genotyping array by rsID, without positions that can be compared and without REF).
   */
  readonly kind: "variants" | "gvcf" | "all_sites" | "sites_only" | "array";
  /** `##source`, `##DeepVariant_version` and their like, or the vendor of an array; null when the header is silent. */
  readonly caller: string | null;
  readonly quality_filters: QualityFilters;
  /** Whether any record has an ID that starts with `rs`. */
  readonly has_rsids: boolean;
  /** Columns whose text is percent-encoded, as VCF 4.3 has it. Absent: none. */
  readonly encoded?: readonly string[];
  /** Of kept records on 1 to 22, X, Y and MT. Absent: not counted, for they came in no order. */
  readonly spread?: Spread;
  /** Bases from the first to the last of the longest record, kept or removed. Absent: not looked at. */
  readonly longest?: number;
  /** Kept records on Y that call a variant, or of an array bases. Absent: none. */
  readonly y_calls?: number;
}

/**
 * What was found about a file, and what does not fit what its person says of the sample. That is told with it, never kept:
 * what a person says changes nothing that is made.
 */
export function findingsOf(
  { findings, y_calls: onY = 0 }: IngestSummary,
  sex: "female" | "male" | undefined,
): readonly Finding[] {
  return sex === "female" && onY > 0
    ? [...findings, { kind: "Y_CALLED", count: onY, first: null }]
    : findings;
}

/** Thresholds of ingest; an absent rule is off. A missing value states nothing and passes. */
export interface QualityFilters {
  /** FILTER values that pass; `.` and an empty FILTER are the same thing. */
  readonly pass_filters?: readonly string[];
  readonly min_depth?: number;
  /** Phred-scaled. */
  readonly min_qual?: number;
}

/** Identity of an annotation module at the time of a run. */
export interface ModuleIdentity {
  readonly name: string;
  /** Null: the module does not state one. */
  readonly version: string | null;
  /** SHA-256 (hex) over the compiled content; see `kernel/modules/digest.ts`. */
  readonly digest: string;
}

/** What one module gave for one genome. */
export interface ModuleResult extends ModuleIdentity {
  readonly title: string;
  readonly report_title: string;
  readonly description: string;
  readonly icon: string;
  readonly color: string;
  /** The curator's scale in words; null: not stated. */
  readonly weighting: string | null;
  readonly licence: string | null;
  readonly attribution: string | null;
  readonly status: "annotated" | "skipped" | "failed";
  /** Why it was skipped or failed; null when annotated. */
  readonly reason: string | null;
  /** How rows were joined; null when not annotated. */
  readonly key: "position" | "rsid" | null;
  /** VCF records at the module's positions, and positions inside a reference block that answers there. */
  readonly probed: number;
  /** Rows whose genotype an authored row states: called, never inferred. */
  readonly matched: number;
  /** Reference genotypes that were inferred; never part of `matched` or of the totals. */
  readonly restored: number;
  readonly positive: number;
  readonly negative: number;
  /** Sum of the weights of matched rows, 2 decimals; null when no matched row has a weight. */
  readonly net_weight: number | null;
  readonly by_category: Readonly<
    Record<string, { matched: number; positive: number; negative: number; net_weight: number }>
  >;
  /** Sites of the module by what the file says of them. */
  readonly presence: Readonly<Partial<Record<PresenceStatus, number>>>;
  /** Authored genotypes and distinct sites of the module. */
  readonly authored: { readonly genotypes: number; readonly sites: number; readonly placed: number };
  /** Same position and genotype but another REF: dropped, counted. */
  readonly ref_mismatches: number;
  /** Authored rows that can never match here, by reason (phased order, allele not at locus, unplaced). */
  readonly unmatchable: Readonly<Record<string, number>>;
  /** Relative path of `{module}_weights.parquet` in the asset; null when not annotated. */
  readonly path: string | null;
}

/**
 * What a module came to: something was found · nothing, at sites that the file answers at · at no site does it say which
 * alleles there are, so that nobody could look · it was not read.
 */
export type ModuleOutcome = "found" | "none_found" | "could_not_look" | "skipped" | "failed";

export function moduleOutcome({
  status,
  matched,
  restored,
  presence,
}: Pick<ModuleResult, "status" | "matched" | "restored" | "presence">): ModuleOutcome {
  if (status !== "annotated") return status;
  if (matched + restored > 0) return "found";
  const isThere = PRESENCE_STATUSES.some((one) => isAnswered(one) && (presence[one] ?? 0) > 0);
  return isThere ? "none_found" : "could_not_look";
}

/** Why nobody could look, at the sites that give no answer. */
export function silenceWords({ presence }: Pick<ModuleResult, "presence">): string {
  const silent = PRESENCE_STATUSES.filter((one) => !isAnswered(one) && (presence[one] ?? 0) > 0);
  if (!silent.includes("filtered")) return "the file does not say which alleles there are";
  return silent.length === 1
    ? "a quality rule removed the records that say which alleles there are"
    : "the file does not say, or a quality rule removed, which alleles there are";
}

/** Whether reference genotypes were inferred where the file is silent, and why. */
export interface Restoration {
  readonly applied: boolean;
  /** A clause, such as `the file is targeted: 793 positions, …`. */
  readonly reason: string;
  /** How far the nearest call may be, in bases. */
  readonly max_flank_bp: number;
  /** What the file lists none of, as where a vendor gives it in a file of its own: at sites of it nothing is inferred. */
  readonly blind_to?: "substitutions" | "indels";
  /** Distinct positions on primary contigs; absent when not counted. */
  readonly sites?: number;
  /** Share of the spanned bases that lie within the flank of a call, 0 to 1; absent when not measured. */
  readonly breadth?: number;
}

/** `modules/manifest.json` of one partition. */
export interface AnnotationManifest {
  readonly format: "karyon.annotation/1";
  readonly user: string;
  readonly sample: string;
  readonly ingest: IngestSummary;
  readonly modules: readonly ModuleResult[];
  /** Sum of `matched`. */
  readonly total_matched: number;
  readonly total_restored: number;
  readonly restoration?: Restoration;
  /**
   * Of a file that does not state its build: a clause that says how it was held against the modules' positions. Absent
   * when the file states it, and in what was made before this was written down.
   */
  readonly build_probe?: string;
  /** Rows of one genotype on which selected modules disagree in direction. */
  readonly disagreements: readonly { readonly rsid: string; readonly modules: readonly string[] }[];
  readonly software: string;
  readonly engine: string;
}
