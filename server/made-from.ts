import type { PartitionKey } from "#protocol/ids.ts";

import type { RecordedOrigin } from "./catalog/catalog.ts";

/**
 * Records of other partitions whose inputs come, directly or through other records, from partitions that are gone.
 *
 * @param origins the earliest first, so that what a record was made from comes before it
 * @param isGone whether what was there of a partition when the record `seq` was made is gone, or is to go
 */
export function madeFrom(
  origins: readonly RecordedOrigin[],
  isGone: (partition: PartitionKey, seq: number) => boolean,
): RecordedOrigin[] {
  const found = new Map<string, RecordedOrigin[]>();
  for (const origin of origins) {
    if (isGone(origin.partition, origin.seq)) continue;
    const reads = origin.inputs.some(
      (input) => isGone(input.partition, origin.seq) || found.has(versionKey(input)),
    );
    if (!reads) continue;
    const key = versionKey(origin);
    found.set(key, [...(found.get(key) ?? []), origin]);
  }
  return [...found.values()].flat();
}

function versionKey({
  asset,
  partition,
  dataVersion,
}: Pick<RecordedOrigin, "asset" | "partition" | "dataVersion">): string {
  return [asset, partition, dataVersion].join(" ");
}
