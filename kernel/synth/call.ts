/** Values of FILTER as DeepVariant writes them; `.` for a record that no filter was applied to. */
export type Filter = "PASS" | "RefCall" | "LowQual" | "NoCall" | ".";

/** One record of the file, before it is text. */
export interface Call {
  /** POS, 1-based. */
  readonly position: number;
  readonly ref: string;
  /** Empty for ALT `.`. */
  readonly alts: readonly string[];
  /** GT as written. */
  readonly gt: string;
  readonly evidence: Evidence;
}

/** What the caller says of a genotype. Its numbers agree with one another and with the genotype. */
export interface Evidence {
  readonly filter: Filter;
  /** QUAL in tenths; null for `.`. */
  readonly qual: number | null;
  readonly gq: number;
  readonly dp: number;
  /** Reads for REF and each ALT; they add up to `dp` at most. */
  readonly ad: readonly number[];
  /** Phred-scaled likelihood of each genotype in VCF order (VCFv4.2 §1.4.2); 0 for the called one. */
  readonly pl: readonly number[];
}
