import type { Command } from "commander";
import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { bytes, count, counted } from "#protocol/numerals.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { namesInShort, vcfAttribute, vcfsOf } from "#protocol/vcf-files.ts";

import type { DerivedOutput } from "../catalog/events.ts";
import { erase, planErasure } from "../erase.ts";
import { exportsOf } from "../export/export-file.ts";
import { inspectGenome } from "../inspect-genome.ts";
import { aboutWords } from "../workspace-views.ts";
import { derivedWords, table } from "./format.ts";
import { knownModules } from "./known-modules.ts";
import { namesIn } from "./names-in.ts";
import { listed, requireSample } from "./sample-of-file.ts";
import { VCFS, WHOLE_OPTION, absolutePaths, refuseOtherFiles, vcfFiles } from "./vcf-option.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

/** Of a description: a line or two. */
const MOST_CHARACTERS = 1_000;

const ADD = z.strictObject({
  key: z.string(),
  vcf: VCFS.optional(),
  vcfSample: z.string().optional(),
  modules: z.array(z.string()).optional(),
  /** Empty: not stated any more. */
  sex: z.enum(["female", "male", ""], { error: "Write female, male, or nothing" }).optional(),
  description: z.string().max(MOST_CHARACTERS).optional(),
  /** A file without the mark of its end is whole. */
  whole: z.boolean().optional(),
  /** A sample that has other files stays as it is, and is told. */
  fresh: z.boolean().optional(),
});

interface PartitionRow {
  readonly key: PartitionKey;
  readonly attributes: PartitionAttributes;
}

/**
 * `choose`: nothing was added, as the file holds these samples and none was named. `unmarked`: nothing was added, as
 * these files may be cut off and nobody said that they are whole.
 */
type Added = PartitionRow & {
  readonly choose?: readonly string[];
  readonly unmarked?: readonly string[];
};

export const partitionsAdd: AnyVerb = defineVerb<z.output<typeof ADD>, Added>({
  name: "partitions-add",
  parameters: ADD,
  declare(program, ask) {
    group(program)
      .command("add <key>")
      .description("add USER/SAMPLE, or change what belongs to it")
      .option(
        "--vcf <file...>",
        "where its genome file lies (a VCF, or raw data of an array), or each of those of one sample; they stay there",
      )
      .option("--vcf-sample <column>", "sample column to read, when the file has several")
      .option("--modules <a,b>", "modules to annotate with (default: all)", namesIn)
      .option(
        "--sex <sex>",
        "female or male, for your information: nothing is computed from it, but what does not fit is told",
      )
      .option("--description <text>", "what you want to know of it, such as where it is from")
      .option(...WHOLE_OPTION)
      .action((key: string, { vcf, ...options }) =>
        ask({ key, ...options, ...(vcf === undefined ? {} : { vcf: absolutePaths(vcf) }) }),
      );
  },
  async run({ key: text, vcf, vcfSample, modules, whole, fresh, ...said }, { workspace, signal }) {
    const key = parsePartition(text);
    const remembered = workspace.catalog.partitions.remembered(key);
    const given = vcf === undefined ? [] : vcfFiles(vcf, workspace);
    const before = vcfsOf(remembered);
    const paths = given.length > 0 ? vcfsOf({ vcf: vcfAttribute(given) }) : before;
    const isOther = paths.join("\n") !== before.join("\n");
    if (fresh === true) refuseOtherFiles(key, paths, workspace);
    let column = vcfSample ?? remembered.vcf_sample;
    // What cannot be annotated, and a sample that is not there, would fail the first run.
    if (given.length > 0 || (paths.length > 0 && vcfSample !== undefined)) {
      const { samples, unmarked } = await inspectGenome(workspace, paths, signal);
      if (isOther && unmarked.length > 0 && whole !== true) return { key, attributes: {}, unmarked };
      if (vcfSample !== undefined) requireSample(vcfSample, samples, paths);
      if (column !== undefined && !samples.includes(column)) column = undefined;
      if (column === undefined && samples.length > 1) return { key, attributes: {}, choose: samples };
    }
    const { sex, description, vcf_sample: _column, ...others } = { ...remembered, ...said };
    workspace.setPartition(key, {
      ...others,
      ...(sex === undefined || sex === "" ? {} : { sex }),
      ...(description === undefined || description === "" ? {} : { description }),
      ...(given.length === 0 ? {} : { vcf: vcfAttribute(given) }),
      ...(column === undefined ? {} : { vcf_sample: column }),
      ...(modules === undefined ? {} : { modules: await knownModules(modules, workspace) }),
    });
    return { key, attributes: workspace.attributes(key) };
  },
  failed: ({ choose, unmarked }) => choose !== undefined || unmarked !== undefined,
  print: ({ key, attributes, choose, unmarked = [] }) => {
    if (unmarked.length > 0)
      return `Nothing was added: ${namesInShort(unmarked)} may be cut off, as the mark of the end is missing. Compare its size with the original; if it is whole, say so with --whole`;
    return choose === undefined
      ? [key, pathsOf(attributes), aboutWords(attributes)].filter((word) => word !== "").join("  ")
      : `Nothing was added: there are ${count(choose.length)} samples. Name one with --vcf-sample: ${listed(choose)}`;
  },
});

