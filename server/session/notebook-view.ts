import type { Graph } from "#graph/graph.ts";
import type { Cell, Notebook } from "#notebook/notebook.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellAnalysis } from "#protocol/kernel-messages.ts";
import type { CellView, NotebookView } from "#protocol/view.ts";

/** Where a notebook stands in its history. */
export type Standing = Pick<NotebookView, "revision" | "canUndo" | "canRedo">;

/** A notebook as the page shows it. A cell that nobody has looked at yet is a view. */
export function notebookView(
  notebook: Notebook,
  standing: Standing,
  analysisOf: (cell: Cell) => CellAnalysis | null,
  graph: Graph,
): NotebookView {
  const cells = notebook.blocks.map((block): CellView => {
    if (block.type === "cell") return cellView(block, analysisOf(block), graph);
    return {
      id: block.id,
      name: null,
      language: "md",
      kind: "markdown",
      source: block.raw,
      attributes: {},
      inputs: null,
      asset: null,
      error: null,
    };
  });
  return { path: notebook.path, title: notebook.title, ...standing, cells };
}

function cellView(cell: Cell, analysis: CellAnalysis | null, graph: Graph): CellView {
  const kept = analysis?.kind != null && !analysis.live;
  const asset = kept && cell.name !== null ? (cell.name as AssetKey) : null;
  return {
    id: cell.id,
    name: cell.name,
    language: cell.language,
    kind: analysis?.kind ?? "view",
    source: cell.source,
    attributes: cell.attributes,
    inputs: analysis?.kind == null ? null : analysis.inputs,
    asset,
    error: analysis?.error ?? (asset === null ? null : (graph.problems.get(asset) ?? null)),
  };
}
