import { isFigure } from "#notebook/cell-uses.ts";
import { provenanceOf, readBy } from "#notebook/provenance.ts";
import type { Figures, Hash } from "#notebook/provenance.ts";
import { sha256 } from "#notebook/sha256.ts";
import { holes } from "#graph/template-holes.ts";
import { upstreamClosure } from "#graph/graph.ts";
import type { ExportOrder } from "#protocol/export-order.ts";
import { EXPORT_FORMAT } from "#protocol/exported.ts";
import type { CodeShown, Marked } from "#protocol/exported.ts";
import { dimensions, WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { LiveQuery } from "#protocol/kernel-messages.ts";
import type { QueryValue } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

import type { Workspace } from "../workspace.ts";
import { DEFAULT_ROWS } from "./export-request.ts";
import type { ExportRequest } from "./export-request.ts";
import { chosenCells } from "./chosen-cells.ts";
import {
  NAMED_BY_SAMPLES,
  namesSamples,
  queryOrders,
  reportOrders,
  tableOrders,
  tablePath,
} from "./data-orders.ts";
import { redactedAsset, redactedError, withoutMachine } from "./redacted.ts";
import type { Shown } from "./shown-at.ts";

const hash: Hash = (text) => Promise.resolve(sha256(text));

/**
 * Everything that a file is to hold, from a notebook and the assets of a partition as they are shown. What it does not hold
 * is in none of it: other cells, other samples, columns that were not chosen, folders of this machine.
 *
 * @throws {WorkspaceError} `usage` for a cell or a column's asset that is not there
 */
export async function composeExport(
  workspace: Workspace,
  request: ExportRequest,
  shown: Shown,
  partition: PartitionKey,
  place: Pick<ExportOrder, "out" | "runtime">,
): Promise<ExportOrder> {
  const { notebook, graph, assets: everything } = shown;
  const chosen = chosenCells(notebook.cells, request.cells);
  const needed = new Set(chosen);
  const readAssets = new Set<AssetKey>();
  for (const cell of chosen) {
    const read = readBy(cell, { cells: notebook.cells, assets: everything });
    for (const one of read.cells) needed.add(one);
    for (const { key } of read.assets) readAssets.add(key);
  }
  const cells = notebook.cells.filter((cell) => needed.has(cell));
  const shownAssets = chosen.flatMap(({ asset }) => asset ?? []);
  const keys = new Set(
    upstreamClosure(
      graph,
      [...shownAssets, ...readAssets].filter((key) => graph.assets.has(key)),
    ),
  );
  const assets = everything.filter(({ key }) => keys.has(key));
  const rows = request.rows ?? DEFAULT_ROWS;
  const named = partition === WHOLE ? "" : dimensions(partition).sample;
  const called = request.sample ?? named;
  // A report says in its own words whose it is.
  const isRenamed = called !== named;
  const pages = reportOrders(
    assets.filter(({ key }) => shownAssets.includes(key)),
    workspace,
  );
  const reports = isRenamed ? [] : pages;
  // A file names neither other samples nor the user of its own.
  const unnamed = workspace.catalog.partitions.everyone().map(({ key }) => key);
  const ordered = tableOrders(
    assets.filter(({ key }) => shownAssets.includes(key) || readByScript(key, cells, readAssets)),
    request,
    rows,
    workspace,
  );
  const tables = ordered.filter((order) => !namesSamples(order, assets, unnamed));
  const queries = queryOrders(notebook, cells, request, (asset) =>
    graph.assets.has(asset) ? tablePath(workspace, asset, shown, partition) : null,
  );
  const sample = called === "" ? null : called;
  const values = Object.assign(
    {},
    ...queries.map((one) => ("query" in one ? valuesOf(one.query) : {})),
  ) as Record<string, readonly QueryValue[]>;
  const figures: Figures = {
    cells: notebook.cells,
    assets: everything,
    sample,
    software: workspace.software,
    values,
  };
  const code = request.code ?? "folded";
  const provenance: Record<string, Marked> = {};
  for (const cell of chosen) {
    if (isFigure(cell)) provenance[cell.id] = await provenanceOf(cell, figures, hash);
  }
  const standsFor = (sample ?? "") as PartitionKey;
  const keep = new Set<string>(keys);
  const body: Omit<ExportOrder["notebook"], "provenance"> = {
    format: EXPORT_FORMAT,
    software: workspace.software,
    exportedAt: new Date().toISOString(),
    sample,
    choices: { code, rows },
    snapshot: {
      boot: "",
      seq: 0,
      workspace: "",
      software: workspace.software,
      notebooks: [],
      notebook: {
        ...notebook,
        path: "",
        revision: 0,
        canUndo: false,
        canRedo: false,
        // What is not trusted here does not run there.
        untrusted: notebook.untrusted === null ? null : { changed: null },
        cells: cells.map((cell) => writtenCell(cell, code)),
      },
      partition: standsFor,
      partitions: [],
      kernel: { notebook: "", state: "off", upkeep: null, heldBytes: null, capBytes: null, death: null },
      assets: assets.map((asset) => {
        const table = tables.find((one) => one.asset === asset.key);
        const all = asset.record?.rows ?? 0;
        return redactedAsset(asset, keep, standsFor, {
          columns: table?.columns == null ? null : new Set(table.columns),
          whole: table !== undefined && all <= table.rows,
          rows: table === undefined ? null : Math.min(all, table.rows),
          // The name of a person's file is often theirs.
          observed: !isRenamed || asset.kind !== "source",
          output:
            table !== undefined
              ? "table"
              : reports.some((one) => one.asset === asset.key)
                ? "report"
                : "none",
        });
      }),
      runs: [],
    },
    hidden: cells.filter((cell) => !chosen.includes(cell)).map(({ id }) => id),
    leftOut: Object.fromEntries([
      ...(isRenamed
        ? pages.map(({ asset }) => [asset, "it names the sample, which this file calls otherwise"])
        : []),
      ...ordered.filter((order) => !tables.includes(order)).map(({ asset }) => [asset, NAMED_BY_SAMPLES]),
    ]),
    inputs: request.inputs ?? {},
  };
  const { root, notebooks: folder, input, output, cache, home } = workspace.paths;
  const others = workspace.catalog.partitions.all().flatMap(({ key }) => (key === partition ? [] : [key]));
  const written = withoutMachine(body, [root, folder, input, output, cache, home], others, partition);
  return {
    ...place,
    title: written.snapshot.notebook.title,
    // What a mark is the hash of stays as it is; it holds names, versions and values that were bound.
    notebook: { ...written, provenance },
    tables,
    queries,
    reports,
    typed: written.snapshot.notebook.cells
      .filter(({ language, asset }) => language === "ts" && asset === null)
      .map(({ source }) => source),
    unnamed,
  };
}

function valuesOf(query: LiveQuery): Record<string, readonly QueryValue[]> {
  return Object.fromEntries(query.cells.map(({ name, values }) => [name, values]));
}

/** A cell as it is written into the file. Code that is left out is not there, but for what the file itself runs. */
function writtenCell(cell: CellView, code: CodeShown): CellView {
  const error = cell.error === null ? null : redactedError(cell.error);
  if (code !== "left-out" || cell.kind === "markdown" || (cell.asset === null && cell.inputs === null)) {
    return { ...cell, error };
  }
  const source =
    cell.asset === null
      ? holes(cell.source)
          .expressions.map(({ text }) => `\${${text}}`)
          .join(" ")
      : "";
  return { ...cell, source, attributes: {}, error };
}

/** Whether a script in the file reads the rows of an asset. */
function readByScript(key: AssetKey, cells: readonly CellView[], read: ReadonlySet<AssetKey>): boolean {
  return (
    read.has(key) &&
    cells.some((cell) => cell.asset === null && cell.inputs === null && cell.source.includes(key))
  );
}
