import type { AssetView } from "#protocol/view.ts";

/** Those whose name holds the words; all, when there are none. */
export function foundAssets(assets: readonly AssetView[], search: string): readonly AssetView[] {
  const words = search.trim().toLowerCase();
  return words === "" ? assets : assets.filter(({ key }) => key.toLowerCase().includes(words));
}
