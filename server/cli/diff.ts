import { z } from "zod";

import { partitionOf } from "#graph/staleness.ts";
import type { AnnotationDiff } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { objectPath } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

/** Materialisations that are looked through for one that is named. */
const MOST_RECORDS = 1_000;

const PARAMETERS = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});

interface Side {
  readonly run: number;
  readonly made_at: string;
  readonly data_version: string;
}

interface DiffResult extends AnnotationDiff {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly before: Side;
  readonly after: Side;
}

export const diffAnnotations: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, DiffResult>({
  name: "diff-annotations",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("diff <asset> <partition>")
      .description("what moved between two materialisations of annotations: the last two, or those named")
      .option("--before <run or version>", "a run's number or the start of a data version")
      .option("--after <run or version>", "likewise; default: the one that stands")
      .action((asset: string, partition: string, options) => ask({ asset, partition, ...options }));
  },
  async run({ asset, partition: text, before, after }, { workspace, signal }) {
    const { graph } = await workspace.definitions();
    const definition = graph.assets.get(asset as AssetKey);
    if (definition?.kind !== "annotate") {
      throw new WorkspaceError({
        code: "usage",
        message: `no annotations: ${asset}`,
        hint: "Name an asset that an annotate cell makes, such as user_hf_module_annotations.",
      });
    }
    const partition = partitionOf(graph, definition.key, parsePartition(text));
    const records = workspace.catalog.history(definition.key, partition, MOST_RECORDS);
    const newer = after === undefined ? 0 : find(records, after);
    const older = before === undefined ? newer + 1 : find(records, before);
    const [b, a] = [records[older], records[newer]];
    if (a === undefined || b === undefined) {
      throw new WorkspaceError({
        code: "asset",
        message: `${asset} of ${partition} was made ${records.length === 1 ? "once" : "never"}: there is nothing to compare`,
        hint: "Change a module and run it again.",
      });
    }
    const kernel = await workspace.kernels.get("interactive");
    const parameters = { before: tableOf(workspace, b), after: tableOf(workspace, a) };
    const reply = await kernel.request({ type: "call", name: "diff-annotations", parameters }, { signal });
    if (reply === null || !("value" in reply)) throw new Error("the kernel did not compare");
    return {
      asset: definition.key,
      partition,
      before: sideOf(b),
      after: sideOf(a),
      ...(reply.value as AnnotationDiff),
    };
  },
  print({ before, after, modules, rows }) {
    const moved = modules.filter(({ added, removed, changed }) => added + removed + changed > 0);
    if (moved.length === 0) return `Nothing moved between run ${before.run} and run ${after.run}.`;
    return [
      `Run ${before.run} → run ${after.run}`,
      table([
        ["Module", "Added", "Removed", "Changed", "Net weight before", "after"],
        ...moved.map((one) => [
          one.module,
          String(one.added),
          String(one.removed),
          String(one.changed),
          weight(one.net_weight_before),
          weight(one.net_weight_after),
        ]),
      ]),
      "",
      table([
        ["", "Module", "Variant", "Genotype", "Before", "After"],
        ...rows.map((row) => [
          row.kind,
          row.module,
          [row.gene, row.rsid ?? `${row.chrom ?? ""}:${row.start ?? ""}`].filter(Boolean).join(" "),
          row.genotype ?? "–",
          row.kind === "added" ? "–" : `${weight(row.weight_before)} ${row.state_before ?? ""}`,
          row.kind === "removed" ? "–" : `${weight(row.weight_after)} ${row.state_after ?? ""}`,
        ]),
      ]),
    ].join("\n");
  },
});

/** Place of a materialisation in the list. @throws {WorkspaceError} `usage` when none is it */
function find(records: readonly AssetRecord[], wanted: string): number {
  const index = records.findIndex(
    ({ run, dataVersion }) =>
      String(run) === wanted || (wanted.length >= 6 && dataVersion.startsWith(wanted)),
  );
  if (index >= 0) return index;
  throw new WorkspaceError({
    code: "usage",
    message: `no materialisation of run or version ${wanted}`,
    hint: "See karyon run list.",
  });
}

function tableOf(workspace: Workspace, record: AssetRecord): string {
  const file = record.files.find(({ name }) => name === record.table);
  if (file !== undefined) return objectPath(workspace.paths.home, file.hash);
  throw new WorkspaceError({ code: "asset", message: `run ${record.run} left no table` });
}

function sideOf({ run, madeAt, dataVersion }: AssetRecord): Side {
  return { run, made_at: madeAt, data_version: dataVersion };
}

function weight(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
