import * as z from "zod";

import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { count } from "#protocol/numerals.ts";
import type { ModuleEdit, WhatIf } from "#protocol/what-if.ts";

import { inputFiles } from "../runs/input-files.ts";
import { EDITS, THRESHOLDS, looser, withEdit } from "./fork-changes.ts";
import { table, weight } from "./format.ts";
import { moduleCell } from "./module-cell.ts";
import { numberOf } from "./number-of.ts";
import { standingAnnotations } from "./standing-annotations.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  /** Absent: those that are held for this sample; empty: the fork is thrown away. */
  edits: EDITS.optional(),
  thresholds: THRESHOLDS.optional(),
});

export interface WhatIfResult extends WhatIf {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

interface WhatIfOptions {
  readonly set?: readonly ModuleEdit[];
  readonly minQual?: number;
  readonly minDepth?: number;
}

export const whatIf: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, WhatIfResult>({
  name: "what-if",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("what-if <annotations> <partition>")
      .description("what other weights or states of modules would move; nothing is kept")
      .option(
        "--set <edit>",
        "MODULE:VARIANT:GENOTYPE:COLUMN=VALUE, such as coronary:rs17672135:T/T:weight=-1; may be repeated",
        withEdit,
      )
      .option("--min-qual <n>", "leave out records of a lower QUAL", numberOf)
      .option("--min-depth <n>", "leave out records of a lower depth (DP)", numberOf)
      .action((asset: string, partition: string, { set = [], minQual, minDepth }: WhatIfOptions) =>
        ask({
          asset,
          partition,
          edits: set,
          thresholds: { min_qual: minQual ?? null, min_depth: minDepth ?? null },
        }),
      );
  },
  async run(parameters, scope) {
    const { workspace, signal } = scope;
    const { asset, partition, graph, annotations, variants, modules } = await standingAnnotations(
      parameters,
      workspace,
    );
    const { forks, kernels } = workspace;
    const { home } = workspace.paths;
    const held = forks.get(asset, partition);
    const { edits = held.edits, thresholds = held.thresholds } = parameters;
    const edited = new Set(edits.map(({ module }) => module));
    const order = {
      variants: inputFiles(variants, home),
      modules: inputFiles(modules, home),
      sources: Object.fromEntries([...edited].map((name) => [name, moduleCell(graph, name)])),
      edits,
      thresholds,
      chosen: workspace.attributes(partition).modules ?? null,
      partition,
      before: inputFiles(annotations, home).files[annotations.table ?? ""]?.path ?? "",
    };
    const kernel = await kernels.get("interactive");
    const would = (await kernel.call("what-if", order, { signal })) as WhatIf;
    // Not before: what it cannot be is not held.
    forks.set(asset, partition, { edits, thresholds });
    return { ...would, asset, partition };
  },
  print: ({ edits, thresholds, standing, diff }) => {
    const moved = (diff.modules ?? []).filter((one) => one.added + one.removed + one.changed > 0);
    if (edits.length === 0 && thresholds.min_qual === null && thresholds.min_depth === null)
      return "Nothing is changed: say what with --set, --min-qual or --min-depth.";
    const without = looser(thresholds, standing);
    const note = without === null ? "" : ` ${without}: what that removed does not come back here.`;
    if (moved.length === 0) return `Nothing would move.${note}`;
    return [
      table([
        ["Module", "Changed", "Net weight now", "then"],
        ...moved.map((one) => [
          one.module,
          count(one.added + one.removed + one.changed),
          weight(one.net_weight_before),
          weight(one.net_weight_after),
        ]),
      ]),
      `Nothing was kept. ${[
        ...(edits.length === 0 ? [] : ["Keep a module with karyon what-if-keep."]),
        ...(thresholds.min_qual === null && thresholds.min_depth === null
          ? []
          : ["Keep the filters with karyon what-if-keep-filters."]),
      ].join(" ")}${note}`,
    ].join("\n");
  },
});
