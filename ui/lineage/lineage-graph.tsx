import type { MouseEvent, ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { StateMark } from "../shell/state-mark.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";
import type { LayoutOptions } from "./layout.ts";
import { layoutGraph } from "./layout.ts";

interface Props {
  readonly label: string;
  readonly assets: readonly AssetView[];
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly selected: AssetKey | null;
  readonly direction: LayoutOptions["direction"];
  readonly maxWidth: number;
  readonly onChoose: (asset: AssetKey) => void;
}

const NODE_PX = { height: 40, least: 96, most: 236, character: 6.9, padding: 42 };

/** Assets and what they are made from. Each is a link to its cell; its state is a mark and a word. */
export function LineageGraph(props: Props): ReactNode {
  const { assets, states, direction, maxWidth, selected } = props;
  const most = Math.min(NODE_PX.most, maxWidth);
  const layout = layoutGraph(
    assets.map((asset) => ({
      key: asset.key,
      upstream: asset.upstream,
      width: Math.min(most, Math.max(NODE_PX.least, asset.key.length * NODE_PX.character + NODE_PX.padding)),
    })),
    {
      direction,
      nodeHeight: NODE_PX.height,
      gap: direction === "down" ? 8 : 10,
      layerGap: direction === "down" ? 22 : 34,
      maxWidth,
    },
  );
  const choose = (event: MouseEvent, asset: AssetKey): void => {
    event.preventDefault();
    props.onChoose(asset);
  };
  return (
    <nav className="lineage" aria-label={props.label}>
      <div className="lineage-field" style={{ width: layout.width, height: layout.height }}>
        <svg width={layout.width} height={layout.height} aria-hidden="true">
          {layout.edges.map((edge) => (
            <path
              key={`${edge.from} ${edge.to}`}
              d={edge.path}
              className={edge.from === selected || edge.to === selected ? "near" : undefined}
            />
          ))}
        </svg>
        {layout.nodes.map((node) => {
          const key = node.key as AssetKey;
          const state = states.get(key)?.name ?? "missing";
          return (
            <a
              key={key}
              href={`#${cellAnchor(key)}`}
              className={`lineage-node tone-${STATE_LOOKS[state].tone}`}
              style={{ left: node.x, top: node.y, width: node.width, height: node.height }}
              aria-current={key === selected ? "true" : undefined}
              title={key}
              onClick={(event) => choose(event, key)}
            >
              <StateMark state={state} />
              <span className="lineage-name">{key}</span>
              <span className="lineage-state">{STATE_LOOKS[state].word}</span>
            </a>
          );
        })}
      </div>
    </nav>
  );
}
