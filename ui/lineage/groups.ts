import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import type { CellState, StateName } from "../state/cell-state.ts";
import { wantsRun } from "../state/cell-state.ts";

/** A node of the drawn graph: an asset, or several sources of one kind that all feed the same assets. */
export interface GraphNode {
  readonly key: string;
  readonly label: string;
  readonly upstream: readonly string[];
  /** What the lines to it say, for who does not see them. */
  readonly inputs: string;
  /** One, or the members of a group. */
  readonly assets: readonly AssetKey[];
  readonly group: boolean;
}

/** Fewer than these are drawn one by one. */
const LEAST_GROUP = 3;

/**
 * The graph with its many alike sources folded: the folders of twenty modules are one node until it is
 * opened. `open`: keys of groups that are drawn one by one.
 */
export function graphNodes(assets: readonly AssetView[], open: ReadonlySet<string>): GraphNode[] {
  const members = new Map<string, AssetView[]>();
  for (const asset of assets) {
    if (asset.upstream.length > 0 || asset.notebook !== null) continue;
    const key = groupKey(asset);
    members.set(key, [...(members.get(key) ?? []), asset]);
  }
  const groupOf = new Map<AssetKey, string>();
  for (const [key, group] of members) {
    if (group.length < LEAST_GROUP || open.has(key)) members.delete(key);
    else for (const asset of group) groupOf.set(asset.key, key);
  }
  const groups = [...members].map(([key, group]) => groupNode(key, group));
  const labels = new Map<string, string>(groups.map(({ key, label }) => [key, label.replace(" ▸", "")]));
  const single = assets
    .filter((asset) => !groupOf.has(asset.key))
    .map((asset) => {
      const upstream = [...new Set(asset.upstream.map((name) => groupOf.get(name) ?? name))];
      return {
        key: asset.key,
        label: asset.key,
        upstream,
        inputs:
          upstream.length === 0
            ? "made from nothing here"
            : `made from ${upstream.map((key) => labels.get(key) ?? key).join(", ")}`,
        assets: [asset.key],
        group: false,
      };
    });
  return [...groups, ...single];
}

/** A group is what the first of its members is that needs something. */
export function groupState(node: GraphNode, states: ReadonlyMap<AssetKey, CellState>): StateName {
  const all = node.assets.flatMap((key) => states.get(key) ?? []);
  return (all.find(wantsRun) ?? all[0])?.name ?? "missing";
}

function groupKey(asset: AssetView): string {
  return `${asset.kind}: ${asset.downstream.toSorted().join(", ")}`;
}

function groupNode(key: string, group: readonly AssetView[]): GraphNode {
  const label = `${group.length} ${group[0]?.kind ?? "source"}s ▸`;
  const assets = group.map((asset) => asset.key);
  return { key, label, upstream: [], inputs: assets.join(", "), assets, group: true };
}
