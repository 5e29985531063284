import type { Finding, SourceFile } from "#protocol/annotation.ts";

import type { Karyogram } from "./karyogram.ts";
import type { ModuleBar } from "./module-bars.ts";
import type { PresenceCount } from "./presence-words.ts";
import type { SensitiveTopic } from "./sensitive-topics.ts";
import type { VariantView } from "./variant.ts";

/*
 * The context of a report template, and the body of the JSON twin. Names are those of the tables; every text
 * is plain and already free of unseen characters, and must be escaped by who prints it. Numbers are
 * numbers: the template's filters write them out. Null always means "not stated".
 */

/** Sums over called rows; inferred ones are only counted, in `total_restored`. */
export interface Summary {
  readonly total_variants: number;
  readonly total_positive: number;
  readonly total_negative: number;
  /** Rows that have a weight. */
  readonly total_weighted: number;
  /** Sum of the weights, rounded to 2 decimals; null when no row has one. */
  readonly total_weight: number | null;
  readonly total_restored: number;
}

/** Of the sites that give no answer. */
export interface Silence {
  /** Why they give none, such as `the file does not say which alleles there are`; null: there are none. */
  readonly silence: string | null;
  /** Which quality rules removed records there, such as `2 sites by depth; 1 site by quality`; null: none did. */
  readonly removed: string | null;
}

export interface CategoryView extends Silence {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly variants: readonly VariantView[];
  /** Sites of the module in this pathway, and those of them that answer: see {@link SectionHead}; null: not stated. */
  readonly sites: number | null;
  readonly answered: number | null;
  readonly positive_count: number;
  readonly negative_count: number;
  readonly restored_count: number;
  /** Called rows. */
  readonly total_count: number;
  readonly net_weight: number | null;
  /** As `open_summary` of a section. */
  readonly open_summary: Summary;
}

/** What every section on a module starts with. */
export interface SectionHead extends Silence {
  readonly module_name: string;
  readonly title: string;
  readonly description: string;
  readonly anchor: string;
  readonly weighting: string | null;
  /** VCF records at positions of the module. */
  readonly probed: number;
  readonly sites: number;
  /** Sites at which the file says which alleles there are; 0: nobody could look. */
  readonly answered: number;
  readonly presence: readonly PresenceCount[];
  readonly summary: Summary;
  /**
   * The same without sensitive rows: a sum with them, less the weights that stand open, tells what is closed. A page
   * shows this one, and the whole only when the reader asks.
   */
  readonly open_summary: Summary;
}

export interface LongevityView extends SectionHead {
  /** Twelve: those with variants first, in order, then the empty ones. */
  readonly categories: readonly CategoryView[];
}

export interface ModuleView extends SectionHead {
  readonly variants: readonly VariantView[];
}

/** Sites where the file holds something and yet gives no answer. */
interface UnansweredSites {
  readonly words: string;
  /** rsID, else position. */
  readonly names: readonly string[];
}

export interface CoverageView {
  readonly module_name: string;
  readonly title: string;
  readonly sites: number;
  readonly placed: number;
  readonly probed: number;
  readonly matched: number;
  readonly restored: number;
  readonly presence: readonly PresenceCount[];
  readonly ref_mismatches: number;
  /** Why the positions of the module may be those of another genome build; null: nothing speaks for it. */
  readonly doubt: string | null;
  /** Authored genotypes that can never match, by reason. */
  readonly unmatchable: readonly { readonly reason: string; readonly words: string; readonly rows: number }[];
  readonly unanswered: readonly UnansweredSites[];
}

export interface ProvenanceInput {
  readonly asset: string;
  /** SHA-256 (hex) over its content. */
  readonly data_version: string;
  readonly partition: string | null;
}

/** The context of a template. */
export interface ReportView {
  readonly report_title: string;
  readonly report_description: string;
  /** Rows a table shows before it is opened. */
  readonly preview_row_limit: number;
  readonly user_name: string;
  readonly sample_name: string;
  /** ISO 8601, UTC. */
  readonly generated_at: string;
  readonly software: string;
  readonly engine: string;
  readonly source: {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    /** One, or several that are one sample. */
    readonly files: readonly SourceFile[];
    /** In words, such as `variants only`. */
    readonly kind: string;
    /** Whether it is raw data of a genotyping array, which errs more often than a sequence. */
    readonly is_array: boolean;
    readonly caller: string | null;
    readonly build: string | null;
    readonly build_how: string;
    readonly samples_in_file: number;
    /** The sample column that was read. */
    readonly sample_read: string | null;
  };
  readonly records: {
    readonly read: number;
    readonly kept: number;
    readonly removed_total: number;
    /** In words and by rule; a record that fails two rules counts in both. */
    readonly removed: readonly { readonly rule: string; readonly words: string; readonly records: number }[];
  };
  /** What was looked at in all; positions are distinct over the modules. */
  readonly looked_at: {
    readonly modules: number;
    readonly genotypes: number;
    readonly positions: number;
    readonly probed: number;
    readonly matched: number;
    readonly restored: number;
  };
  readonly longevity: LongevityView | null;
  readonly other_modules: readonly ModuleView[];
  readonly bars: readonly ModuleBar[];
  readonly karyogram: Karyogram;
  readonly disagreements: readonly {
    readonly rsid: string;
    readonly rsid_url: string | null;
    readonly sensitive: SensitiveTopic | null;
    readonly statements: readonly {
      readonly module: string;
      readonly genotype: string;
      readonly says: string;
      readonly weight: number | null;
    }[];
  }[];
  readonly coverage: readonly CoverageView[];
  /** Whether reference genotypes were inferred where the file is silent, and why; null when that was not recorded. */
  readonly restoration: {
    readonly applied: boolean;
    readonly reason: string;
    readonly max_flank_bp: number;
  } | null;
  /** `words`: what its kind means; null for one of another version. */
  readonly findings: readonly (Finding & { readonly words: string | null })[];
  readonly module_provenance: readonly {
    readonly name: string;
    readonly title: string;
    readonly version: string | null;
    readonly digest: string;
    readonly weighting: string | null;
    readonly licence: string | null;
    readonly joined_by: string | null;
  }[];
  readonly module_exclusions: readonly {
    readonly name: string;
    readonly title: string;
    readonly status: "skipped" | "failed";
    readonly reason: string;
  }[];
  /** One for each licence and attribution; only of modules with a row in this report. */
  readonly credits: readonly {
    readonly licence: string | null;
    readonly attribution: string | null;
    readonly used_by: readonly string[];
  }[];
  readonly module_display_names: Readonly<Record<string, string>>;
  readonly provenance: {
    readonly asset: string;
    readonly run: number | null;
    readonly inputs: readonly ProvenanceInput[];
  };
}
