import type { ModuleResult } from "#protocol/annotation.ts";

import type { SiteRow } from "./annotation-files.ts";
import { groupedBy } from "./grouping.ts";
import { UNANSWERED, presenceCounts, presenceWords } from "./presence-words.ts";
import type { CoverageView } from "./report-view.ts";

/** What the file says of the sites of one module; `sites` may hold those of others too. */
export function coverageView(module: ModuleResult, sites: readonly SiteRow[]): CoverageView {
  const open = sites.filter(({ module: name, status }) => name === module.name && UNANSWERED.has(status));
  const groups = groupedBy(open, ({ status, detail }) =>
    detail === null ? presenceWords(status) : `${presenceWords(status)} (${detail})`,
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
      .map(([reason, rows]) => ({ reason, rows })),
    unanswered: [...groups].map(([words, here]) => ({ words, names: here.map(nameOf) })),
  };
}

function nameOf({ rsid, chrom, start }: SiteRow): string {
  return rsid !== null && rsid !== "" ? rsid : `${chrom ?? "?"}:${start ?? "?"}`;
}
