import { upstreamClosure } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

/**
 * What has to be done so that `targets` are fresh, upstream first: the targets and all they are made from, but
 * what is external and what is fresh. A step below a stale one is in the plan; whether it has to run is known
 * when the steps above it have. What is held while it is behind, or disabled, is in the plan so that the run says
 * why it was passed over; nothing is made for its sake alone.
 */
export function plan(
  graph: Graph,
  targets: Iterable<AssetKey>,
  statuses: ReadonlyMap<AssetKey, AssetStatus>,
): AssetKey[] {
  const stays = (key: AssetKey): boolean => {
    const state = statuses.get(key)?.state;
    return state === "held" || state === "disabled";
  };
  return upstreamClosure(graph, targets, stays).filter((key) => {
    const external = graph.assets.get(key)?.external === true;
    const status = statuses.get(key);
    const current = status?.state === "fresh" || (status?.state === "held" && status.behind === 0);
    return !external && !current;
  });
}
