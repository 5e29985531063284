import type { QualityFilters } from "#protocol/annotation.ts";

import { quoteText } from "../../engines/engine.ts";
import { ALLELES, LAYOUT, QUAL, SKIP } from "./mask.ts";
import type { Fact } from "./mask.ts";

/**
 * SQL of the mask of a record, laid out as {@link LAYOUT} says. Reads the columns `status`, `filter_text`, `depth`,
 * `qual`, `sample_filter`, `short`, `start`, `ref`, `alternates`, `index_beyond`, `id` and `block`.
 */
export function maskSql(filters: QualityFilters): string {
  const passing = (filters.pass_filters ?? []).map((text) => quoteText(text === "" ? "." : text)).join(", ");
  const rules = [
    ...(passing === "" ? [] : [`CASE WHEN filter_text IN (${passing}) THEN 0 ELSE 1 END`]),
    ...(isOn(filters.min_depth) ? [`CASE WHEN depth < ${Number(filters.min_depth)} THEN 2 ELSE 0 END`] : []),
    ...(isOn(filters.min_qual)
      ? [`CASE WHEN NOT isnan(qual) AND qual < ${Number(filters.min_qual)} THEN 4 ELSE 0 END`]
      : []),
    `CASE WHEN sample_filter IS NOT NULL AND sample_filter NOT IN ('PASS', '.', '') THEN 8 ELSE 0 END`,
  ];
  return [
    `status`,
    term("rules", rules.join(" + ")),
    term(
      "qual",
      `CASE WHEN qual IS NULL THEN ${QUAL.missing} WHEN qual = 0 THEN ${QUAL.zero} WHEN isnan(qual) THEN ${QUAL.nan} ELSE ${QUAL.number} END`,
    ),
    term(
      "skip",
      `CASE WHEN short THEN ${SKIP.short} WHEN "start" IS NULL THEN ${SKIP.position} ELSE ${SKIP.no} END`,
    ),
    term("alleles", allelesSql()),
    term("indexBeyond", `index_beyond::INTEGER`),
    term("noDepth", `(depth IS NULL)::INTEGER`),
    term(
      "hasRsid",
      `CASE WHEN id = '.' THEN 0 WHEN starts_with(id, 'rs') OR contains(id, ';rs') THEN 1 ELSE 0 END`,
    ),
    term("refCall", `coalesce(filter_text = 'RefCall', false)::INTEGER`),
    term("block", `coalesce(block, false)::INTEGER`),
  ].join(" + ");
}

function term(fact: Fact, sql: string): string {
  return `(${sql}) * ${1 << LAYOUT[fact].shift}`;
}

/** A rule that is absent or 0 is off. */
function isOn(threshold: number | undefined): boolean {
  return threshold !== undefined && Number.isFinite(threshold) && threshold > 0;
}

function allelesSql(): string {
  return `CASE
    WHEN contains('ACGT', ref) AND contains('ACGT', alternates) THEN ${ALLELES.plain}
    WHEN regexp_full_match(concat(ref, ',', alternates), '[ACGT,*]+[.]?') THEN ${ALLELES.plain}
    WHEN regexp_matches(alternates, '<(NON_REF|[*]|X)>') THEN ${ALLELES.reference}
    WHEN regexp_matches(alternates, '[][<.]') THEN ${ALLELES.symbolic}
    ELSE ${ALLELES.ambiguous} END`;
}
