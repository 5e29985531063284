import { disabledAssets } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import { cellsOf } from "#notebook/notebook.ts";
import type { Cell, Notebook } from "#notebook/notebook.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellAnalysis } from "#protocol/kernel-messages.ts";
import type { CellView, NotebookView } from "#protocol/view.ts";

/** Where a notebook stands in its history. */
export type Standing = Pick<NotebookView, "revision" | "canUndo" | "canRedo" | "untrusted">;

/** What was found of a cell; `isOfNow`: of the text that it has now. */
export interface KnownAnalysis extends CellAnalysis {
  readonly isOfNow: boolean;
}

/** A notebook as the page shows it. A cell that nobody has looked at yet is a view, for the time being. */
export function notebookView(
  notebook: Notebook,
  standing: Standing,
  analysisOf: (cell: Cell) => KnownAnalysis | null,
  graph: Graph,
): NotebookView {
  const off = turnedOff(notebook, analysisOf, graph);
  const cells = notebook.blocks.map((block): CellView => {
    if (block.type === "cell") {
      return cellView(block, analysisOf(block), graph, off(block));
    }
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
      disabledBy: null,
    };
  });
  return { path: notebook.path, title: notebook.title, ...standing, cells };
}

function cellView(
  cell: Cell,
  analysis: KnownAnalysis | null,
  graph: Graph,
  disabledBy: string | null,
): CellView {
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
    error: analysis?.error ?? (kept ? problemOf(cell, asset, graph) : null),
    disabledBy,
    ...(analysis?.isOfNow !== true ? { pending: true } : {}),
  };
}

/** What keeps a cell that is kept from being made: without a name there is nothing to keep it under. */
function problemOf({ language }: Cell, asset: AssetKey | null, graph: Graph): ErrorInfo | null {
  if (asset !== null) return graph.problems.get(asset) ?? null;
  return {
    code: "notebook",
    message: "a cell that is kept has no name",
    hint: `Write one after ${language}: letters from A to Z, digits and _, a letter first.`,
  };
}

/** Which cell turns a cell off: itself, a live cell of this notebook that it reads, or an asset of any notebook. */
function turnedOff(
  notebook: Notebook,
  analysisOf: (cell: Cell) => CellAnalysis | null,
  graph: Graph,
): (cell: Cell) => string | null {
  const live = new Map(
    cellsOf(notebook).flatMap((cell) => (cell.name === null ? [] : [[cell.name, cell] as const])),
  );
  const assets = disabledAssets(graph);
  const known = new Map<Cell, string | null>();
  const find = (cell: Cell): string | null => {
    const found = known.get(cell);
    if (found !== undefined) return found;
    // Seen: a ring of cells ends here.
    known.set(cell, null);
    const inputs = (analysisOf(cell)?.inputs ?? []).map((name) => {
      const asset = graph.assets.has(name as AssetKey);
      const upstream = asset ? undefined : live.get(name);
      return upstream === undefined ? (assets.get(name as AssetKey) ?? null) : find(upstream);
    });
    const by = "disabled" in cell.attributes ? cell.id : (inputs.find((one) => one !== null) ?? null);
    known.set(cell, by);
    return by;
  };
  return find;
}
