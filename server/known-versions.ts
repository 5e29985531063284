import type { Known, Version } from "#graph/staleness.ts";

import type { Catalog } from "./catalog/catalog.ts";
import type { Remembered } from "./catalog/versions.ts";
import { isStored } from "./runs/published-tree.ts";
import { lookUpVersion, versionsOf } from "./versions.ts";

/** What a catalog remembers, in the words of the graph. */
export function knownTo(catalog: Catalog, home: string): Known {
  return {
    head: (asset, partition) => {
      const head = catalog.versions.head(asset, partition);
      // What stands without its files is made again, as if it never was.
      return head?.kind === "record" && !isStored(head.record, home) ? null : versionOf(head);
    },
    at: (asset, partition, wanted) => versionOf(catalog.versions.at(asset, partition, wanted)),
    partsOf: (definition, partition) => {
      const chosen =
        definition.kind === "annotate" ? catalog.partitions.get(partition)?.attributes.modules : undefined;
      return chosen === undefined
        ? definition.parts
        : { ...definition.parts, "modules chosen": chosen.join(" ") };
    },
    held: (asset, partition) => catalog.versions.held(asset, partition),
    named: (asset, partition, wanted) =>
      lookUpVersion(versionsOf(catalog, asset, partition), wanted)?.dataVersion ?? null,
    withdrawn: (asset, partition) => catalog.versions.withdrawn(asset, partition),
    since: (asset, partition, wanted) => catalog.versions.since(asset, partition, wanted),
  };
}

/** A version that is remembered, in the words of the graph; null for none. */
export function versionOf(remembered: Remembered | null): Version | null {
  if (remembered === null) return null;
  if (remembered.kind === "record") return remembered.record;
  const { dataVersion, parts } = remembered.observation;
  return { dataVersion, parts, inputs: [] };
}
