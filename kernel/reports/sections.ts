import { isAnswered, silenceWords } from "#protocol/annotation.ts";
import type { ModuleResult, PresenceStatus } from "#protocol/annotation.ts";
import { counted } from "#protocol/numerals.ts";

import type { MatchedRow, SiteRow } from "./annotation-files.ts";
import { twoDecimals } from "../modules/two-decimals.ts";
import { groupedBy } from "./grouping.ts";
import { OTHER_PATHWAY, PATHWAYS } from "./pathways.ts";
import { answeredSites, presenceCounts } from "./presence-words.ts";
import type {
  CategoryView,
  LongevityView,
  ModuleView,
  SectionHead,
  Silence,
  Summary,
} from "./report-view.ts";
import { rulesWords } from "./rule-words.ts";
import type { VariantView } from "./variant.ts";

/** Heaviest first; among equals, what more studies looked at. Stable, so that position decides the rest. */
export function byWeight(a: VariantView, b: VariantView): number {
  return Math.abs(b.weight ?? 0) - Math.abs(a.weight ?? 0) || b.studies.length - a.studies.length;
}

/** A module as one flat table; `variants` as they are to be shown. `sites` may hold those of other modules. */
export function moduleView(
  module: ModuleResult,
  variants: readonly VariantView[],
  sites: readonly SiteRow[],
): ModuleView {
  return { ...headOf(module, variants, ownSites(module, sites)), variants };
}

/**
 * The longevity module by pathway, in the order of {@link PATHWAYS}: those with variants, then the empty ones.
 * `rows` and `variants` are the same rows. A category that is no pathway falls to "other". `sites` may hold those of
 * other modules.
 */
export function longevityView(
  module: ModuleResult,
  rows: readonly MatchedRow[],
  variants: readonly VariantView[],
  sites: readonly SiteRow[],
): LongevityView {
  const members = new Map<string, VariantView[]>(PATHWAYS.map(({ key }) => [key, []]));
  for (const [at, variant] of variants.entries()) members.get(pathwayOf(rows[at]?.category))?.push(variant);
  const own = ownSites(module, sites);
  const places = sites.some(({ category }) => category === undefined)
    ? null
    : groupedBy(own, ({ category }) => pathwayOf(category));
  const categories = PATHWAYS.map(({ key, title, description }): CategoryView => {
    const here = (members.get(key) ?? []).toSorted(
      (a, b) => Math.abs(b.weight ?? 0) - Math.abs(a.weight ?? 0),
    );
    const sums = summaryOf(here);
    const lie = places === null ? null : (places.get(key) ?? []);
    return {
      key,
      title,
      description,
      variants: here,
      sites: lie?.length ?? null,
      answered: lie?.filter(({ status }) => isAnswered(status)).length ?? null,
      ...silenceOf(lie ?? []),
      positive_count: sums.total_positive,
      negative_count: sums.total_negative,
      restored_count: sums.total_restored,
      total_count: sums.total_variants,
      net_weight: sums.total_weight,
      open_summary: summaryOf(here.filter(isOpen)),
    };
  });
  return {
    ...headOf(module, variants, own),
    categories: [
      ...categories.filter(({ variants }) => variants.length > 0),
      ...categories.filter(({ variants }) => variants.length === 0),
    ],
  };
}

const KNOWN: ReadonlySet<string> = new Set(PATHWAYS.map(({ key }) => key));

function pathwayOf(category: string | null | undefined): string {
  return category != null && KNOWN.has(category) ? category : OTHER_PATHWAY;
}

function summaryOf(variants: readonly VariantView[]): Summary {
  const called = variants.filter(({ restored }) => !restored);
  const weights = called.flatMap(({ weight }) => (weight === null ? [] : [weight]));
  return {
    total_variants: called.length,
    total_positive: called.filter(({ sign }) => sign > 0).length,
    total_negative: called.filter(({ sign }) => sign < 0).length,
    total_weighted: weights.length,
    total_weight: weights.length === 0 ? null : twoDecimals(weights.reduce((sum, weight) => sum + weight, 0)),
    total_restored: variants.length - called.length,
  };
}

function ownSites({ name }: ModuleResult, sites: readonly SiteRow[]): readonly SiteRow[] {
  return sites.filter(({ module }) => module === name);
}

function silenceOf(sites: readonly SiteRow[]): Silence {
  const silent: Partial<Record<PresenceStatus, number>> = {};
  for (const { status } of sites) if (!isAnswered(status)) silent[status] = (silent[status] ?? 0) + 1;
  const rules = sites.flatMap(({ status, detail }) =>
    status === "filtered" && detail !== null ? [detail] : [],
  );
  const removed = [...groupedBy(rules, rulesWords)].map(
    ([words, here]) => `${counted(here.length, "site")} ${words}`,
  );
  return {
    silence: Object.keys(silent).length === 0 ? null : silenceWords({ presence: silent }),
    removed: removed.length === 0 ? null : removed.join("; "),
  };
}

function headOf(
  module: ModuleResult,
  variants: readonly VariantView[],
  sites: readonly SiteRow[],
): SectionHead {
  const presence = presenceCounts(module.presence);
  return {
    module_name: module.name,
    title: module.title,
    description: module.description,
    anchor: `module-${module.name}`,
    weighting: module.weighting,
    probed: module.probed,
    sites: module.authored.sites,
    answered: answeredSites(presence),
    ...silenceOf(sites),
    presence,
    summary: summaryOf(variants),
    open_summary: summaryOf(variants.filter(isOpen)),
  };
}

function isOpen({ sensitive }: VariantView): boolean {
  return sensitive === null;
}
