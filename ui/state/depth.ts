import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { depthsOf } from "./inputs-first.ts";

type Wired = Pick<AssetView, "key" | "upstream">;

/** Steps of the longest way from the top of the graph to each asset. A ring counts from where it is entered. */
export function depths(assets: readonly Wired[]): Map<AssetKey, number> {
  return depthsOf(assets) as Map<AssetKey, number>;
}

/** The asset and everything it is made from. */
export function upstreamOf(assets: readonly Wired[], key: AssetKey): Set<AssetKey> {
  return reach(new Map(assets.map((asset) => [asset.key, asset.upstream])), key);
}

/** The asset and everything that is made from it. */
export function downstreamOf(assets: readonly Wired[], key: AssetKey): Set<AssetKey> {
  const below = new Map<AssetKey, AssetKey[]>(assets.map((asset) => [asset.key, []]));
  for (const asset of assets) for (const name of asset.upstream) below.get(name)?.push(asset.key);
  return reach(below, key);
}

function reach(next: ReadonlyMap<AssetKey, readonly AssetKey[]>, from: AssetKey): Set<AssetKey> {
  const found = new Set<AssetKey>([from]);
  for (const key of found) for (const name of next.get(key) ?? []) found.add(name);
  return found;
}
