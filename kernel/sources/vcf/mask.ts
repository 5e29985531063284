/**
 * What the statement finds out about one record, packed into one integer that the tally counts. Each fact takes
 * some bits; the SQL adds them up, {@link factsOf} takes them apart.
 */
export const PRESENCES = [
  "called_variant",
  "called_hom_ref",
  "hom_ref_block",
  "no_call",
  "half_call",
  "overlapped",
  "polyploid",
  "no_data",
] as const;
export type Presence = (typeof PRESENCES)[number];
/** The presence bits of a record of a file that states no genotypes. */
export const NO_GENOTYPE = 8;

/** Quality rules, in the order of their names in `removed_by`. */
export const RULES = ["pass_filters", "min_depth", "min_qual", "sample_filter"] as const;
export type Rule = (typeof RULES)[number];

/** QUAL: a number that is not 0 · `.` · 0 · `nan`. */
export const QUAL = { number: 0, missing: 1, zero: 2, nan: 3 } as const;
/** Why a record cannot be read at all, and is in neither table. */
export const SKIP = { no: 0, short: 1, position: 2 } as const;
/** Alleles beyond A, C, G, T: `<NON_REF>` and its like · symbolic or breakend · N or another IUPAC letter. */
export const ALLELES = { plain: 0, reference: 1, symbolic: 2, ambiguous: 3 } as const;

/** Where each fact lies: `bits` from `shift` up. Twenty-two bits in all. */
export const LAYOUT = {
  presence: { shift: 0, bits: 4 },
  rules: { shift: 4, bits: 4 },
  qual: { shift: 8, bits: 2 },
  skip: { shift: 10, bits: 2 },
  alleles: { shift: 12, bits: 2 },
  indexBeyond: { shift: 14, bits: 1 },
  noDepth: { shift: 15, bits: 1 },
  hasRsid: { shift: 16, bits: 1 },
  refCall: { shift: 17, bits: 1 },
  block: { shift: 18, bits: 1 },
} as const;
export const MASK_BITS = 19;

export type Fact = keyof typeof LAYOUT;

/** One fact of a mask. */
export function factOf(mask: number, fact: Fact): number {
  const { shift, bits } = LAYOUT[fact];
  return (mask >>> shift) & ((1 << bits) - 1);
}

/** Whether the record goes into the table: it can be read, and no rule removes it. */
export function isKept(mask: number): boolean {
  return factOf(mask, "skip") === SKIP.no && factOf(mask, "rules") === 0;
}

/** Names of the rules that remove a record. */
export function rulesOf(mask: number): Rule[] {
  const rules = factOf(mask, "rules");
  return RULES.filter((_, index) => (rules >>> index) & 1);
}

/** The presence of a record; null when the file states no genotypes. */
export function presenceOf(mask: number): Presence | null {
  return PRESENCES[factOf(mask, "presence")] ?? null;
}
