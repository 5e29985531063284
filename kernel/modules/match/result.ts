import type { ModuleResult } from "#protocol/annotation.ts";

import { twoDecimals } from "../two-decimals.ts";
import type { CategoryTotal, ModuleCounts } from "./counts.ts";
import type { ModuleCard } from "./module-card.ts";
import { weightsPath } from "./outputs.ts";

/** A module that gave nothing, and why. */
export function withoutResult(card: ModuleCard, status: "skipped" | "failed", reason: string): ModuleResult {
  return {
    ...card,
    status,
    reason,
    key: null,
    probed: 0,
    matched: 0,
    restored: 0,
    positive: 0,
    negative: 0,
    net_weight: null,
    by_category: {},
    presence: {},
    authored: { genotypes: 0, sites: 0, placed: 0 },
    ref_mismatches: 0,
    unmatchable: {},
    path: null,
  };
}

/** What one module gave. Totals are of called rows; inferred ones are counted apart. */
export function annotatedResult(
  card: ModuleCard,
  key: "position" | "rsid",
  { categories, ...counts }: ModuleCounts,
): ModuleResult {
  const sum = (pick: (total: CategoryTotal) => number): number =>
    categories.reduce((total, category) => total + pick(category), 0);
  const weighted = categories.filter(({ net_weight }) => net_weight !== null);
  return {
    ...card,
    status: "annotated",
    reason: null,
    key,
    ...counts,
    matched: sum(({ matched }) => matched),
    positive: sum(({ positive }) => positive),
    negative: sum(({ negative }) => negative),
    net_weight: weighted.length === 0 ? null : twoDecimals(sum(({ net_weight }) => net_weight ?? 0)),
    by_category: Object.fromEntries(
      categories.map(({ category, matched, positive, negative, net_weight }) => [
        category,
        { matched, positive, negative, net_weight: twoDecimals(net_weight ?? 0) },
      ]),
    ),
    path: weightsPath(card.name),
  };
}
