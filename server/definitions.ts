import { readdir } from "node:fs/promises";
import { join } from "node:path";

import type { AssetDefinition } from "#graph/definition.ts";
import { buildGraph } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import { cellsOf, serialise } from "#notebook/notebook.ts";
import type { Cell, Notebook } from "#notebook/notebook.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { assetKey } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellAnalysis, CellText } from "#protocol/kernel-messages.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import { shellWord } from "#protocol/shell-words.ts";
import type { NotebookView } from "#protocol/view.ts";

import { isFolder } from "./is-folder.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { KnownAnalyses } from "./known-analyses.ts";
import { partsHash } from "./parts-hash.ts";
import type { Refusal } from "./runs/may-run.ts";
import { notebookView } from "./session/notebook-view.ts";
import type { KnownAnalysis, Standing } from "./session/notebook-view.ts";
import { policyProblem } from "./session/policy.ts";
import { timeLimitProblem } from "./session/time-limit.ts";

/** A notebook as it is now, and where it stands in its history. */
export interface StandingNotebook {
  readonly notebook: Notebook;
  readonly standing: Standing;
}

/** Everything that the notebooks and module folders of a workspace say, as one graph. */
export interface Definitions {
  readonly notebooks: readonly NotebookView[];
  readonly graph: Graph;
  /** The texts that they were read from, by the path of the notebook. */
  readonly texts: ReadonlyMap<string, string>;
  /** Why an asset may not be made by itself, or by a page: its notebook is not trusted; null when it may. */
  readonly refusal: Refusal;
  /** A notebook as the page shows it, with what was found of those of its cells that were there. */
  readonly view: (notebook: StandingNotebook) => NotebookView;
}

interface Declared {
  readonly text: CellText;
  readonly notebook: string | null;
  readonly cell: Cell | null;
}

/**
 * Reads all definitions. A notebook or a cell that is off is in the result with its error; the others live. The
 * kernel is asked for what is not `known`, and not at all when everything is.
 */
export async function loadDefinitions(
  notebooksFolder: string,
  standing: readonly StandingNotebook[],
  kernel: Pick<Kernel, "request">,
  known: KnownAnalyses = new KnownAnalyses(),
): Promise<Definitions> {
  const notebooks = standing.map(({ notebook }) => notebook);
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
  const analyses = await analyse(cells, modules, notebooksFolder, kernel, known);
  const found = declared.flatMap((one, at) => {
    const analysis = analyses[at];
    return analysis === undefined ? [] : [{ ...one, analysis }];
  });
  const graph = buildGraph(found.flatMap((one) => definitionOf(one)));
  const byCell = new Map(found.map((one) => [JSON.stringify([one.notebook, one.text.name]), one]));
  const view = ({ notebook, standing: at }: StandingNotebook): NotebookView => {
    const analysisOf = (cell: Cell): KnownAnalysis | null => {
      const one = byCell.get(JSON.stringify([notebook.path, cell.id]));
      return one === undefined ? null : { ...one.analysis, isOfNow: one.cell?.raw === cell.raw };
    };
    return notebookView(notebook, at, analysisOf, graph);
  };
  const untrusted = new Set(
    standing.filter((one) => one.standing.untrusted !== null).map(({ notebook }) => notebook.path),
  );
  const refusal: Refusal = (asset) => {
    const path = graph.assets.get(asset)?.place.notebook ?? null;
    return path !== null && untrusted.has(path) ? notTrusted(path) : null;
  };
  const texts = new Map(notebooks.map((notebook) => [notebook.path, serialise(notebook)]));
  return { graph, texts, view, refusal, notebooks: standing.map((one) => view(one)) };
}

/** What is asked of a notebook that may not run is refused with this. */
export function notTrusted(path: string): ErrorInfo {
  return {
    code: "notebook",
    message: `not run: ${path} was written elsewhere and is not trusted`,
    hint: `Look at it, then trust it there, or with: karyon notebook trust ${shellWord(path)}`,
  };
}

/** Asks the kernel for what is not in `known`, which holds afterwards what may be known the next time. */
async function analyse(
  cells: readonly CellText[],
  modules: readonly string[],
  notebooksFolder: string,
  kernel: Pick<Kernel, "request">,
  known: KnownAnalyses,
): Promise<readonly CellAnalysis[]> {
  const files = await partsHash(notebooksFolder);
  const questions = cells.map((cell) => ({ cell, modules, files }));
  const remembered = await known.look(questions);
  const unknown = cells.filter((_cell, at) => remembered[at] === undefined);
  if (unknown.length === 0) return remembered.filter((one) => one !== undefined);
  const reply = await kernel.request({ type: "analyse", cells: unknown, modules });
  if (reply === null || !("analyses" in reply)) throw new Error("the kernel did not answer the question");
  const asked = reply.analyses.values();
  const analyses = remembered.map((one) => one ?? asked.next().value);
  const all = analyses.filter((analysis) => analysis !== undefined);
  if (all.length < cells.length) throw new Error("the kernel did not answer for every cell");
  // A file that changed meanwhile may have been read before or after.
  const unchanged = (await partsHash(notebooksFolder)) === files ? files : null;
  known.keep(
    cells.flatMap((cell, at) => {
      const analysis = all[at];
      return analysis === undefined ? [] : [[{ cell, modules, files: unchanged }, analysis] as const];
    }),
    reply.build,
  );
  return all;
}

type Analysed = Declared & { readonly analysis: CellAnalysis };

/**
 * Names of the folders of `modules/` that hold a module, also where they are linked there; a name that can be no asset's
 * is left out.
 */
async function moduleFolders(folder: string): Promise<string[]> {
  const directory = join(folder, "modules");
  const entries = await readdir(directory, { withFileTypes: true }).catch(noneIfMissing);
  return entries
    .filter((entry) => /^[a-z][a-z0-9_]*$/.test(entry.name) && isFolder(directory, entry))
    .map((entry) => entry.name)
    .toSorted();
}

function definitionOf({ text, notebook, cell, analysis }: Analysed): AssetDefinition[] {
  if (analysis.kind === null || analysis.live || (cell !== null && cell.name === null)) return [];
  // The id of a second cell of a name is another; the asset that both would be is one, and that is their problem.
  const names = [cell?.name ?? text.name, ...analysis.inputs];
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
      light: analysis.light,
      optional: inputs.filter((input) => analysis.optional.includes(input)),
      others: analysis.others,
      engine: analysis.engine,
      place: { notebook, cell: cell?.id ?? text.name, line: cell?.line ?? 1 },
      cell: { language: text.language, attributes: text.attributes, source: text.source },
      error:
        analysis.error ??
        keyError(names) ??
        policyProblem(text.attributes["auto"], new Date()) ??
        timeLimitProblem({ cell: text }),
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
