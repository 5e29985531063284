import type { ModuleResult } from "#protocol/annotation.ts";

import type { SiteRow } from "./annotation-files.ts";
import { groupedBy } from "./grouping.ts";
import { UNANSWERED, presenceCounts, presenceWords } from "./presence-words.ts";
import { rulesWords } from "./rule-words.ts";
import type { CoverageView } from "./report-view.ts";

/** Why an authored genotype meets no record, whatever the file holds. */
const UNMATCHABLE: Readonly<Record<string, string>> = {
  phased_order: "told apart by the order of the two copies, which a file does not state",
  allele_not_at_locus: "an allele that the module does not list at the place",
  unplaced: "no coordinate, and no rsIDs in the file",
};

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
      .map(([reason, rows]) => ({ reason, words: UNMATCHABLE[reason] ?? reason, rows })),
    unanswered: [...groups].map(([words, here]) => ({ words, names: here.map(nameOf) })),
  };
}

/** A site that was removed is told with the rules that did it; any other with its evidence. */
function withDetail(status: SiteRow["status"], detail: string): string {
  return status === "filtered" ? `removed ${rulesWords(detail)}` : `${presenceWords(status)} (${detail})`;
}

function nameOf({ rsid, chrom, start }: SiteRow): string {
  return rsid !== null && rsid !== "" ? rsid : `${chrom ?? "?"}:${start ?? "?"}`;
}
