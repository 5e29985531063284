import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { AssetDefinition } from "#graph/definition.ts";
import { buildGraph } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import { cellsOf } from "#notebook/notebook.ts";
import type { Cell, Notebook } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { assetKey } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellAnalysis, CellText } from "#protocol/kernel-messages.ts";
import type { CellView, NotebookView } from "#protocol/view.ts";

import type { Kernel } from "./kernels/kernel.ts";

/** Everything that the notebooks and module folders of a workspace say, as one graph. */
export interface Definitions {
  readonly notebooks: readonly NotebookView[];
  readonly graph: Graph;
}

interface Declared {
  readonly text: CellText;
  readonly notebook: string | null;
  readonly cell: Cell | null;
}

/** Reads all definitions. A notebook or a cell that is off is in the result with its error; the others live. */
export async function loadDefinitions(notebooksFolder: string, kernel: Kernel): Promise<Definitions> {
  const notebooks = await loadNotebooks(notebooksFolder);
  const modules = await moduleFolders(notebooksFolder);
  const declared: Declared[] = [
    ...modules.map((name) => ({
      text: { name: `modules/${name}`, language: "folder", attributes: {}, source: name },
      notebook: null,
      cell: null,
    })),
    ...notebooks.flatMap((notebook) =>
      cellsOf(notebook).map((cell) => ({ text: { ...cell, name: cell.id }, notebook: notebook.path, cell })),
    ),
  ];
  const cells = declared.map(({ text: { name, language, attributes, source } }) => ({
    name,
    language,
    attributes: { ...attributes },
    source,
  }));
  const reply = await kernel.request({ type: "analyse", cells, modules });
  if (reply === null || !("analyses" in reply)) throw new Error("the kernel did not answer the question");
  const { analyses } = reply;
  const found = declared.flatMap((one, at) => {
    const analysis = analyses[at];
    return analysis === undefined ? [] : [{ ...one, analysis }];
  });
  const graph = buildGraph(found.flatMap((one) => definitionOf(one)));
  return { graph, notebooks: notebooks.map((notebook) => notebookView(notebook, found, graph)) };
}

type Analysed = Declared & { readonly analysis: CellAnalysis };

async function loadNotebooks(folder: string): Promise<Notebook[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).toSorted();
  return Promise.all(files.map(async (file) => parse(file, await readFile(join(folder, file), "utf8"))));
}

/** Names of the folders of `modules/` that hold a module; a name that can be no asset's is left out. */
async function moduleFolders(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "modules"), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^[a-z][a-z0-9_]*$/.test(entry.name))
    .map((entry) => entry.name)
    .toSorted();
}

function definitionOf({ text, notebook, cell, analysis }: Analysed): AssetDefinition[] {
  if (analysis.kind === null || analysis.live || (cell !== null && cell.name === null)) return [];
  const names = [text.name, ...analysis.inputs];
  const [key, ...inputs] = names.map((name) => name as AssetKey);
  if (key === undefined) return [];
  return [
    {
      key,
      kind: analysis.kind,
      external: analysis.external,
      partitioned: analysis.partitioned,
      inputs,
      parts: analysis.parts,
      output: analysis.output,
      tolerant: analysis.tolerant,
      place: { notebook, cell: cell?.id ?? text.name, line: cell?.line ?? 1 },
      cell: { language: text.language, attributes: text.attributes, source: text.source },
      error: analysis.error ?? keyError(names),
    },
  ];
}

function keyError(names: readonly string[]): ErrorInfo | null {
  try {
    for (const name of names) assetKey(name);
    return null;
  } catch (error) {
    return errorInfo(error);
  }
}

function notebookView(notebook: Notebook, found: readonly Analysed[], graph: Graph): NotebookView {
  const cells = notebook.blocks.map((block): CellView => {
    if (block.type === "prose") {
      const id = `prose-${block.line}`;
      return {
        id,
        name: null,
        language: "md",
        kind: "markdown",
        source: block.raw,
        attributes: {},
        inputs: null,
        asset: null,
        error: null,
      };
    }
    const analysis = found.find((one) => one.cell === block)?.analysis;
    const kept = analysis?.kind != null && !analysis.live;
    const asset = kept && block.name !== null ? (block.name as AssetKey) : null;
    return {
      id: block.id,
      name: block.name,
      language: block.language,
      kind: analysis?.kind ?? "view",
      source: block.source,
      attributes: block.attributes,
      inputs: analysis?.kind == null ? null : analysis.inputs,
      asset,
      error: analysis?.error ?? (asset === null ? null : (graph.problems.get(asset) ?? null)),
    };
  });
  return { path: notebook.path, title: notebook.title, revision: 1, canUndo: false, canRedo: false, cells };
}
