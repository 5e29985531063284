import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import type { Workspace } from "../workspace.ts";

/** The partition that is asked for; otherwise all there are, or what has none. */
export function partitionsOf(workspace: Workspace, partition: string | undefined): readonly PartitionKey[] {
  if (partition !== undefined) return [workspace.partition(partition)];
  const all = workspace.catalog.partitions.all().map(({ key }) => key);
  return all.length === 0 ? [WHOLE] : all;
}
