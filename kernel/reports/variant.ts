import type { Link } from "./links.ts";
import type { SensitiveTopic } from "./sensitive-topics.ts";

/** A study behind a row. */
export interface StudyView {
  readonly pmid: string | null;
  /** Of PubMed; null when the id is none. */
  readonly url: string | null;
  readonly population: string | null;
  readonly study_design: string | null;
  readonly p_value: string | null;
  readonly conclusion: string | null;
  /** Such as `OR 1.3 (allele A)`. */
  readonly effect: string | null;
  readonly significance: string | null;
  readonly doi: string | null;
}

/** One line of a row's detail; made only for a field that has a value. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** One matched genotype of one module. */
export interface VariantView {
  readonly rsid: string | null;
  readonly rsid_url: string | null;
  readonly genes: readonly Link[];
  readonly chrom: string | null;
  /** 1-based. */
  readonly start: number | null;
  /** Alleles joined by `/`; null when there are none. */
  readonly genotype: string | null;
  /** Of the VCF; of an array, which states none, of the module. */
  readonly ref: string | null;
  /** Alternates of the module, joined by `/`. */
  readonly module_alleles: string | null;
  /** `hemi`: one allele is called on X or Y, of which a man has one copy. Null also on MT, which comes alone. */
  readonly zygosity: "hom" | "het" | "hemi" | null;
  readonly weight: number | null;
  readonly sign: 1 | -1 | 0;
  readonly direction: string | null;
  /** Background of the weight cell, as CSS; `transparent` when nothing is said. */
  readonly colour: string;
  /** The class that gives that background on the page. */
  readonly colour_class: string;
  readonly conclusion: string | null;
  /** Whether the genotype was inferred from neighbours, not called. Counted apart. */
  readonly restored: boolean;
  readonly restored_flank_bp: number | null;
  readonly facts: readonly Fact[];
  readonly studies: readonly StudyView[];
  /** Not null: to be shown only when the reader asks. */
  readonly sensitive: SensitiveTopic | null;
}
