import { createHash } from "node:crypto";

import { definedNames } from "#notebook/cell-uses.ts";
import { provenanceOf, readBy } from "#notebook/provenance.ts";
import type { Figures, Hash } from "#notebook/provenance.ts";
import { holes } from "#graph/template-holes.ts";
import { upstreamClosure } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { ExportOrder, QueryOrder, TableOrder } from "#protocol/export-order.ts";
import { EXPORT_FORMAT } from "#protocol/exported.ts";
import type { CodeShown, Marked } from "#protocol/exported.ts";
import { dimensions, WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { LiveQuery } from "#protocol/kernel-messages.ts";
import type { QueryValue } from "#protocol/messages.ts";
import type { AssetView, CellView, NotebookView } from "#protocol/view.ts";

import { notTrusted } from "../definitions.ts";
import { liveQueryOf } from "../live-query.ts";
import { objectPath } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { viewsOfAssets } from "../workspace-views.ts";
import { DEFAULT_ROWS } from "./export-request.ts";
import type { ExportRequest } from "./export-request.ts";
import { redactedAsset, redactedError, withoutMachine } from "./redacted.ts";
import { staticValues } from "./static-values.ts";

/** Most rows of live SQL: what a page reads of it. */
const QUERY_ROWS = 50_000;

const hash: Hash = (text) => Promise.resolve(createHash("sha256").update(text).digest("hex"));

/**
 * Everything that a file is to hold, from what is written down of a notebook and a partition. What it does not hold
 * is in none of it: other cells, other samples, columns that were not chosen, folders of this machine.
 *
 * @throws {WorkspaceError} `usage` for a notebook, a cell or a column's asset that is not there
 */
export async function composeExport(
  workspace: Workspace,
  request: ExportRequest,
  partition: PartitionKey,
  place: Pick<ExportOrder, "out" | "runtime">,
): Promise<ExportOrder> {
  const definitions = await workspace.definitions();
  const { graph, notebooks } = definitions;
  const notebook = notebookNamed(notebooks, request.notebook);
  const everything = viewsOfAssets(workspace, definitions, partition);
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
  const tables = tableOrders(
    assets.filter(({ key }) => shownAssets.includes(key) || readByScript(key, cells, readAssets)),
    request,
    rows,
    workspace,
  );
  const reports = reportOrders(
    assets.filter(({ key }) => shownAssets.includes(key)),
    workspace,
  );
  const queries = queryOrders(notebook, cells, request, (asset) => {
    if (!graph.assets.has(asset)) return null;
    return tablePath(workspace, asset, partitionOf(graph, asset, partition));
  });
  const own = request.sample ?? dimensions(partition).sample;
  const sample = partition === WHOLE || own === "" ? null : own;
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
      kernel: { notebook: "", state: "off", heldBytes: null, capBytes: null, death: null },
      assets: assets.map((asset) => {
        const table = tables.find((one) => one.asset === asset.key);
        const all = asset.record?.rows ?? 0;
        return redactedAsset(asset, keep, standsFor, {
          columns: table?.columns == null ? null : new Set(table.columns),
          whole: table !== undefined && all <= table.rows,
          rows: table === undefined ? null : Math.min(all, table.rows),
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
    inputs: request.inputs ?? {},
  };
  const { root, notebooks: folder, input, output, cache, home } = workspace.paths;
  const others = workspace.catalog.partitions().flatMap(({ key }) => (key === partition ? [] : [key]));
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
  };
}

/** By its path, with or without the folder and the ending. */
export function notebookNamed(notebooks: readonly NotebookView[], name: string): NotebookView {
  const plain = name.replace(/^(?:.*[/\\])?notebooks[/\\]/, "").replace(/\.md$/, "");
  const found = notebooks.find(({ path }) => path.replace(/\.md$/, "") === plain);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "usage",
    message: `no such notebook: ${name}`,
    hint: `There are ${notebooks.map(({ path }) => path).join(", ")}.`,
  });
}

function chosenCells(cells: readonly CellView[], names: readonly string[] | undefined): readonly CellView[] {
  const written = cells.filter(({ kind, source }) => kind !== "markdown" || source.trim() !== "");
  if (names === undefined) return written;
  const unknown = names.find(
    (name) => !cells.some((cell) => cell.id === name || definedNames(cell).includes(name)),
  );
  if (unknown !== undefined) {
    throw new WorkspaceError({
      code: "usage",
      message: `no such cell: ${unknown}`,
      hint: `There are ${cells.flatMap(({ name }) => name ?? []).join(", ")}.`,
    });
  }
  return written.filter(
    (cell) => names.includes(cell.id) || definedNames(cell).some((name) => names.includes(name)),
  );
}

/** Whether a script in the file reads the rows of an asset. */
function readByScript(key: AssetKey, cells: readonly CellView[], read: ReadonlySet<AssetKey>): boolean {
  return (
    read.has(key) &&
    cells.some((cell) => cell.asset === null && cell.inputs === null && cell.source.includes(key))
  );
}

function isFigure(cell: CellView): boolean {
  return cell.kind !== "markdown" && cell.language !== "input";
}

function tableOrders(
  assets: readonly AssetView[],
  { columns }: ExportRequest,
  rows: number,
  workspace: Workspace,
): TableOrder[] {
  const orders = assets.flatMap((asset): TableOrder[] => {
    const path = asset.output === "table" ? filePath(workspace, asset, asset.record?.table ?? null) : null;
    return path === null ? [] : [{ asset: asset.key, path, columns: columns?.[asset.key] ?? null, rows }];
  });
  const unknown = Object.keys(columns ?? {}).find((name) => !orders.some(({ asset }) => asset === name));
  if (unknown === undefined) return orders;
  throw new WorkspaceError({
    code: "usage",
    message: `columns of a table that is not in the file: ${unknown}`,
    hint: `There are ${orders.map(({ asset }) => asset).join(", ") || "no tables"}.`,
  });
}

function reportOrders(assets: readonly AssetView[], workspace: Workspace): ExportOrder["reports"] {
  return assets.flatMap((asset) => {
    const pages = (asset.record?.files ?? []).filter(({ name }) => /\.html?$/i.test(name));
    const [page] = pages.toSorted((a, b) => a.name.length - b.name.length);
    const path = asset.output === "report" ? filePath(workspace, asset, page?.name ?? null) : null;
    return path === null ? [] : [{ asset: asset.key, path }];
  });
}

function filePath(workspace: Workspace, { record }: AssetView, name: string | null): string | null {
  const file = record?.files.find((one) => one.name === name);
  return file === undefined ? null : objectPath(workspace.paths.home, file.hash);
}

function tablePath(workspace: Workspace, asset: AssetKey, partition: PartitionKey): string {
  const head = workspace.catalog.head(asset, partition);
  const record = head?.kind === "record" ? head.record : null;
  const file = record?.files.find(({ name }) => name === record.table);
  if (file !== undefined) return objectPath(workspace.paths.home, file.hash);
  throw new WorkspaceError({
    code: "asset",
    message: `${asset} had no table`,
    hint: `Materialise it: karyon asset materialize --select ${asset}`,
  });
}

function queryOrders(
  notebook: NotebookView,
  cells: readonly CellView[],
  request: ExportRequest,
  path: (asset: AssetKey) => string | null,
): QueryOrder[] {
  const limit = Math.min(request.rows ?? DEFAULT_ROWS, QUERY_ROWS);
  const live = cells.filter(({ kind, asset }) => kind === "sql" && asset === null);
  return live.map((cell): QueryOrder => {
    if (notebook.untrusted !== null) return { cell: cell.id, error: notTrusted(notebook.path) };
    try {
      const query = liveQueryOf(notebook.cells, { cell: cell.id, values: request.values ?? {}, limit }, path);
      return {
        cell: cell.id,
        query: { ...query, cells: query.cells.map((one) => withValues(one, notebook)) },
      };
    } catch (error) {
      return { cell: cell.id, error: redactedError(errorInfo(error)) };
    }
  });
}

/** A live cell with the values that nobody gave: those that its inputs start with. */
function withValues(cell: LiveQuery["cells"][number], { cells }: NotebookView): LiveQuery["cells"][number] {
  const needed = holes(cell.source).expressions.length;
  if (cell.values.length === needed) return cell;
  const view = cells.find(({ id }) => id === cell.name);
  const values = view === undefined ? null : staticValues(view, cells);
  if (values !== null) return { ...cell, values };
  throw new WorkspaceError({
    code: "notebook",
    message: `what the \${} of ${cell.name} stand at is known in the page alone`,
    hint: "Export the notebook from the page.",
    cell: cell.name,
  });
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
