import type { ModuleResult } from "#protocol/annotation.ts";

import type { SiteRow } from "./annotation-files.ts";
import { OTHER_STRAND } from "../modules/match/array-calls.ts";
import { groupedBy } from "./grouping.ts";
import { grouped } from "./numerals.ts";
import { UNANSWERED, presenceCounts, presenceWords } from "./presence-words.ts";
import { rulesWords } from "./rule-words.ts";
import type { CoverageView } from "./report-view.ts";

/** Why an authored genotype meets no record, whatever the file holds. */
export const UNMATCHABLE = {
  phased_order: "told apart by the order of the two copies, which a file does not state",
  allele_not_at_locus: "an allele that the module does not list at the place",
  no_rsid: "no rsID, by which alone the calls of an array are found",
  unplaced: "no coordinate, and no rsIDs in the file",
} as const;

function unmatchableWords(reason: string): string {
  const words: Readonly<Record<string, string>> = UNMATCHABLE;
  return words[reason] ?? reason;
}

/** What the match says of a site whose REF is another in the file. */
const OTHER_REF = "the file states another REF";
/** Fewer sites than this, and up to this share of those that can be held against the file, may be errors of a module. */
const ODD_SITES = 5;
const ODD_SHARE = 0.01;
/** Statuses that, with nothing more to say, rest on a record of the site's own REF. */
const SAME_REF: ReadonlySet<SiteRow["status"]> = new Set<SiteRow["status"]>([
  "called_match",
  "called_other_genotype",
  "called_hom_ref",
  "no_call",
  "half_call",
]);

/** What the file says of the sites of one module; `sites` may hold those of others too. */
export function coverageView(module: ModuleResult, sites: readonly SiteRow[]): CoverageView {
  const open = sites.filter(({ module: name, status }) => name === module.name && UNANSWERED.has(status));
  const groups = groupedBy(open, ({ status, detail }) =>
    detail === null ? presenceWords(status) : withDetail(status, detail),
  );
  return {
    module_name: module.name,
    title: module.title,
    sites: module.authored.sites,
    placed: module.authored.placed,
    probed: module.probed,
    matched: module.matched,
    restored: module.restored,
    presence: presenceCounts(module.presence),
    ref_mismatches: module.ref_mismatches,
    unmatchable: Object.entries(module.unmatchable)
      .filter(([, rows]) => rows > 0)
      .map(([reason, rows]) => ({ reason, words: unmatchableWords(reason), rows })),
    doubt: doubtOf(sites.filter(({ module: name }) => name === module.name)),
    unanswered: [...groups].map(([words, here]) => ({ words, names: here.map(nameOf) })),
  };
}

/** Told where so many sites are odd that it is no error of single rows. */
function doubtOf(sites: readonly SiteRow[]): string | null {
  const same = sites.filter(({ status, detail }) => SAME_REF.has(status) && detail === null).length;
  const told = (what: string, then: string, detail: string): string | null => {
    const odd = sites.filter((site) => site.detail === detail).length;
    if (odd < ODD_SITES || odd <= ODD_SHARE * (odd + same)) return null;
    return `the file ${what} at ${grouped(odd)} of ${grouped(odd + same)} sites: ${then}`;
  };
  return (
    told(
      "has another reference allele",
      "the module's positions may be those of another genome build",
      OTHER_REF,
    ) ??
    told("has the other strand", "none of them is compared, nor those that look alike on both", OTHER_STRAND)
  );
}

/** A site that was removed is told with the rules that did it; any other with its evidence. */
function withDetail(status: SiteRow["status"], detail: string): string {
  return status === "filtered" ? `removed ${rulesWords(detail)}` : `${presenceWords(status)} (${detail})`;
}

function nameOf({ rsid, chrom, start }: SiteRow): string {
  return rsid !== null && rsid !== "" ? rsid : `${chrom ?? "?"}:${start ?? "?"}`;
}
