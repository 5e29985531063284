import * as z from "zod";

import type { IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { NO_THRESHOLDS } from "#protocol/what-if.ts";

import { THRESHOLDS, looser } from "./fork-changes.ts";
import { numberOf } from "./number-of.ts";
import { rewriteCell } from "./rewrite-cell.ts";
import { standingAnnotations } from "./standing-annotations.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const KEEP = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  /** Absent: those that are held for this sample. */
  thresholds: THRESHOLDS.optional(),
});

interface KeptFilters {
  /** The cell that holds them now. */
  readonly cell: AssetKey;
  readonly notebook: string;
  readonly values: Readonly<Record<string, string>>;
}

export const whatIfKeepFilters: AnyVerb = defineVerb<z.output<typeof KEEP>, KeptFilters>({
  name: "what-if-keep-filters",
  parameters: KEEP,
  writesNotebooks: true,
  declare(program, ask) {
    program
      .command("what-if-keep-filters <annotations> <partition>")
      .description(
        "write stricter filters into the cell of those that stand, for every sample; undo takes it back",
      )
      .option("--min-qual <n>", "least QUAL", numberOf)
      .option("--min-depth <n>", "least depth (DP)", numberOf)
      .action((asset: string, partition: string, options: { minQual?: number; minDepth?: number }) =>
        ask({
          asset,
          partition,
          thresholds: { min_qual: options.minQual ?? null, min_depth: options.minDepth ?? null },
        }),
      );
  },
  async run(parameters, { workspace, signal }) {
    const { asset, partition, graph, variants } = await standingAnnotations(parameters, workspace);
    const fork = workspace.forks.get(asset, partition);
    const thresholds = parameters.thresholds ?? fork.thresholds;
    const values = Object.fromEntries(
      Object.entries(thresholds).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    );
    if (Object.keys(values).length === 0) {
      throw new WorkspaceError({
        code: "usage",
        message: "no filter is changed",
        hint: "Say which quality or how many reads a call needs at least.",
      });
    }
    const { quality_filters: now } = variants.facts as IngestSummary;
    const refusal = looser(thresholds, { min_qual: now.min_qual ?? null, min_depth: now.min_depth ?? null });
    if (refusal !== null) {
      throw new WorkspaceError({
        code: "usage",
        message: refusal,
        hint: "What it would let pass cannot be seen here: write it into the cell and run it again.",
      });
    }
    const inputs = graph.assets.get(variants.asset)?.inputs ?? [];
    const filters = inputs.map((key) => graph.assets.get(key)).find((one) => one?.kind === "config");
    const { notebook, cell } = filters?.place ?? { notebook: null, cell: null };
    if (filters === undefined || notebook === null || cell === null) {
      throw new WorkspaceError({
        code: "usage",
        message: `${variants.asset} reads no cell of filters`,
        hint: "Write filters: and the name of a config cell into it.",
      });
    }
    const call = {
      name: "edit-keys",
      parameters: { name: filters.key, source: filters.cell.source, values },
    };
    await rewriteCell({ notebook, cell }, call, { workspace, signal });
    workspace.forks.set(asset, partition, { ...fork, thresholds: NO_THRESHOLDS });
    return { cell: filters.key, notebook, values };
  },
  print: ({ cell, notebook, values }) =>
    `Wrote ${Object.entries(values)
      .map((entry) => entry.join(" "))
      .join(", ")} into ${cell} of ${notebook}, for every sample. Undo in the notebook takes it back.`,
});
