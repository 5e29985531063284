import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import type { Catalog } from "./catalog/catalog.ts";
import { lastStatus } from "./session/asset-view.ts";

/** The state of an asset, or that it failed: since it was made last, or as it cannot be made at all (then of run 0). */
export function shownStatus(
  catalog: Catalog,
  graph: Graph,
  asset: AssetKey,
  partition: PartitionKey,
  status: AssetStatus,
): AssetStatus {
  const problem = graph.problems.get(asset);
  if (problem !== undefined) return { state: "failed", error: problem, run: 0 };
  const failure = catalog.lastFailure(asset, partitionOf(graph, asset, partition))?.event;
  return lastStatus({
    status,
    failure:
      failure?.type === "step_failed" ? { state: "failed", error: failure.error, run: failure.run } : null,
  });
}
