import { partitionOf } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";
import { makeCommand } from "#protocol/shell-words.ts";

import { ASSET_PLACE, resolveAsset } from "./asset-place.ts";
import { ofPartition, statusLine } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

interface HoldResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly status: AssetStatus;
}

/** Pins the result that an asset has: it stays, and what is made from it counts as fresh, until it is let go. */
export const hold: AnyVerb = holdVerb(
  "hold",
  "keep an asset's result as it is while what it is made from moves on",
);
export const unhold: AnyVerb = holdVerb("unhold", "let a held result go: it may be made anew again");

function holdVerb(name: "hold" | "unhold", description: string): AnyVerb {
  return defineVerb({
    name,
    parameters: ASSET_PLACE,
    declare(program, ask) {
      program
        .command(`${name} <asset> [partition]`)
        .description(description)
        .action((asset: string, partition: string | undefined) => ask({ asset, partition }));
    },
    async run(parameters, { workspace }: VerbScope): Promise<HoldResult> {
      const { asset, partition } = await resolveAsset(parameters, workspace);
      const { graph } = await workspace.definitions();
      const at = partitionOf(graph, asset, partition);
      const { catalog } = workspace;
      const record = catalog.versions.headRecord(asset, at);
      if (name === "hold" && record === null) throw nothingToHold(asset, at);
      if (catalog.versions.held(asset, at) !== (name === "hold")) {
        if (name === "unhold") catalog.append({ type: "released", asset, partition: at });
        else if (record !== null) {
          catalog.append({ type: "held", asset, partition: at, dataVersion: record.dataVersion });
        }
        workspace.touched(at);
      }
      const status = (await workspace.statuses(partition)).get(asset) ?? { state: "missing" };
      return { asset, partition: at, status };
    },
    print: ({ asset, partition, status }: HoldResult) =>
      `${asset}${ofPartition(partition)}: ${statusLine(status, asset)}`,
  });
}

function nothingToHold(asset: AssetKey, partition: PartitionKey): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `nothing to hold: ${asset}${ofPartition(partition)} was never made`,
    hint: `Make it first: ${makeCommand(asset, partition)}`,
  });
}
