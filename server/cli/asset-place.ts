import * as z from "zod";

import { nearHint } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";

import type { Workspace } from "../workspace.ts";

export interface AssetPlace {
  readonly asset: string;
  readonly partition?: string | undefined;
}

/** Parameters of a verb about one asset in one partition. */
export const ASSET_PLACE: z.ZodType<AssetPlace> = z.strictObject({
  asset: z.string(),
  partition: z.string().optional(),
});

/**
 * The asset that is meant.
 *
 * @throws {WorkspaceError} `usage` for an asset or a partition that is not there, or an asset with partitions when none is given
 */
export async function resolveAsset(
  { asset, partition }: AssetPlace,
  workspace: Workspace,
): Promise<{ readonly asset: AssetKey; readonly partition: PartitionKey }> {
  const { graph } = await workspace.definitions();
  const definition = graph.assets.get(asset as AssetKey);
  if (definition === undefined) {
    throw new WorkspaceError({
      code: "usage",
      message: `no asset: ${asset}`,
      hint: nearHint(asset, graph.assets.keys(), "See karyon ls."),
    });
  }
  if (partition === undefined && definition.partitioned) {
    throw new WorkspaceError({
      code: "usage",
      message: `${asset} has partitions`,
      hint: `Write ${asset} USER/SAMPLE.`,
    });
  }
  return { asset: definition.key, partition: workspace.partition(partition) };
}
