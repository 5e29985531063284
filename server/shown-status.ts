import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { Known } from "#graph/staleness.ts";
import { writtenVersion } from "#graph/versions.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import type { Catalog } from "./catalog/catalog.ts";
import { lastStatus } from "./session/asset-view.ts";
import type { AssetFacts } from "./session/asset-view.ts";

/** What is remembered of assets: a workspace. */
interface Remembering {
  readonly catalog: Catalog;
  known(): Pick<Known, "partsOf">;
}

/** The state of an asset, or that it failed: since it was made last, or as it cannot be made at all (then of run 0). */
export function shownStatus(
  remembering: Remembering,
  graph: Graph,
  asset: AssetKey,
  partition: PartitionKey,
  status: AssetStatus,
): AssetStatus {
  const problem = graph.problems.get(asset);
  if (problem !== undefined) return { state: "failed", error: problem, run: 0 };
  return lastStatus({ status, failure: failureOf(remembering, graph, asset, partition) });
}

/**
 * How the last try at an asset, or the last look at an external (then of run 0), failed; null when something came after
 * it. What is wrong with a definition is told by the graph, as long as it is.
 */
export function failureOf(
  remembering: Remembering,
  graph: Graph,
  asset: AssetKey,
  partition: PartitionKey,
): AssetFacts["failure"] {
  const at = partitionOf(graph, asset, partition);
  const event = remembering.catalog.versions.lastFailure(asset, at)?.event;
  if (event?.type === "absent")
    return { status: { state: "failed", error: event.error, run: 0 }, isOfNow: true };
  if (event?.type !== "step_failed" || event.ofDefinition === true) return null;
  const definition = graph.assets.get(asset);
  const now =
    definition === undefined ? null : writtenVersion(definition, remembering.known().partsOf(definition, at));
  return {
    status: { state: "failed", error: event.error, run: event.run },
    isOfNow: event.written === undefined || event.written === now,
  };
}
