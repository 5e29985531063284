import { nearHint } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import type { Catalog } from "./catalog/catalog.ts";

/** Partitions that a question lists: there may be many. */
const PARTITIONS_NAMED = 12;

/** @throws {WorkspaceError} `usage` for a partition that is not there, and for none */
export function requirePartition(catalog: Catalog, partition: PartitionKey): void {
  if (partition !== WHOLE && catalog.partitions.get(partition) !== null) return;
  const known = catalog.partitions.all().map(({ key }) => key);
  const shown = known.slice(0, PARTITIONS_NAMED).join(", ");
  throw new WorkspaceError({
    code: "usage",
    message: partition === WHOLE ? "a partition is needed" : `no such partition: ${partition}`,
    hint: nearHint(
      partition,
      known,
      known.length === 0
        ? "Add one: karyon partitions add USER/SAMPLE --vcf FILE"
        : `There are ${shown}${known.length > PARTITIONS_NAMED ? ", …" : ""}.`,
    ),
  });
}
