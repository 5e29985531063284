import type { Hit } from "./hits.ts";

export type WeightedHit = Hit & { readonly weight: number };

/**
 * The weighted hits of one module. Weights of two modules are on two scales, so a view never puts them on one axis:
 * without a choice it takes the module with the most of them.
 */
export function chosenModule(
  hits: readonly Hit[],
  wanted: string | undefined,
): { readonly module: string | null; readonly weighted: readonly WeightedHit[] } {
  const weighted = hits.filter((hit): hit is WeightedHit => hit.weight !== null);
  const counts = new Map<string, number>();
  for (const { module } of weighted) counts.set(module, (counts.get(module) ?? 0) + 1);
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  const module = wanted ?? most?.[0] ?? null;
  return { module, weighted: weighted.filter((hit) => hit.module === module) };
}
