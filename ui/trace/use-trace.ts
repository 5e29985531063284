import { WHOLE } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { usePageValue, useStore } from "../shell/use-store.tsx";
import { upstreamOf } from "../state/depth.ts";

/** Opens what a row of an asset at a site is from; null for an asset that is of no person's genome. */
export function useTrace(asset: AssetView): ((site: string) => void) | null {
  const store = useStore();
  const isOfGenome = usePageValue(({ page }) => {
    const assets = page.snapshot?.assets ?? [];
    const above = upstreamOf(assets, asset.key);
    return assets.some(({ key, kind }) => kind === "normalise" && above.has(key));
  });
  // What stands now says nothing of a row as it was.
  if (!isOfGenome || asset.partition === WHOLE || asset.past === true) return null;
  return (site) => store.show({ kind: "trace", asset: asset.key, site });
}
