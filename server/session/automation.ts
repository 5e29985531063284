import { isDisabled } from "#graph/definition.ts";
import type { AssetDefinition } from "#graph/definition.ts";
import type { Graph } from "#graph/graph.ts";
import { upstreamClosure } from "#graph/graph.ts";
import type { Known } from "#graph/staleness.ts";
import { comparedWith, partitionOf, statuses } from "#graph/staleness.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";

/** An asset that is to be made by itself, as things stand. */
export interface Wanted {
  readonly asset: AssetKey;
  /** What it would be made from. A failed try is repeated only once this has changed. */
  readonly from: string;
}

/** Whether an asset is made by itself: `auto=eager` after its name. All others wait until they are asked for. */
export function isEager({ cell, external }: Pick<AssetDefinition, "cell" | "external">): boolean {
  return cell.attributes["auto"] === "eager" && !external;
}

/** The eager assets of a partition that are missing or stale. Of those with partitions none without one. */
export function wantedAssets(graph: Graph, partition: PartitionKey, known: Known): Wanted[] {
  const eager = [...graph.assets.values()].filter(
    (definition) =>
      isEager(definition) && !isDisabled(definition) && definition.partitioned === (partition !== WHOLE),
  );
  if (eager.length === 0) return [];
  const now = statuses(graph, partition, known);
  return eager.flatMap(({ key }) => {
    const status = now.get(key);
    if (graph.problems.has(key) || (status?.state !== "missing" && status?.state !== "stale")) return [];
    const from = upstreamClosure(graph, [key]).map((above): unknown[] => {
      const definition = graph.assets.get(above);
      const at = partitionOf(graph, above, partition);
      const parts = definition === undefined ? {} : known.partsOf(definition, at);
      const other = definition === undefined ? [] : comparedWith(graph, definition, known);
      return [above, parts, definition?.external === true ? known.head(above, at)?.dataVersion : null, other];
    });
    return [{ asset: key, from: JSON.stringify(from) }];
  });
}
