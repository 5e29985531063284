import { basename, dirname, join } from "node:path";

import { dimensions, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { ExportWritten } from "#protocol/export-order.ts";
import { select } from "#graph/selection.ts";

import { buildRuntime } from "../build-page.ts";
import { followRun } from "../cli/follow-run.ts";
import type { VerbScope } from "../cli/verb.ts";
import type { WorkspacePaths } from "../workspace-paths.ts";
import { notebookNamed } from "./chosen-cells.ts";
import { composeExport } from "./compose-export.ts";
import type { ExportRequest } from "./export-request.ts";

export interface Exported extends ExportWritten {
  /** Absolute path. */
  readonly file: string;
  /** Without its folder. */
  readonly name: string;
  readonly notebook: string;
  readonly sample: string | null;
  readonly figures: number;
  /** Cells of live SQL whose rows are not in the file, and why. */
  readonly without: readonly { readonly cell: string; readonly why: string }[];
}

/** Exports a notebook as it stands; with `fresh`, as it stands after what is not fresh was made. */
export async function exportNotebook(request: ExportRequest, scope: VerbScope): Promise<Exported> {
  const { workspace, progress, signal } = scope;
  const partition = request.partition === undefined ? WHOLE : parsePartition(request.partition);
  const { graph, notebooks } = await workspace.definitions();
  const notebook = notebookNamed(notebooks, request.notebook);
  if (request.fresh === true) {
    const assets = notebook.cells.flatMap(({ asset }) => asset ?? []);
    const made = assets.filter((key) => graph.assets.get(key)?.external === false);
    const targets =
      made.length === 0 ? [] : select(made.join(" or "), graph, await workspace.statuses(partition));
    if (targets.length > 0)
      await followRun(await workspace.startRun(made.join(" or "), partition, signal, true), scope);
  } else await workspace.observe(graph.assets.keys(), partition, signal);
  const runtime = await buildRuntime((phase) => progress(null, { phase }));
  const out = request.out ?? join(exportsFolder(workspace.paths), fileName(notebook.path, partition));
  const order = await composeExport(workspace, request, partition, { out, runtime });
  const kernel = await workspace.kernels.get("work");
  const reply = await kernel.request(
    { type: "call", name: "export-notebook", parameters: order },
    { signal, progress: (now) => progress(null, now) },
  );
  if (reply === null || !("value" in reply)) throw new Error("the kernel did not write the file");
  return {
    file: out,
    name: basename(out),
    notebook: notebook.path,
    sample: order.notebook.sample,
    figures: Object.keys(order.notebook.provenance).length,
    without: order.queries.flatMap((one) =>
      "error" in one ? [{ cell: one.cell, why: one.error.message }] : [],
    ),
    ...(reply.value as ExportWritten),
  };
}

/** Where files go that nobody gave a place: beside the readable tree. */
export function exportsFolder({ output }: WorkspacePaths): string {
  return join(dirname(output), "exports");
}

/** `explore-variants.my_genome.html` */
function fileName(notebook: string, partition: PartitionKey): string {
  const { sample } = dimensions(partition);
  const parts = [notebook.replace(/\.md$/, "").replaceAll(/[/\\]/g, "-"), ...(sample === "" ? [] : [sample])];
  return `${parts.join(".")}.html`;
}
