import { useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { StateMark } from "../shell/state-mark.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { GraphLink } from "./graph-link.tsx";
import type { GraphNode } from "./groups.ts";
import { graphNodes, groupState } from "./groups.ts";
import type { PlacedNode } from "./layout.ts";
import { layoutGraph } from "./layout.ts";
import { textWidth } from "../words/text-width.ts";

interface Props {
  readonly label: string;
  readonly assets: readonly AssetView[];
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly selected: AssetKey | null;
  readonly onChoose: (asset: AssetKey) => void;
}

/** Pixels; `around` is the mark, the padding and the border. */
const NODE_PX = { height: 38, least: 84, most: 236, around: 43 };

/** Assets and what they are made from. Each is a link to its cell; its state is a mark and a word. */
export function LineageGraph(props: Props): ReactNode {
  const { selected } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const nodes = graphNodes(props.assets, open);
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const layout = layoutGraph(
    nodes.map((node) => ({
      key: node.key,
      upstream: node.upstream,
      width: nodeWidth(node.label),
    })),
    { nodeHeight: NODE_PX.height, gap: 10, layerGap: 28 },
  );
  const at = nodes.find((node) => selected !== null && node.assets.includes(selected))?.key;
  return (
    <nav className="lineage" aria-label={props.label}>
      <div className="lineage-field" style={{ width: layout.width, height: layout.height }}>
        <svg width={layout.width} height={layout.height} aria-hidden="true">
          {layout.edges.map((edge) => (
            <path
              key={`${edge.from} ${edge.to}`}
              d={edge.path}
              className={edge.from === at || edge.to === at ? "near" : undefined}
            />
          ))}
        </svg>
        {layout.nodes.map((place) => {
          const node = byKey.get(place.key);
          if (node === undefined) return null;
          return (
            <Node
              key={place.key}
              node={node}
              place={place}
              states={props.states}
              current={place.key === at}
              onChoose={props.onChoose}
              onOpen={() => setOpen(new Set([...open, node.key]))}
            />
          );
        })}
      </div>
    </nav>
  );
}

interface NodeProps {
  readonly node: GraphNode;
  readonly place: PlacedNode;
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly current: boolean;
  readonly onChoose: (asset: AssetKey) => void;
  readonly onOpen: () => void;
}

function Node({ node, place, states, current, onChoose, onOpen }: NodeProps): ReactNode {
  const state = groupState(node, states);
  return (
    <GraphLink
      node={node}
      className={`lineage-node tone-${STATE_LOOKS[state].tone}`}
      style={{ left: place.x, top: place.y, width: place.width, height: place.height }}
      current={current}
      onChoose={onChoose}
      onOpen={onOpen}
    >
      <StateMark state={state} />
      <span className="lineage-name">{node.label}</span>
      <span className="lineage-state">{STATE_LOOKS[state].word}</span>
    </GraphLink>
  );
}

function nodeWidth(label: string): number {
  return Math.ceil(Math.min(NODE_PX.most, Math.max(NODE_PX.least, textWidth(label) + NODE_PX.around)));
}
