import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import type { Catalog } from "./catalog/catalog.ts";
import { lastStatus } from "./session/asset-view.ts";
import type { AssetFacts } from "./session/asset-view.ts";

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
  return lastStatus({ status, failure: failureOf(catalog, asset, partitionOf(graph, asset, partition)) });
}

/**
 * How the last try at an asset, or the last look at an external (then of run 0), failed; null when something came after
 * it. What is wrong with a definition is told by the graph, as long as it is.
 */
export function failureOf(catalog: Catalog, asset: AssetKey, partition: PartitionKey): AssetFacts["failure"] {
  const event = catalog.versions.lastFailure(asset, partition)?.event;
  if (event?.type === "absent") return { state: "failed", error: event.error, run: 0 };
  if (event?.type !== "step_failed" || event.ofDefinition === true) return null;
  return { state: "failed", error: event.error, run: event.run };
}
