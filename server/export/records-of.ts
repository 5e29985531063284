import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { Catalog } from "../catalog/catalog.ts";

/** Materialisations of one asset and partition that are looked through. */
export const MOST_RECORDS = 10_000;

export interface Found {
  readonly record: AssetRecord;
  readonly isHead: boolean;
}

/** Materialisations of an asset: of the sample of that name first, then of any, for a file may call it otherwise. */
export function recordsOf(asset: AssetKey, sample: string | null, catalog: Catalog): Found[] {
  const own = (partition: PartitionKey): boolean => dimensions(partition).sample === sample;
  const partitions = partitionsOf(catalog).toSorted((a, b) => Number(own(b)) - Number(own(a)));
  return partitions.flatMap((partition) =>
    catalog.versions
      .history(asset, partition, MOST_RECORDS)
      .map((record, at) => ({ record, isHead: at === 0 })),
  );
}

export function partitionsOf(catalog: Catalog): PartitionKey[] {
  return [WHOLE, ...catalog.partitions.all().map(({ key }) => key)];
}

/** When what was made before a time (ISO 8601) of an asset was erased for someone; null when it never was since. */
export function erasedAt(asset: AssetKey, madeBefore: string, catalog: Catalog): string | null {
  const receipt = catalog
    .receipts()
    .find(
      ({ at, event }) =>
        event.type === "erased" &&
        at > madeBefore &&
        (event.assets.includes(asset) || event.derived?.some((one) => one.asset === asset) === true),
    );
  return receipt?.at ?? null;
}
