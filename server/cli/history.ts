import { existsSync } from "node:fs";

import * as z from "zod";

import { changes, partitionOf } from "#graph/staleness.ts";
import type { Graph } from "#graph/graph.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { parsePartition, WHOLE } from "#protocol/ids.ts";
import type { AssetRecord, StaleCause } from "#protocol/record.ts";

import { objectPath } from "../runs/published-tree.ts";
import { timeOf, versionsOf } from "../versions.ts";
import { ASSET_PLACE, resolveAsset } from "./asset-place.ts";
import type { AssetPlace } from "./asset-place.ts";
import { bytes, causeText, count, table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

/** One version of an asset. */
export interface PastVersion {
  readonly record: AssetRecord;
  /** What was other than in the version before; empty for the first, and where nothing was. */
  readonly causes: readonly StaleCause[];
  /** Whether the content is that of the version before. */
  readonly same: boolean;
  /** Whether its files are there: those of an old version may have been let go. */
  readonly kept: boolean;
}

export interface HistoryResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** The latest first: the first is the one that stands. */
  readonly versions: readonly PastVersion[];
}

export const history: AnyVerb = defineVerb<AssetPlace, HistoryResult>({
  name: "history",
  parameters: ASSET_PLACE,
  declare(program, ask) {
    program
      .command("history <asset> [partition]")
      .description("the versions of an asset: when each was made, by which run, and what had changed")
      .action((asset: string, partition: string | undefined) =>
        ask({ asset, ...(partition === undefined ? {} : { partition }) }),
      );
  },
  async run(parameters, { workspace }) {
    const { asset, partition } = await resolveAsset(parameters, workspace);
    const { graph } = await workspace.definitions();
    const at = partitionOf(graph, asset, partition);
    const records = versionsOf(workspace.catalog, asset, at);
    const known = workspace.known();
    const versions = records.map((record, place) => {
      const before = records[place + 1];
      const causes = before === undefined ? [] : changes(graph, asset, before, record, known);
      const kept = record.files.every(({ hash }) => existsSync(objectPath(workspace.paths.home, hash)));
      return { record, causes, same: before?.dataVersion === record.dataVersion, kept };
    });
    return { asset, partition: at, versions };
  },
  print: ({ asset, versions }) =>
    versions.length === 0
      ? `${asset} was never made.`
      : table([
          ["Run", "Made", "Version", "Rows", "Size", "Changed"],
          ...versions.map(({ record, causes, same, kept }, place) => [
            String(record.run),
            record.madeAt,
            record.dataVersion.slice(0, 12),
            record.rows === null ? "–" : count(record.rows),
            bytes(record.bytes),
            [
              causes.length > 0
                ? causes.map((cause) => causeText(cause)).join("; ")
                : place === versions.length - 1
                  ? "the first"
                  : same
                    ? "nothing"
                    : "the content alone",
              ...(kept ? [] : ["files let go"]),
            ].join(" · "),
          ]),
        ]),
});

const AS_OF = z.strictObject({ at: z.string(), partition: z.string().optional() });

/** An asset as it stood at a time. */
export interface PastAsset {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** Null: it was not made yet, or is observed from outside. */
  readonly record: AssetRecord | null;
  /** One line on an external; null when nobody had looked at it yet. */
  readonly observed: string | null;
}

export interface AsOfResult {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly assets: readonly PastAsset[];
}

export const asOf: AnyVerb = defineVerb<z.output<typeof AS_OF>, AsOfResult>({
  name: "as-of",
  parameters: AS_OF,
  declare(program, ask) {
    program
      .command("as-of <time> [partition]")
      .description("the version of every asset that stood at a time, such as 2026-11-22 or 2026-11-22T14:00")
      .action((at: string, partition: string | undefined) =>
        ask({ at, ...(partition === undefined ? {} : { partition }) }),
      );
  },
  async run({ at, partition: text }, { workspace }) {
    const time = timeOf(at);
    if (time === null) {
      throw new WorkspaceError({
        code: "usage",
        message: `not a time: ${at}`,
        hint: "Write a day or a time, such as 2026-11-22 or 2026-11-22T14:00.",
      });
    }
    const { graph } = await workspace.definitions();
    const until = new Date(time).toISOString();
    const partition = text === undefined || text === "" ? WHOLE : parsePartition(text);
    return { at: until, assets: pastAssets(graph, partition, until, workspace.catalog) };
  },
  print: ({ at, assets }) =>
    [
      `As of ${at}:`,
      table(
        assets.map(({ asset, record, observed }) => [
          asset,
          record === null ? (observed ?? "was not there yet") : `run ${record.run}, ${record.madeAt}`,
        ]),
      ),
    ].join("\n"),
});

function pastAssets(
  graph: Graph,
  partition: PartitionKey,
  until: string,
  catalog: Parameters<typeof versionsOf>[0],
): PastAsset[] {
  return [...graph.assets.keys()].map((asset) => {
    const at = partitionOf(graph, asset, partition);
    const stood = catalog.stoodAt(asset, at, until);
    return {
      asset,
      partition: at,
      record: stood?.kind === "record" ? stood.record : null,
      observed: stood?.kind === "observation" ? stood.observation.summary : null,
    };
  });
}
