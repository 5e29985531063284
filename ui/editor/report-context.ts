/**
 * The context of a report template as the editor knows it: the members of each thing, as in `notebooks/reports/README.md`.
 * `name[]` is a list; what stands after a colon is the thing that a member, or an item of the list, is.
 */
const THINGS = {
  context: `report_title report_description preview_row_limit source:source records:records looked_at:looked_at
    longevity:longevity other_modules[]:section bars[]:bar karyogram:karyogram disagreements[]:disagreement
    coverage[]:coverage restoration:restoration findings[]:finding module_provenance[]:module_provenance
    module_exclusions[]:module_exclusion module_display_names credits[]:credit`,
  facts: "user_name sample_name generated_at software engine provenance:provenance",
  loop: "index index0 first last length revindex revindex0",
  source:
    "name bytes sha256 files[]:source_file kind is_array caller build build_how samples_in_file sample_read",
  source_file: "name bytes sha256",
  records: "read kept removed_total removed[]:removed",
  removed: "rule words records",
  looked_at: "modules genotypes positions probed matched restored",
  longevity: `module_name title description anchor weighting probed sites answered silence removed presence[]:presence
    summary:summary open_summary:summary categories[]:category`,
  category: `key title description variants[]:variant sites answered silence removed positive_count negative_count
    restored_count total_count net_weight open_summary:summary`,
  section: `module_name title description anchor weighting probed sites answered silence removed presence[]:presence
    summary:summary open_summary:summary variants[]:variant`,
  presence: "status words sites",
  summary: "total_variants total_positive total_negative total_weighted total_weight total_restored",
  variant: `rsid rsid_url genes[]:gene chrom start genotype ref module_alleles zygosity weight sign direction colour
    colour_class conclusion restored restored_flank_bp facts[]:fact studies[]:study sensitive:sensitive`,
  gene: "text url",
  fact: "label text",
  study: "pmid url population study_design p_value conclusion effect significance doi",
  sensitive: "key title sentence",
  bar: `module_name title anchor answered matched closed restored favourable unfavourable net_weight unit sides[]
    segments[]:segment`,
  segment: "x width side",
  karyogram: "sites chromosomes tracks[]:track",
  track: "name arms[] to_scale marks[] sites",
  disagreement: "rsid rsid_url sensitive:sensitive statements[]:statement",
  statement: "module genotype says weight",
  coverage: `module_name title sites placed probed matched restored presence[]:presence ref_mismatches doubt
    unmatchable[]:unmatchable unanswered[]:unanswered`,
  unmatchable: "reason words rows",
  unanswered: "words names[]",
  restoration: "applied reason max_flank_bp",
  finding: "kind words count first",
  module_provenance: "name title version digest weighting licence joined_by",
  module_exclusion: "name title status reason",
  credit: "licence attribution used_by[]",
  provenance: "asset run inputs[]:input",
  input: "asset data_version partition",
} as const;

export type Thing = keyof typeof THINGS;

export interface Member {
  readonly name: string;
  readonly list: boolean;
  /** What it is, or its items are; null for a value. */
  readonly thing: Thing | null;
}

export function membersOf(thing: Thing): readonly Member[] {
  return THINGS[thing].split(/\s+/).map((word) => {
    const [, name = "", list, of] = /^(\w+)(\[\])?(?::(\w+))?$/.exec(word) ?? [];
    return { name, list: list !== undefined, thing: of === undefined ? null : (of as Thing) };
  });
}

/** Filters of the templates, and of those of nunjucks the useful ones: name → what it gives. */
export const FILTERS: Readonly<Record<string, string>> = {
  number: "4,257,537",
  signed: "a weight: +0.50",
  count: '("study", "studies"): 12 studies',
  bytes: "412 MB",
  moment: "22 Nov 2026, 14:02 UTC",
  short: "12 digits of a hash",
  stated: "the value, or a dash where it is null",
  allele: "alleles joined by /, a long one shortened",
};
export const NUNJUCKS_FILTERS: Readonly<Record<string, string>> = {
  batch: "(n): lists of n items",
  capitalize: "the first letter large",
  first: "of a list",
  groupby: '("member"): items by what they have in common',
  join: '(", "): one text',
  last: "of a list",
  length: "how many",
  lower: "small letters",
  reject: "items that fail a test",
  replace: "(old, new)",
  reverse: "the other way round",
  round: "(digits)",
  slice: "(n): n lists",
  sort: '(reverse, case, "member")',
  sum: '("member")',
  title: "Each Word Large",
  trim: "without white space around",
  truncate: "(length)",
  upper: "large letters",
};

/** Tags and what follows them; `$0` is where the caret goes. */
export const TAGS: Readonly<Record<string, string>> = {
  for: "for row in $0 %}\n{% endfor",
  if: "if $0 %}\n{% endif",
  elif: "elif $0",
  else: "else",
  endfor: "endfor",
  endif: "endif",
  set: "set $0 = ",
  include: 'include "parts/$0"',
  macro: "macro $0() %}\n{% endmacro",
  endmacro: "endmacro",
};
