import { realpath } from "node:fs/promises";
import { resolve } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { dimensions } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import type { CatalogEvent, DerivedOutput } from "../catalog/events.ts";
import { erase, planErasure } from "../erase.ts";
import { exportsOf } from "../export/export-file.ts";
import { isBelow } from "../is-below.ts";
import { madeFrom } from "../made-from.ts";
import type { Workspace } from "../workspace.ts";
import { derivedWords } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  user: z.string(),
  yes: z.boolean().optional(),
  /** Also the genome files that lie in the workspace's input folder and are nobody else's. */
  source: z.boolean().optional(),
});

/** A plan until it was confirmed, then the receipt. */
export interface EraseResult {
  readonly user: string;
  readonly erased: boolean;
  readonly partitions: readonly PartitionKey[];
  readonly assets: readonly AssetKey[];
  /** Outputs of others that were made from theirs. */
  readonly derived: readonly DerivedOutput[];
  readonly objects: number;
  readonly bytes: number;
  /** VCFs that are removed too, and those that are not, each where it really lies. */
  readonly sources: readonly string[];
  readonly sources_kept: readonly string[];
  /** Exported notebooks that lie in the workspace: a person made them to keep. */
  readonly exports_kept: readonly string[];
  /** Numbers of the receipts' events. */
  readonly receipts: number;
}

export const eraseUser: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, EraseResult>({
  name: "erase",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("erase <user>")
      .description("remove all that is kept of a person: first a plan, with --yes for good")
      .option("--yes", "do it")
      .option("--source", "also the genome files that lie in the workspace's input folder")
      .action((user: string, options) => ask({ user, ...options }));
  },
  async run({ user, yes, source }, { workspace }) {
    const partitions = workspace.catalog.partitions.of(user);
    if (partitions.length === 0) {
      throw new WorkspaceError({
        code: "usage",
        message: `nothing is kept of ${user}`,
        hint: workspace.catalog.receipts().some(({ event }) => isOf(user, event))
          ? "What was erased is in the log: karyon log"
          : "See karyon partitions list.",
      });
    }
    const vcfs = await placesOf(partitions.map((key) => workspace.catalog.partitions.remembered(key)));
    const sources = source === true ? await oursAlone(vcfs, partitions, workspace) : [];
    const erasure =
      yes === true ? await erase(workspace, partitions, sources) : planErasure(workspace, partitions);
    if (yes === true) verify(workspace, partitions);
    return {
      user,
      erased: yes === true,
      partitions,
      assets: erasure.assets,
      derived: erasure.derived,
      objects: erasure.objects.length,
      bytes: erasure.objects.reduce((sum, one) => sum + one.bytes, 0),
      sources,
      sources_kept: vcfs.filter((place) => !sources.includes(place)),
      exports_kept: partitions.flatMap((key) => exportsOf(workspace.paths, key)),
      receipts: yes === true ? partitions.length : 0,
    };
  },
  print: ({ user, erased, partitions, assets, derived, objects, bytes: size, ...files }) =>
    [
      `${erased ? "Erased" : "Would erase"} ${user}: ${partitions.join(", ")}`,
      `  ${counted(assets.length, "output")} in ${counted(objects, "file")}, ${bytes(size)}, with their records and links`,
      ...derived.map((one) => `  ${derivedWords(one)}`),
      ...files.sources.map((path) => `  its file ${path}`),
      ...files.sources_kept.map((path) => `  not touched: ${path}`),
      ...files.exports_kept.map((path) => `  not touched, an export: ${path}`),
      erased
        ? "The receipt is in the log: karyon log"
        : `Nothing was changed. To do it: karyon erase ${shellWord(user)} --yes`,
    ].join("\n"),
});

function isOf(user: string, event: CatalogEvent): boolean {
  return event.type === "erased" && dimensions(event.partition).user === user;
}

/** Those that lie in the input folder and are no other sample's: a file that a person keeps elsewhere is theirs. */
async function oursAlone(
  places: readonly string[],
  partitions: readonly PartitionKey[],
  { catalog, paths }: Workspace,
): Promise<string[]> {
  const input = await placeOf(paths.input);
  const others = catalog.partitions.all().filter(({ key }) => !partitions.includes(key));
  const taken = new Set(await placesOf(others.map(({ attributes }) => attributes)));
  return places.filter((place) => isBelow(place, input) && !taken.has(place));
}

async function placesOf(samples: readonly PartitionAttributes[]): Promise<string[]> {
  return Promise.all(samples.flatMap((attributes) => vcfsOf(attributes)).map((path) => placeOf(path)));
}

/** Where a file really lies, whatever links lead there; of one that is not there, where it would. */
async function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function verify({ catalog }: Workspace, partitions: readonly PartitionKey[]): void {
  const left = catalog.recordedFiles().find(({ partition }) => partitions.includes(partition));
  const [derived] = madeFrom(catalog.origins(), (partition) => partitions.includes(partition));
  const name = left?.asset ?? derived?.asset;
  if (name !== undefined) throw new Error(`a record of ${name} is left after erasing`);
}
