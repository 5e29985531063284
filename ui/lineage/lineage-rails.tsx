import { memo, useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { StateMark } from "../shell/state-mark.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { GraphLink } from "./graph-link.tsx";
import { graphNodes, groupState } from "./groups.ts";
import type { RailEdge } from "./rails.ts";
import { layRails } from "./rails.ts";

interface Props {
  readonly label: string;
  readonly assets: readonly AssetView[];
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly selected: AssetKey | null;
  readonly onChoose: (asset: AssetKey) => void;
}

/** Pixels; a row is as high as a thing to press has to be. */
const ROW_PX = 28;
const LANE_PX = 15;
const FIRST_LANE_PX = 13;

/** The whole graph in a narrow column: rows in the order of the data, rails from what makes to what is made. */
export const LineageRails: (props: Props) => ReactNode = memo(function LineageRails(props: Props): ReactNode {
  const { selected, states } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const nodes = graphNodes(props.assets, open);
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const rails = layRails(nodes);
  const at = nodes.find((node) => selected !== null && node.assets.includes(selected))?.key;
  const width = rails.lanes * LANE_PX;
  return (
    <nav className="rails" aria-label={props.label}>
      <svg
        width={width + FIRST_LANE_PX}
        height={rails.rows.length * ROW_PX}
        style={{ position: "absolute" }}
        aria-hidden="true"
      >
        {rails.edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to}`}
            d={path(edge)}
            className={edge.from === at || edge.to === at ? "near" : undefined}
          />
        ))}
      </svg>
      {rails.rows.map((row) => {
        const node = byKey.get(row.key);
        if (node === undefined) return null;
        const state = groupState(node, states);
        return (
          <GraphLink
            key={row.key}
            node={node}
            className="rail-row"
            current={row.key === at}
            onChoose={props.onChoose}
            onOpen={() => setOpen(new Set([...open, node.key]))}
          >
            <span className="rail-mark" style={{ width, paddingLeft: row.lane * LANE_PX }}>
              <StateMark state={state} />
            </span>
            <span className="lineage-name">{node.label}</span>
            <span className={`lineage-state ink-${STATE_LOOKS[state].tone}`}>{STATE_LOOKS[state].word}</span>
          </GraphLink>
        );
      })}
    </nav>
  );
});

function path(edge: RailEdge): string {
  const [x1, y1] = [middleOfLane(edge.fromLane), middleOfRow(edge.fromRow)];
  const [x2, y2] = [middleOfLane(edge.toLane), middleOfRow(edge.toRow)];
  if (x1 === x2) return `M${x1} ${y1}V${y2}`;
  const bend = y2 - ROW_PX * 0.8;
  return `M${x1} ${y1}V${bend}C${x1} ${y2} ${x1} ${y2} ${x2} ${y2}`;
}

function middleOfLane(lane: number): number {
  return FIRST_LANE_PX + lane * LANE_PX;
}

function middleOfRow(row: number): number {
  return (row + 0.5) * ROW_PX;
}
