/** Versions that are shown in place of those that stand. Pure. */
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AssetView, Snapshot } from "#protocol/view.ts";

export interface Past {
  /** The time that the whole notebook is shown at, ISO 8601; null: single assets alone, or none. */
  readonly at: string | null;
  readonly assets: ReadonlyMap<AssetKey, PastAsset>;
}

/** An asset as it stood. */
export interface PastAsset {
  readonly partition: PartitionKey;
  /** Null: it was not made yet, or is observed from outside. */
  readonly record: AssetRecord | null;
  readonly observed: string | null;
}

/** What the verb `as-of` answers with. */
export interface AsOf {
  readonly at: string;
  readonly assets: readonly (PastAsset & { readonly asset: AssetKey })[];
}

export const PRESENT: Past = { at: null, assets: new Map() };

export function isPresent({ at, assets }: Past): boolean {
  return at === null && assets.size === 0;
}

/** What is shown: assets of `past` as they were, the others as they stand. */
export function asItWas(assets: readonly AssetView[], past: Past): readonly AssetView[] {
  if (isPresent(past)) return assets;
  return assets.map((asset) => {
    const was = past.assets.get(asset.key);
    if (was === undefined || was.partition !== asset.partition) return asset;
    return { ...asset, record: was.record, observed: was.observed, past: true };
  });
}

export function pastOf({ at, assets }: AsOf): Past {
  return { at, assets: new Map(assets.map((one) => [one.asset, one])) };
}

/** With one more asset as it was. */
export function withVersion(past: Past, record: AssetRecord): Past {
  const was: PastAsset = { partition: record.partition, record, observed: null };
  return { ...past, assets: new Map([...past.assets, [record.asset, was]]) };
}

/** With one asset as it stands again; of a notebook that is shown at a time, all of them. */
export function withoutVersion(past: Past, asset: AssetKey): Past {
  if (past.at !== null) return PRESENT;
  return { ...past, assets: new Map([...past.assets].filter(([key]) => key !== asset)) };
}

/** Assets of a notebook that were not there yet. */
export function notThereYet({ notebook, assets }: Snapshot): AssetKey[] {
  const own = new Set(notebook.cells.flatMap(({ asset }) => asset ?? []));
  return assets.flatMap(({ key, past, record, observed }) =>
    past === true && own.has(key) && record === null && observed === null ? [key] : [],
  );
}
