import { useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import { count, counted } from "#protocol/numerals.ts";

import { AssetSearch } from "../lineage/asset-search.tsx";
import { foundAssets } from "../lineage/found-assets.ts";
import { LineageRails } from "../lineage/lineage-rails.tsx";
import { NARROW, useMedia } from "../shell/use-media.ts";
import { usePage } from "../shell/use-store.tsx";
import { LineageSheet } from "./lineage-sheet.tsx";
import { PageFrame } from "./page-frame.tsx";

interface Props {
  readonly onChoose: (asset: AssetKey) => void;
}

/** The whole graph: on a sheet, or on a narrow page, where that would be too small to be read, as a list. */
export function LineagePage(props: Props): ReactNode {
  return useMedia(NARROW) ? <LineageList {...props} /> : <LineageSheet {...props} />;
}

function LineageList({ onChoose }: Props): ReactNode {
  const { page, states } = usePage();
  const [search, setSearch] = useState("");
  const assets = page.snapshot?.assets ?? [];
  const found = foundAssets(assets, search);
  const facts = `${counted(assets.length, "asset")}${search.trim() === "" ? "" : ` · ${count(found.length)} found`}`;
  return (
    <PageFrame title="Lineage" facts={facts} tools={<AssetSearch value={search} onChange={setSearch} />}>
      <LineageRails
        label="lineage of the workspace"
        assets={found}
        states={states}
        selected={page.selectedAsset}
        onChoose={onChoose}
      />
    </PageFrame>
  );
}
