import { basename, dirname, join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { ExportOrder, ExportWritten } from "#protocol/export-order.ts";
import { select } from "#graph/selection.ts";

import { buildRuntime } from "../build-page.ts";
import { followRun } from "../cli/follow-run.ts";
import { statusLine } from "../cli/format.ts";
import { kernelCall } from "../cli/kernel-call.ts";
import type { VerbScope } from "../cli/verb.ts";
import { makeFolder } from "../make-folder.ts";
import { notebookNamed } from "../notebook-named.ts";
import { composeExport } from "./compose-export.ts";
import { NAMED_BY_SAMPLES, lacksSample } from "./data-orders.ts";
import { exportName, exportsFolder } from "./export-file.ts";
import type { ExportRequest } from "./export-request.ts";
import { shownAt, shownRecord } from "./shown-at.ts";
import type { Shown } from "./shown-at.ts";

export interface Exported extends ExportWritten {
  /** Absolute path. */
  readonly file: string;
  /** Without its folder. */
  readonly name: string;
  readonly notebook: string;
  readonly sample: string | null;
  readonly figures: number;
  /** Cells of which nothing is shown, and why. */
  readonly without: readonly Noted[];
  /** Of what is shown, what is not what would be made now: stale, failed since, or held while it moved on. */
  readonly unsettled: readonly Noted[];
}

/** A cell or an asset, and what there is to say of it. */
interface Noted {
  readonly cell: string;
  readonly why: string;
}

/**
 * Exports a notebook as it stands or, with `at`, stood; with `fresh`, as it stands after what is not fresh was made.
 *
 * @throws {WorkspaceError} `asset` with `final`, when something that is shown is not final or cannot be shown
 */
export async function exportNotebook(request: ExportRequest, scope: VerbScope): Promise<Exported> {
  const { workspace, progress } = scope;
  const partition = workspace.partition(request.partition);
  if (request.at === undefined) await bringUpToDate(request, partition, scope);
  else if (request.fresh === true) {
    throw new WorkspaceError({
      code: "usage",
      message: "fresh, and as it was at a time",
      hint: "Leave one of the two out: nothing is made anew for the past.",
    });
  }
  const runtime = await buildRuntime((phase) => progress(null, { phase }));
  const shown = await shownAt(workspace, request, partition);
  const { notebook } = shown;
  const out = request.out ?? join(exportsFolder(workspace.paths), exportName(notebook, partition));
  await makeFolder(dirname(out), "shared");
  const order = await composeExport(workspace, request, shown, partition, { out, runtime });
  const without = [
    ...withoutResult(order.notebook, shown, partition),
    ...withoutRows(order.queries),
    ...withoutTables(order.notebook),
  ];
  const unsettled = unsettledIn(order.notebook);
  if (request.final === true) requireFinal([...unsettled, ...without]);
  const written = await kernelCall("export-notebook", order, scope, dirname(out));
  return {
    file: out,
    name: basename(out),
    notebook: notebook.path,
    sample: order.notebook.sample,
    figures: Object.keys(order.notebook.provenance).length,
    without,
    unsettled,
    ...(written as ExportWritten),
  };
}

function withoutResult(
  { snapshot, hidden }: ExportOrder["notebook"],
  shown: Shown,
  partition: PartitionKey,
): Noted[] {
  const visible = snapshot.notebook.cells.filter(({ id }) => !hidden.includes(id));
  return visible.flatMap(({ asset: key }) => {
    if (key === null || shown.graph.assets.get(key)?.external !== false) return [];
    if (shownRecord(shown, key) !== null) return [];
    const why = lacksSample(shown, key, partition) ? "no sample was chosen" : "it has no result";
    return [{ cell: key, why }];
  });
}

function withoutRows(queries: ExportOrder["queries"]): Noted[] {
  return queries.flatMap((one) => ("error" in one ? [{ cell: one.cell, why: one.error.message }] : []));
}

function withoutTables({ leftOut }: ExportOrder["notebook"]): Noted[] {
  return Object.entries(leftOut).flatMap(([cell, why]) => (why === NAMED_BY_SAMPLES ? [{ cell, why }] : []));
}

/** Assets that are shown, or read by what is. What is shown as it was is final. */
function unsettledIn({ snapshot, hidden }: ExportOrder["notebook"]): Noted[] {
  const visible = snapshot.notebook.cells.filter(({ id }) => !hidden.includes(id));
  const read = new Set<string>(visible.flatMap(({ asset, inputs }) => [asset ?? "", ...(inputs ?? [])]));
  return snapshot.assets
    .filter(
      ({ key, external, record, past }) => read.has(key) && !external && record !== null && past !== true,
    )
    .filter(({ status }) => status.state !== "fresh" && !(status.state === "held" && status.behind === 0))
    .map(({ key, status }) => ({ cell: key, why: statusLine(status, key) }));
}

function requireFinal(notes: readonly Noted[]): void {
  if (notes.length === 0) return;
  throw new WorkspaceError({
    code: "asset",
    message: `not final: ${notes.map(({ cell, why }) => `${cell} (${why})`).join(", ")}`,
    hint: "Make it first (--fresh), let go of what is held, or leave out --final: the file says what each figure is.",
  });
}

/** Looks at what is outside, and makes what is not fresh when that is asked for. */
async function bringUpToDate(
  { notebook: name, fresh }: ExportRequest,
  partition: PartitionKey,
  scope: VerbScope,
): Promise<void> {
  const { workspace, signal } = scope;
  const { graph, notebooks } = await workspace.definitions();
  const notebook = notebookNamed(notebooks, name);
  if (fresh !== true) {
    await workspace.observe(graph.assets.keys(), partition, signal);
    return;
  }
  const assets = notebook.cells.flatMap(({ asset }) => asset ?? []);
  const made = assets.filter((key) => graph.assets.get(key)?.external === false);
  if (made.length === 0) return;
  const selection = made.join(" or ");
  const targets = select(selection, graph, { partition, statuses: await workspace.statuses(partition) });
  if (targets.length > 0)
    await followRun(await workspace.startRun(selection, partition, { signal, trustedOnly: true }), scope);
}
