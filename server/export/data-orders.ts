/** Which data a file is to hold, and where that lies. */
import { existsSync } from "node:fs";

import { holes } from "#graph/template-holes.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { ExportOrder, QueryOrder, TableOrder } from "#protocol/export-order.ts";
import { WHOLE, namesPartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { LiveQuery } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { historyCommand, makeCommand } from "#protocol/shell-words.ts";
import type { AssetView, CellView, NotebookView } from "#protocol/view.ts";

import { notTrusted } from "../definitions.ts";
import { liveQueryOf } from "../live-query.ts";
import { objectPath } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { DEFAULT_ROWS } from "./export-request.ts";
import type { ExportRequest } from "./export-request.ts";
import { redactedError } from "./redacted.ts";
import { shownRecord } from "./shown-at.ts";
import type { Shown } from "./shown-at.ts";
import { staticValues } from "./static-values.ts";

/** Why a table is left out of which {@link namesSamples} says so. */
export const NAMED_BY_SAMPLES =
  "its columns are named by users and samples, which a file does not name; a sql cell can give them other names";

/** Most rows of live SQL: what a page reads of it. */
const QUERY_ROWS = 50_000;

/** @throws {WorkspaceError} `usage` for columns of a table that is not among `assets` */
export function tableOrders(
  assets: readonly AssetView[],
  { columns }: ExportRequest,
  rows: number,
  workspace: Workspace,
): TableOrder[] {
  const orders = assets.flatMap((asset): TableOrder[] => {
    const path =
      asset.output === "table" ? filePath(workspace, asset.record, asset.record?.table ?? null) : null;
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

/** Whether columns that a file is to hold are named by one of these samples. */
export function namesSamples(
  { asset, columns }: TableOrder,
  assets: readonly AssetView[],
  samples: readonly PartitionKey[],
): boolean {
  const all = assets.find(({ key }) => key === asset)?.record?.columns.map(({ name }) => name);
  return (columns ?? all ?? []).some((name) => namesPartition(name, samples));
}

/** The page of each report: of several files the one with the shortest name, as copies with a time in it are longer. */
export function reportOrders(assets: readonly AssetView[], workspace: Workspace): ExportOrder["reports"] {
  return assets.flatMap((asset) => {
    const pages = (asset.record?.files ?? []).filter(({ name }) => /\.html?$/i.test(name));
    const [page] = pages.toSorted((a, b) => a.name.length - b.name.length);
    const path = asset.output === "report" ? filePath(workspace, asset.record, page?.name ?? null) : null;
    return path === null ? [] : [{ asset: asset.key, path }];
  });
}

/** @param path the stored table of an asset, null for what is no asset */
export function queryOrders(
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

/** The stored table of what is shown. @throws {WorkspaceError} `asset` when it has none */
export function tablePath(
  workspace: Workspace,
  asset: AssetKey,
  shown: Shown,
  partition: PartitionKey,
): string {
  const record = shownRecord(shown, asset);
  const path = record === null ? null : filePath(workspace, record, record.table);
  if (path !== null) return path;
  throw new WorkspaceError({
    code: "asset",
    message: lacksSample(shown, asset, partition)
      ? `${asset} is of a sample, and none was chosen`
      : `${asset} had no table`,
    hint: `Materialise it: ${makeCommand(asset, partition)}`,
  });
}

/** Whether an asset is of a sample each, and what is shown is of none. */
export function lacksSample({ graph }: Shown, asset: AssetKey, partition: PartitionKey): boolean {
  return partition === WHOLE && graph.assets.get(asset)?.partitioned === true;
}

/** @throws {WorkspaceError} `asset` when the files of that version were let go */
function filePath({ paths }: Workspace, record: AssetRecord | null, name: string | null): string | null {
  const file = record?.files.find((one) => one.name === name);
  if (record === null || file === undefined) return null;
  const path = objectPath(paths.home, file.hash);
  if (existsSync(path)) return path;
  throw new WorkspaceError({
    code: "asset",
    message: `the files of ${record.asset}, run ${record.run}, are not kept any more`,
    hint: `Leave its cell out, or choose a later time: ${historyCommand(record.asset, record.partition)}`.trimEnd(),
  });
}
