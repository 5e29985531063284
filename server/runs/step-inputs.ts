import type { AssetDefinition } from "#graph/definition.ts";
import { partitionOf } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { WHOLE, parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { makeCommand, shellWord } from "#protocol/shell-words.ts";

import type { Catalog } from "../catalog/catalog.ts";
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

/** What was compared with of other samples: inputs like the own ones, by whose versions this goes stale. */
export function comparedInputs(
  { others }: AssetDefinition,
  files: readonly InputFiles[],
): AssetRecord["inputs"] {
  return files.flatMap(({ asset, partition, dataVersion: version }, at) =>
    others[at]?.sample == null ? [] : [{ asset, partition, dataVersion: version, compared: true }],
  );
}

/**
 * The versions that an asset is compared with.
 *
 * @throws {WorkspaceError} `asset` for a sample that is not there, or has nothing made; `usage` for no version of it
 */
export function othersOf(
  { others }: AssetDefinition,
  partition: PartitionKey,
  { graph, catalog, home }: RunContext,
): InputFiles[] {
  return others.map(({ asset: name, sample, version }) => {
    const asset = name as AssetKey;
    const of = partitionOf(graph, asset, sample === null ? partition : parsePartition(sample));
    const versions = versionsOf(catalog, asset, of);
    if (versions.length === 0 && of !== partition && of !== WHOLE) throw nothingOf(asset, of, catalog);
    return inputFiles(findVersion(versions, version), home);
  });
}

function nothingOf(asset: AssetKey, of: PartitionKey, { partitions }: Catalog): WorkspaceError {
  const isThere = partitions.get(of) !== null;
  const add = `karyon partitions add ${shellWord(of)} --vcf FILE`;
  return new WorkspaceError({
    code: "asset",
    message: isThere ? `${of} has no ${asset} to compare with` : `no sample ${of} to compare with`,
    hint: isThere ? `Make it first: ${makeCommand(asset, of)}` : `Take it out of the cell, or add it: ${add}`,
  });
}