function pathsOf(attributes: PartitionAttributes): string {
  return vcfsOf(attributes).join(", ") || "no file yet";
}

const LIST = z.strictObject({
  /** `anna`, `anna/*`, `anna/b*`; absent: all. */
  whose: z.string().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().positive().optional(),
});

export const partitionsList: AnyVerb = defineVerb<
  z.output<typeof LIST>,
  { readonly partitions: readonly PartitionRow[]; readonly next: PartitionKey | null }
>({
  name: "partitions-list",
  parameters: LIST,
  declare(program, ask) {
    group(program)
      .command("list [whose]")
      .description("every USER/SAMPLE of the workspace, or those of USER, or such as USER/B*")
      .option("--limit <n>", "so many (default: all)")
      .option("--after <key>", "those after this one")
      .action((whose: string | undefined, options) =>
        ask({ ...options, ...(whose === undefined ? {} : { whose }) }),
      );
  },
  run({ whose, after = "", limit = -1 }, { workspace }) {
    const { partitions } = workspace.catalog;
    // One more says whether there are more.
    const found = partitions.page({ prefix: prefixOf(whose), after, limit: limit < 0 ? limit : limit + 1 });
    const shown = limit < 0 ? found : found.slice(0, limit);
    const next = shown.length < found.length ? (shown.at(-1)?.key ?? null) : null;
    return Promise.resolve({ partitions: shown, next });
  },
  print: ({ partitions, next }) =>
    partitions.length === 0
      ? "There is none. Add one: karyon partitions add USER/SAMPLE --vcf FILE"
      : [
          table(partitions.map(({ key, attributes }) => [key, pathsOf(attributes), aboutWords(attributes)])),
          ...(next === null ? [] : [`There are more: --after ${shellWord(next)}`]),
        ].join("\n"),
});

/** @throws {WorkspaceError} `usage` for a star that is not at the end */
function prefixOf(whose: string | undefined): string {
  if (whose === undefined) return "";
  const prefix = whose.replace(/\*$/, "");
  if (prefix.includes("*")) {
    throw new WorkspaceError({
      code: "usage",
      message: `a star that is not at the end: ${whose}`,
      hint: "Write USER, USER/*, or such as USER/B*.",
    });
  }
  return prefix === whose && !whose.includes("/") ? `${whose}/` : prefix;
}

const REMOVE = z.strictObject({
  key: z.string(),
  keepOutputs: z.boolean().optional(),
  dryRun: z.boolean().optional(),
});

/** The receipt of a removal, or what it would say. */
interface Removed {
  readonly removed: boolean;
  readonly partition: PartitionKey;
  readonly assets: readonly AssetKey[];
  /** Outputs of others that were made from its own. */
  readonly derived: readonly DerivedOutput[];
  readonly objects: number;
  readonly bytes: number;
  /** The sources are never removed. */
  readonly sources_kept: readonly string[];
  /** Nor are exported notebooks that lie in the workspace: a person made them to keep. */
  readonly exports_kept: readonly string[];
}

export const partitionsRemove: AnyVerb = defineVerb<z.output<typeof REMOVE>, Removed>({
  name: "partitions-rm",
  parameters: REMOVE,
  declare(program, ask) {
    group(program)
      .command("rm <key>")
      .description("remove a partition with its outputs and records; its file stays")
      .option("--keep-outputs", "only hide it: adding the key again brings its outputs back")
      .option("--dry-run", "only say what would be removed")
      .action((key: string, options) => ask({ key, ...options }));
  },
  async run({ key: text, keepOutputs, dryRun }, { workspace }) {
    const key = parsePartition(text);
    const partition = workspace.catalog.partitions.get(key);
    if (partition === null) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such partition: ${key}`,
        hint: "See karyon partitions list.",
      });
    }
    const kept = {
      sources_kept: vcfsOf(partition.attributes),
      exports_kept: exportsOf(workspace.paths, key),
    };
    const removed = dryRun !== true;
    if (keepOutputs === true) {
      if (removed) {
        workspace.catalog.append({ type: "partition_hidden", partition: key });
        workspace.touched(key);
      }
      return { removed, partition: key, assets: [], derived: [], objects: 0, bytes: 0, ...kept };
    }
    const erasure = removed ? await erase(workspace, [key]) : planErasure(workspace, [key]);
    const size = erasure.objects.reduce((sum, one) => sum + one.bytes, 0);
    return {
      removed,
      partition: key,
      assets: erasure.assets,
      derived: erasure.derived,
      objects: erasure.objects.length,
      bytes: size,
      ...kept,
    };
  },
  print: ({ removed, partition, assets, derived, objects, bytes: size, sources_kept, exports_kept }) =>
    [
      `${removed ? "Removed" : "Would remove"} ${partition}: ${counted(assets.length, "output")}, ${counted(objects, "file")}, ${bytes(size)}.`,
      ...derived.map((one) => `  ${derivedWords(one)}`),
      ...sources_kept.map((path) => `Its file ${removed ? "was not" : "is not"} touched: ${path}`),
      ...exports_kept.map((path) => `An export of it ${removed ? "was not" : "is not"} touched: ${path}`),
    ]
      .join("\n")
      .trim(),
});

function group(program: Command): Command {
  return commandGroup(program, "partitions", "people and samples: USER/SAMPLE");
}
