import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { makeCommand } from "#protocol/shell-words.ts";

import type { Workspace } from "../workspace.ts";
import { resolveAsset } from "./asset-place.ts";

export interface StandingAnnotations {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly graph: Graph;
  readonly annotations: AssetRecord;
  readonly variants: AssetRecord;
  readonly modules: AssetRecord;
}

/**
 * The annotations of a sample, and what they are made from, as they stand.
 *
 * @throws {WorkspaceError} `usage` for what is no annotations, `asset` for what is not made yet
 */
export async function standingAnnotations(
  named: { readonly asset: string; readonly partition: string },
  workspace: Workspace,
): Promise<StandingAnnotations> {
  const { asset, partition } = await resolveAsset(
    { asset: named.asset, partition: named.partition },
    workspace,
  );
  const { graph } = await workspace.definitions();
  const definition = graph.assets.get(asset);
  const [variants, modules] = definition?.inputs ?? [];
  if (definition?.kind !== "annotate" || variants === undefined || modules === undefined) {
    throw new WorkspaceError({
      code: "usage",
      message: `no annotations: ${asset}`,
      hint: "Name an asset that an annotate cell makes, such as user_hf_module_annotations.",
    });
  }
  const record = (key: AssetKey): AssetRecord => {
    const head = workspace.catalog.versions.headRecord(key, partitionOf(graph, key, partition));
    if (head !== null) return head;
    throw new WorkspaceError({
      code: "asset",
      message: `${key} of ${partition} is not made yet`,
      hint: `Make it first: ${makeCommand(asset, partition)}`,
    });
  };
  return {
    asset,
    partition,
    graph,
    annotations: record(asset),
    variants: record(variants),
    modules: record(modules),
  };
}
