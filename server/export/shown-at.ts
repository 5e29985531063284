import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetView, NotebookView } from "#protocol/view.ts";
import type { Graph } from "#graph/graph.ts";

import { notebookNamed } from "../notebook-named.ts";
import { momentOf } from "../versions.ts";
import type { Workspace } from "../workspace.ts";
import { viewsOfAssets, viewsOfPast } from "../workspace-views.ts";
import type { ExportRequest } from "./export-request.ts";

/** A notebook and the assets of its workspace as they are, or as they were at a time. */
export interface Shown {
  readonly notebook: NotebookView;
  readonly graph: Graph;
  readonly assets: readonly AssetView[];
}

/**
 * @throws {WorkspaceError} `usage` for a notebook that there is not, or was not; for what is no time; `asset` when
 *   nothing of the time is known
 */
export async function shownAt(
  workspace: Workspace,
  { notebook: name, at }: Pick<ExportRequest, "notebook" | "at">,
  partition: PartitionKey,
): Promise<Shown> {
  if (at === undefined) {
    const definitions = await workspace.definitions();
    const { graph, notebooks } = definitions;
    const assets = viewsOfAssets(workspace, definitions, partition);
    return { notebook: notebookNamed(notebooks, name), graph, assets };
  }
  const time = momentOf(at);
  const past = await workspace.past.at(time);
  if (past === null) {
    throw new WorkspaceError({
      code: "asset",
      message: `what ${name} said at ${time} was not kept`,
      hint: "Choose a time after a run: karyon run list shows when they were.",
    });
  }
  const { graph, notebooks } = past;
  const notebook = { ...notebookNamed(notebooks, name), at: time };
  return { notebook, graph, assets: viewsOfPast(workspace, graph, partition, time) };
}

/** The record of an asset as it is shown; null when it has none. */
export function shownRecord({ assets }: Shown, key: AssetKey): AssetView["record"] {
  return assets.find((asset) => asset.key === key)?.record ?? null;
}
