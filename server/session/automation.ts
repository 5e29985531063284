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

/**
 * Of the assets of a partition that are to be made by themselves now, those that are missing or stale. Of those with
 * partitions none without one.
 *
 * @param isAsked whether one is to be fresh now, by its policy
 */
export function wantedAssets(
  graph: Graph,
  partition: PartitionKey,
  known: Known,
  isAsked: (definition: AssetDefinition) => boolean,
): Wanted[] {
  const asked = [...graph.assets.values()].filter(
    (definition) =>
      definition.partitioned === (partition !== WHOLE) && !isDisabled(definition) && isAsked(definition),
  );
  if (asked.length === 0) return [];
  const now = statuses(graph, partition, known);
  return asked.flatMap(({ key }) => {
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
