/** A fork of annotation modules that is looked at and not kept: what a person changed, and what that moves. */
import type { TableDiff } from "./diff.ts";

/** One value of a module that a fork changes. */
export interface ModuleEdit {
  readonly module: string;
  /** rsID, or `CONTIG:POSITION` of a row without one. */
  readonly variant: string;
  /** Alleles joined by `/`, in any order. */
  readonly genotype: string;
  readonly column: (typeof EDITED_COLUMNS)[number];
  /** As written in `variants.csv`; empty: none. */
  readonly value: string;
}

/** Columns of `variants.csv` that a fork may change. */
export const EDITED_COLUMNS = ["weight", "state", "conclusion"] as const;

/** A row of a module that the person's genotype meets, as it stands. */
export interface MatchedRow {
  readonly module: string;
  readonly variant: string;
  readonly genotype: string;
  readonly gene: string | null;
  readonly weight: number | null;
  readonly state: string | null;
  readonly conclusion: string | null;
}

/** Records that say less are left out, beside what the quality filters removed already; one that says nothing passes. */
export interface Thresholds {
  /** QUAL, Phred-scaled; null: as it stands. */
  readonly min_qual: number | null;
  /** Reads of the sample at the position (DP); null: as it stands. */
  readonly min_depth: number | null;
}

export const NO_THRESHOLDS: Thresholds = { min_qual: null, min_depth: null };

/** What a fork changes. */
export interface ForkChanges {
  readonly edits: readonly ModuleEdit[];
  readonly thresholds: Thresholds;
}

export interface WhatIf extends ForkChanges {
  /** What differs from the annotations that stand. */
  readonly diff: TableDiff;
  /** The strongest first. */
  readonly rows: readonly MatchedRow[];
  /** The filters that stand: records below them are not there to be looked at. */
  readonly standing: Thresholds;
}
