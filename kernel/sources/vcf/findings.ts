import type { QualityFilters } from "#protocol/annotation.ts";
import type { FindingKind } from "#protocol/finding-words.ts";
import { count, counted } from "#protocol/numerals.ts";

import type { KnownFinding } from "../known-finding.ts";
import { hasOldMitochondrion } from "./build.ts";
import {
  AMBIGUOUS,
  POLYPLOID,
  QUAL_MISSING,
  QUAL_NAN,
  QUAL_ZERO,
  READABLE,
  SKIP_POSITION,
  SKIP_SHORT,
  SYMBOLIC,
} from "./codes.ts";
import type { Layout } from "./fields.ts";
import { LINE_FINDINGS } from "./first-lines.ts";
import type { LineFinding } from "./first-lines.ts";
import { RULES, factOf, rulesOf } from "./mask.ts";
import type { Fact, Rule } from "./mask.ts";
import type { Reading } from "./read-records.ts";
import type { VcfHead } from "./vcf-heads.ts";

/** Share of the records beyond which a rule that removes them is named. */
const MOST = 0.9;
const MOST_NAMED = 10;

/** Masks that occurred, each with its number of records. */
export type MaskCounts = readonly { readonly mask: number; readonly count: number }[];

/** Number of records whose mask has `value` for a fact. */
export function countOf(masks: MaskCounts, fact: Fact, value: number): number {
  return sum(masks, (mask) => factOf(mask, fact) === value);
}

/** Number of records whose mask passes a test. */
export function sum(masks: MaskCounts, test: (mask: number) => boolean): number {
  return masks.reduce((total, { mask, count }) => total + (test(mask) ? count : 0), 0);
}

/** Rule → records that it removes, for the rules that are on; among records that could be read. */
export function removedByRule(masks: MaskCounts, filters: QualityFilters): Record<string, number> {
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === READABLE);
  const counts = RULES.map((rule) => [rule, sum(readable, (mask) => rulesOf(mask).includes(rule))] as const);
  return Object.fromEntries(counts.filter(([rule, count]) => count > 0 || isOn(rule, filters)));
}

function isOn(rule: Rule, filters: QualityFilters): boolean {
  if (rule === "pass_filters") return (filters.pass_filters?.length ?? 0) > 0;
  return rule !== "sample_filter" && (filters[rule] ?? 0) > 0;
}

/** Findings that count lines: those that occurred. */
export function lineCounts(
  masks: MaskCounts,
  {
    backward,
    blankLines,
    innerHeaderLines,
    infoTwice,
    bareReferences,
    wrongNumber,
    wrongType,
  }: Pick<
    Reading,
    | "backward"
    | "blankLines"
    | "innerHeaderLines"
    | "infoTwice"
    | "bareReferences"
    | "wrongNumber"
    | "wrongType"
  >,
): ReadonlyMap<LineFinding, number> {
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === READABLE);
  const counts: Readonly<Record<LineFinding, number>> = {
    SHORT_RECORD: countOf(masks, "skip", SKIP_SHORT),
    BAD_POSITION: countOf(masks, "skip", SKIP_POSITION),
    GT_INDEX: countOf(readable, "indexBeyond", 1),
    GT_MALFORMED: countOf(readable, "malformed", 1),
    SYMBOLIC_ALLELE: countOf(readable, "alleles", SYMBOLIC),
    AMBIGUOUS_ALLELE: countOf(readable, "alleles", AMBIGUOUS),
    QUAL_NAN: countOf(readable, "qual", QUAL_NAN),
    UNSORTED: backward,
    BLANK_LINE: blankLines,
    HEADER_LINE: innerHeaderLines,
    INFO_TWICE: infoTwice,
    BARE_REFERENCE: bareReferences,
    WRONG_NUMBER: wrongNumber,
    WRONG_TYPE: wrongType,
    POLYPLOID: countOf(readable, "presence", POLYPLOID),
  };
  return new Map(LINE_FINDINGS.map((kind) => [kind, counts[kind]] as const).filter(([, count]) => count > 0));
}

/** Findings about one file as a whole: about its packing, its header, its text. */
export function fileFindings(
  { compression, byteOrderMark, header, build }: VcfHead,
  layout: Layout,
  { returns, endMarked, badText, records }: Reading,
): KnownFinding[] {
  return [
    ...one("NOT_BGZIP", compression === "gzip", "plain gzip: there is no random access"),
    ...one("MAYBE_TRUNCATED", !endMarked, "the block that marks the end of a bgzip file is missing"),
    ...one("BYTE_ORDER_MARK", byteOrderMark, "line 1: a byte order mark was left out"),
    ...one("CRLF", returns, "lines end in CRLF"),
    ...one("NOT_UTF8", badText > 0, null, badText),
    ...one("NO_FILEFORMAT", header.version === null, "line 1: there is no ##fileformat"),
    ...one("NO_SAMPLES", header.hasFormat && header.samples.length === 0, "a FORMAT column without samples"),
    ...one("NO_RECORDS", records === 0, "there is no line after its header"),
    ...one("NO_GENOTYPES", records > 0 && !layout.genotypes),
    ...one("IMPUTED", isImputed(layout), "FORMAT has dosages or probabilities, and no reads"),
    ...one("BUILD_UNKNOWN", build.detected === null, null),
    ...one("MT_NOT_COMPARABLE", hasOldMitochondrion(header), "chrM has 16571 bases: it is not the rCRS"),
    ...one(
      "UNDECLARED_FIELD",
      layout.undeclared.length > 0,
      layout.undeclared.slice(0, MOST_NAMED).join(", "),
      layout.undeclared.length,
    ),
  ];
}

/** Dosages and probabilities beside no depth are what imputation gives. Source: VCF edge cases H34. */
function isImputed({ format }: Layout): boolean {
  const has = (...ids: readonly string[]): boolean => format.some(({ id }) => ids.includes(id));
  return has("DS", "HDS", "GP") && !has("DP", "AD", "MIN_DP");
}

function one(kind: FindingKind, is: boolean, first: string | null = null, count = 1): KnownFinding[] {
  return is ? [{ kind, count, first }] : [];
}

/** Findings about what the records do not state, and about rules that remove nearly everything. */
export function ruleFindings(masks: MaskCounts, filters: QualityFilters): KnownFinding[] {
  const readable = masks.filter(({ mask }) => factOf(mask, "skip") === READABLE);
  const all = sum(readable, () => true);
  if (all === 0) return [];
  const everywhere = (count: number): boolean => count === all;
  const found: KnownFinding[] = [];
  if (isOn("min_qual", filters) && everywhere(countOf(readable, "qual", QUAL_MISSING))) {
    found.push({ kind: "NO_QUAL", count: all, first: "QUAL is . throughout: it states nothing, and passes" });
  }
  if (isOn("min_depth", filters) && everywhere(countOf(readable, "noDepth", 1))) {
    found.push({
      kind: "NO_DEPTH",
      count: all,
      first: "no record states a depth: min_depth removes nothing",
    });
  }
  const zero = everywhere(countOf(readable, "qual", QUAL_ZERO));
  for (const [rule, removed] of Object.entries(removedByRule(masks, filters))) {
    if (removed <= all * MOST) continue;
    const why = rule === "min_qual" && zero ? ": QUAL is 0 throughout" : "";
    found.push({
      kind: "RULE_REMOVES_MOST",
      count: removed,
      first: `${rule} removes ${count(removed)} of ${counted(all, "record")}${why}`,
    });
  }
  return found;
}
