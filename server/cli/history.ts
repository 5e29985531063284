import { existsSync } from "node:fs";

import * as z from "zod";

import { changes, partitionOf } from "#graph/staleness.ts";
import { WHOLE } from "#protocol/ids.ts";
import { bytes, count } from "#protocol/numerals.ts";
import { shellWord } from "#protocol/shell-words.ts";
import type { AsOfResult, HistoryResult } from "#protocol/verb-results.ts";

import { objectPath } from "../runs/published-tree.ts";
import { momentOf, versionsOf } from "../versions.ts";
import { viewsOfPast } from "../workspace-views.ts";
import { ASSET_PLACE, resolveAsset } from "./asset-place.ts";
import type { AssetPlace } from "./asset-place.ts";
import { causesText, madeBy, table } from "./format.ts";
import { partitionsOf } from "./partitions-of.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

export const history: AnyVerb = defineVerb<AssetPlace, HistoryResult>({
  name: "history",
  parameters: ASSET_PLACE,
  declare(program, ask) {
    program
      .command("history <asset> [partition]")
      .description("the versions of an asset: when each was made, by which run, and what had changed")
      .action((asset: string, partition: string | undefined) => ask({ asset, partition }));
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
                ? causesText(causes, asset)
                : place === versions.length - 1
                  ? "the first"
                  : same
                    ? "nothing"
                    : "the content alone",
              ...(record.runEngine === undefined ? [] : [`on ${madeBy(record)}`]),
              ...(kept ? [] : ["files let go"]),
            ].join(" · "),
          ]),
        ]),
});

const AS_OF = z.strictObject({
  at: z.string(),
  /** Empty: what has no partition alone, as a page without a sample shows it; absent: all that there are. */
  partition: z.string().optional(),
  /** A notebook that is wanted as it was. */
  notebook: z.string().optional(),
});

export const asOf: AnyVerb = defineVerb<z.output<typeof AS_OF>, AsOfResult>({
  name: "as-of",
  parameters: AS_OF,
  declare(program, ask) {
    program
      .command("as-of <time> [partition]")
      .description("what stood at a time, such as 2026-11-22 or 2026-11-22T14:00: the version of every asset")
      .action((at: string, partition: string | undefined) => ask({ at, partition }));
  },
  async run({ at: asked, partition: text, notebook: path }, { workspace }) {
    const at = momentOf(asked);
    const past = await workspace.past.at(at);
    const { graph, notebooks } = past ?? (await workspace.definitions());
    const partitions = text === "" ? [WHOLE] : partitionsOf(workspace, text);
    const views = partitions.flatMap((partition) => viewsOfPast(workspace, graph, partition, at));
    const notebook = notebooks.find((one) => one.path === path);
    return {
      at,
      kept_by: past?.run ?? null,
      notebook: notebook === undefined ? null : { ...notebook, at },
      assets: [...new Map(views.map((one) => [`${one.key} ${one.partition}`, one])).values()],
    };
  },
  print: ({ at, kept_by, assets }) =>
    [
      `As of ${at}:`,
      table(
        assets.map(({ key, partition, record, observed }) => [
          key,
          partition || "–",
          record === null ? (observed ?? "was not there yet") : `run ${record.run}, ${record.madeAt}`,
        ]),
      ),
      kept_by === null
        ? "What the notebooks said then was not kept."
        : `The notebooks as run ${kept_by} found them: karyon notebook export NOTEBOOK ${optionFor(assets)}--at ${at}`,
    ].join("\n"),
});

/** Whose the export would be: the sample's, where there is one alone. */
function optionFor(assets: AsOfResult["assets"]): string {
  const [one, ...others] = new Set(
    assets.flatMap(({ partition }) => (partition === WHOLE ? [] : [partition])),
  );
  if (one === undefined) return "";
  return `--partition ${others.length === 0 ? shellWord(one) : "USER/SAMPLE"} `;
}
