import * as codes from "./codes.ts";
import { READABLE } from "./codes.ts";

/**
 * What the reader finds out about one record, packed into one integer that it counts: each fact takes some bits,
 * {@link factOf} takes them apart. Numbers: `codes.ts`.
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

/** Quality rules, in the order of their bits and of their names in `removed_by`. */
export const RULES = ["pass_filters", "min_depth", "min_qual", "sample_filter"] as const;
export type Rule = (typeof RULES)[number];

export type Fact =
  | "presence"
  | "rules"
  | "qual"
  | "skip"
  | "alleles"
  | "indexBeyond"
  | "noDepth"
  | "hasRsid"
  | "refCall"
  | "block"
  | "malformed";

/** Where each fact lies: `bits` from `shift` up. */
const LAYOUT: Readonly<Record<Fact, { readonly shift: number; readonly bits: number }>> = {
  presence: { shift: codes.PRESENCE_SHIFT, bits: 4 },
  rules: { shift: codes.RULES_SHIFT, bits: 4 },
  qual: { shift: codes.QUAL_SHIFT, bits: 2 },
  skip: { shift: codes.SKIP_SHIFT, bits: 2 },
  alleles: { shift: codes.ALLELES_SHIFT, bits: 2 },
  indexBeyond: { shift: codes.INDEX_BEYOND_SHIFT, bits: 1 },
  noDepth: { shift: codes.NO_DEPTH_SHIFT, bits: 1 },
  hasRsid: { shift: codes.HAS_RSID_SHIFT, bits: 1 },
  refCall: { shift: codes.REF_CALL_SHIFT, bits: 1 },
  block: { shift: codes.BLOCK_SHIFT, bits: 1 },
  malformed: { shift: codes.MALFORMED_SHIFT, bits: 1 },
};

/** One fact of a mask. */
export function factOf(mask: number, fact: Fact): number {
  const { shift, bits } = LAYOUT[fact];
  return (mask >>> shift) & ((1 << bits) - 1);
}

/** Whether the record goes into the table: it can be read, and no rule removes it. */
export function isKept(mask: number): boolean {
  return factOf(mask, "skip") === READABLE && factOf(mask, "rules") === 0;
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
