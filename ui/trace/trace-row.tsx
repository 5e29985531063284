import type { ReactNode } from "react";

import { WHOLE } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { usePageValue, useStore } from "../shell/use-store.tsx";
import { upstreamOf } from "../state/depth.ts";
import { siteOfRow } from "./site-of-row.ts";

interface Props {
  readonly asset: AssetView;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What leads from a row of a person's table to the lines and the rows that it is from; nothing for other rows. */
export function TraceRow({ asset, row }: Props): ReactNode {
  const store = useStore();
  const isOfGenome = usePageValue(({ page }) => {
    const assets = page.snapshot?.assets ?? [];
    const above = upstreamOf(assets, asset.key);
    return assets.some(({ key, kind }) => kind === "normalise" && above.has(key));
  });
  const site = siteOfRow(row);
  // What stands now says nothing of a row as it was.
  if (site === null || !isOfGenome || asset.partition === WHOLE || asset.past === true) return null;
  return (
    <button
      type="button"
      className="button trace-row"
      onClick={() => store.show({ kind: "trace", asset: asset.key, site })}
    >
      Where is it from?
    </button>
  );
}
