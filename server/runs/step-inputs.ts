import type { AssetDefinition } from "#graph/definition.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { findVersion, versionsOf } from "../versions.ts";
import { inputFiles } from "./input-files.ts";
import type { RunContext } from "./run-context.ts";

/** What an asset is made from, as it stands; without what failed in this run. */
export function inputsOf(
  definition: AssetDefinition,
  partition: PartitionKey,
  { graph, catalog, home }: RunContext,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
): InputFiles[] {
  return definition.inputs.flatMap((asset) => {
    if (failed.has(asset)) return [];
    const of = partitionOf(graph, asset, partition);
    const head = catalog.versions.head(asset, of);
    if (head === null) return [];
    if (head.kind === "observation") {
      const { dataVersion: version, facts } = head.observation;
      return [{ asset, partition: of, dataVersion: version, files: {}, table: null, facts }];
    }
    return [inputFiles(head.record, home)];
  });
}

/** What was compared with, when it is of another sample: an input like the others, by whose version this goes stale. */
export function otherSide({ earlier }: AssetDefinition, files: InputFiles | null): AssetRecord["inputs"] {
  if (files === null || earlier === null || earlier.sample === null) return [];
  const { asset, partition, dataVersion: version } = files;
  return [{ asset, partition, dataVersion: version, compared: true }];
}

/**
 * The version that an asset is compared with; null when with none.
 *
 * @throws {WorkspaceError} `usage` for a version that there is not
 */
export function earlierOf(
  { earlier }: AssetDefinition,
  partition: PartitionKey,
  { graph, catalog, home }: RunContext,
): InputFiles | null {
  if (earlier === null) return null;
  const asset = earlier.asset as AssetKey;
  const of = partitionOf(graph, asset, earlier.sample === null ? partition : parsePartition(earlier.sample));
  return inputFiles(findVersion(versionsOf(catalog, asset, of), earlier.version), home);
}
