import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { depthsOf } from "./inputs-first.ts";

type Wired = Pick<AssetView, "key" | "upstream">;

/** What is asked of a graph again and again, by every cell that is drawn: made once for each list of assets. */
interface Wiring {
  readonly above: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  readonly below: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  readonly depth: Map<AssetKey, number>;
}

const known = new WeakMap<readonly Wired[], Wiring>();

/** Steps of the longest way from the top of the graph to each asset. A ring counts from where it is entered. */
export function depths(assets: readonly Wired[]): ReadonlyMap<AssetKey, number> {
  return wiringOf(assets).depth;
}

/** The asset, or the assets, and everything they are made from. */
export function upstreamOf(assets: readonly Wired[], ...keys: readonly AssetKey[]): Set<AssetKey> {
  return reach(wiringOf(assets).above, keys);
}

/** The asset and everything that is made from it. */
export function downstreamOf(assets: readonly Wired[], key: AssetKey): Set<AssetKey> {
  return reach(wiringOf(assets).below, [key]);
}

function wiringOf(assets: readonly Wired[]): Wiring {
  const old = known.get(assets);
  if (old !== undefined) return old;
  const below = new Map<AssetKey, AssetKey[]>(assets.map((asset) => [asset.key, []]));
  for (const asset of assets) for (const name of asset.upstream) below.get(name)?.push(asset.key);
  const wiring = {
    above: new Map(assets.map((asset) => [asset.key, asset.upstream])),
    below,
    depth: depthsOf(assets) as Map<AssetKey, number>,
  };
  known.set(assets, wiring);
  return wiring;
}

function reach(next: ReadonlyMap<AssetKey, readonly AssetKey[]>, from: readonly AssetKey[]): Set<AssetKey> {
  const found = new Set<AssetKey>(from);
  for (const key of found) for (const name of next.get(key) ?? []) found.add(name);
  return found;
}
