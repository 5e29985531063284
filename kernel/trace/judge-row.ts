import type { ModuleResult, PresenceStatus } from "#protocol/annotation.ts";
import type { TracedRow, Verdict } from "#protocol/trace.ts";

import { UNMATCHABLE } from "../reports/coverage-view.ts";
import { rulesWords } from "../reports/rule-words.ts";

/** One row of a module as the match reads it. */
export interface AuthoredRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly ref: string | null;
  readonly alts: readonly string[] | null;
  readonly genotype: readonly string[];
  readonly phased: boolean | null;
  readonly weight: number | null;
  readonly state: string | null;
  readonly conclusion: string | null;
  /** An allele of the genotype is not among those that the module lists at the place. */
  readonly foreign_allele: boolean | null;
}

/** A row of a module's table: a record, or what stands in for one, that met an authored row. */
export interface Hit {
  readonly rsid: string | null;
  readonly module_start: number | null;
  readonly module_ref: string | null;
  /** Alleles of the authored genotype, joined by `/`. */
  readonly authored: string;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly ref: string | null;
  readonly presence: string | null;
  readonly evidence: string;
  readonly flank: number | null;
}

/** What an authored row is judged by. */
export interface SiteFacts {
  readonly status: PresenceStatus;
  readonly detail: string | null;
  /** Of the variant: what its rows met. */
  readonly hits: readonly Hit[];
  /** Genotypes of the kept records of the site, alleles joined by `/`. */
  readonly called: readonly string[];
  readonly module: Pick<ModuleResult, "key" | "reason"> | null;
  /** Whether the calls are those of a genotyping array. */
  readonly array: boolean;
  /** Why no reference genotype is inferred in this file; null: they are. */
  readonly notInferred: string | null;
}

/** Whether an authored row is what the person has, by which rule, and else why not. Nothing is matched here again. */
export function judgeRow(row: AuthoredRow, facts: SiteFacts): TracedRow {
  const authored = row.genotype.join("/");
  const hit = facts.hits.find((one) => one.authored === authored);
  const [verdict, reason] = hit === undefined ? rejected(row, facts) : matched(hit, facts);
  const { weight, state, conclusion } = row;
  const genotype = row.genotype.join(row.phased === true ? "|" : "/");
  return { genotype, weight, state, conclusion, verdict, reason };
}

type Judgement = readonly [verdict: Verdict, reason: string];

function matched(hit: Hit, { module, array, detail }: SiteFacts): Judgement {
  if (hit.evidence !== "called") {
    return [
      "inferred",
      `no record is here, and the nearest call is ${hit.flank} bases away: the reference is inferred`,
    ];
  }
  return ["matched", withDetail(ruleOf(hit, module?.key ?? null, array), detail)];
}

function ruleOf(hit: Hit, key: "position" | "rsid" | null, array: boolean): string {
  if (array) return "by rsID and genotype, as calls of an array have no position that can be compared";
  if (key === "rsid" || hit.module_start === null) return "by rsID and genotype";
  if (hit.presence === "hom_ref_block") return "inside a block of reference calls with evidence";
  const isHere = hit.start === hit.module_start;
  if (isHere && hit.module_ref === null)
    return "by position and genotype; the module states no reference allele";
  if (isHere && hit.ref === hit.module_ref) return "by position, reference allele and genotype";
  return `the same change, which the file has at ${hit.chrom}:${hit.start} with other bases around it`;
}

function rejected(row: AuthoredRow, facts: SiteFacts): Judgement {
  const { status, detail } = facts;
  const isOrdered = row.genotype.join() === row.genotype.toSorted().join();
  if (status === "module_unjoinable")
    return ["not_read", facts.module?.reason ?? "the module cannot be joined"];
  if (row.phased === true && !isOrdered) return ["never_matches", UNMATCHABLE.phased_order];
  if (row.foreign_allele === true) return ["never_matches", UNMATCHABLE.allele_not_at_locus];
  switch (status) {
    case "called_match":
      return otherGenotype(row, [...new Set(facts.hits.map(({ authored }) => authored))], null);
    case "called_other_genotype":
      return otherGenotype(row, facts.called, detail);
    case "called_hom_ref":
      return otherGenotype(row, facts.called, detail ?? "the reference is called");
    case "hom_ref_block":
      return isReference(row)
        ? [
            "not_comparable",
            withDetail("a block of reference calls covers the site, and another record touches it", detail),
          ]
        : ["other_genotype", withDetail("the site lies in a block of reference calls", detail)];
    case "hom_ref_inferred":
      return ["other_genotype", withDetail("the reference is inferred here", detail)];
    case "filtered":
      return ["removed", `the record here was removed ${rulesWords(detail ?? "")}`];
    case "no_call":
      return ["no_call", withDetail("the file has no call here", detail)];
    case "half_call":
      return ["no_call", withDetail("one of two alleles is called here", detail)];
    case "overlapped":
      return ["not_comparable", detail ?? "a deletion spans the site"];
    case "not_comparable":
      return ["not_comparable", detail ?? "the call here cannot be compared"];
    case "no_data": {
      const silent = withDetail("nothing in the file covers the site", detail);
      return [
        "no_data",
        isReference(row) && facts.notInferred !== null && detail === null
          ? `${silent}, and the reference is not inferred: ${facts.notInferred}`
          : silent,
      ];
    }
  }
}

function otherGenotype(row: AuthoredRow, called: readonly string[], detail: string | null): Judgement {
  if (called.length === 0) return ["other_genotype", withDetail("another genotype is called here", detail)];
  const known = new Set([row.ref, ...(row.alts ?? [])]);
  const foreign =
    row.ref === null
      ? undefined
      : called.flatMap((genotype) => genotype.split("/")).find((allele) => !known.has(allele));
  const said = `${called.length > 1 ? "the records here call" : "the genotype here is"} ${called.join(" and ")}`;
  return foreign === undefined
    ? ["other_genotype", withDetail(said, detail)]
    : ["other_allele", withDetail(`${said}, and the module knows no allele ${foreign} here`, detail)];
}

function isReference({ genotype, ref }: AuthoredRow): boolean {
  return ref !== null && genotype.length > 0 && genotype.every((allele) => allele === ref);
}

function withDetail(words: string, detail: string | null): string {
  return detail === null ? words : `${words} (${detail})`;
}
