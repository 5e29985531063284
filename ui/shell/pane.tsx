import { useMemo, useState } from "react";
import type { ReactNode } from "react";

import type { AssetView } from "#protocol/view.ts";

import { RecordList } from "../cells/record.tsx";
import { recordLines } from "../cells/record-words.ts";
import { AssetSearch } from "../lineage/asset-search.tsx";
import { foundAssets } from "../lineage/found-assets.ts";
import { LineageRails } from "../lineage/lineage-rails.tsx";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { depths } from "../state/depth.ts";
import { causeSentences } from "../words/cause.ts";
import { Marked } from "./marked.tsx";
import { StateMark } from "./state-mark.tsx";
import { useChooseAsset } from "./use-choose-asset.ts";
import { usePage } from "./use-store.tsx";

/** From this many on they are searched. */
const MANY = 15;
const NONE: readonly AssetView[] = [];

/** The whole graph, and how the chosen asset was made. */
export function Pane({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { page, states } = usePage();
  const choose = useChooseAsset();
  const assets = page.snapshot?.assets ?? NONE;
  const [wanted, setWanted] = useState("");
  const shown = useMemo(() => foundAssets(assets, wanted), [assets, wanted]);
  const selected = assets.find((asset) => asset.key === page.selectedAsset) ?? null;
  return (
    <aside className="pane" aria-label="lineage and record">
      <div className="pane-head">
        <h2>Lineage</h2>
        <button
          type="button"
          className="button quiet close"
          aria-label="Close lineage and record"
          onClick={onClose}
        >
          ✕
        </button>
      </div>
      {assets.length < MANY ? null : (
        <AssetSearch className="pane-search" value={wanted} onChange={setWanted} />
      )}
      <LineageRails
        label="lineage of the workspace"
        assets={shown}
        states={states}
        selected={page.selectedAsset}
        onChoose={choose}
      />
      {selected === null ? null : <Selected asset={selected} />}
    </aside>
  );
}

function Selected({ asset }: { readonly asset: AssetView }): ReactNode {
  const { page, states } = usePage();
  const state = states.get(asset.key) ?? { name: "missing" as const };
  const depth = depths(page.snapshot?.assets ?? []);
  return (
    <section className="pane-asset" aria-label={`record of ${asset.key}`}>
      <h3>{asset.key}</h3>
      <p className="pane-asset-state">
        <StateMark state={state.name} /> {STATE_LOOKS[state.name].word} · {asset.kind}
      </p>
      {"causes" in state ? (
        <p className="pane-asset-cause">
          <Marked text={causeSentences(state.causes, asset.key, depth).join(" · ")} />
        </p>
      ) : null}
      {asset.observed === null ? null : <p className="pane-asset-observed">{asset.observed}</p>}
      {asset.record === null ? null : <RecordList lines={recordLines(asset.record)} />}
    </section>
  );
}
