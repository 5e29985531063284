import { upstreamClosure } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

/**
 * What has to be done so that `targets` are fresh, upstream first: the targets and all they are made from, but
 * what is external and what is fresh. A step below a stale one is in the plan; whether it has to run is known
 * when the steps above it have.
 */
export function plan(
  graph: Graph,
  targets: Iterable<AssetKey>,
  statuses: ReadonlyMap<AssetKey, AssetStatus>,
): AssetKey[] {
  return upstreamClosure(graph, targets).filter((key) => {
    const external = graph.assets.get(key)?.external === true;
    return !external && statuses.get(key)?.state !== "fresh";
  });
}
