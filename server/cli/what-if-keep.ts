import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import type { Graph } from "#graph/graph.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { counted } from "#protocol/numerals.ts";
import type { ModuleEdit } from "#protocol/what-if.ts";

import { EDITS, withEdit } from "./fork-changes.ts";
import { moduleCell } from "./module-cell.ts";
import { rewriteCell } from "./rewrite-cell.ts";
import { standingAnnotations } from "./standing-annotations.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const KEEP = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  module: z.string(),
  /** Of the new module; absent: it is the cell of the module that is changed. */
  name: z.string().optional(),
  /** Absent: those that are held for this sample. */
  edits: EDITS.optional(),
});

export interface KeptFork {
  /** Of the module that holds the changes now. */
  readonly name: string;
  /** Its folder, below the notebooks; null: it is a cell. */
  readonly folder: string | null;
  /** The notebook of its cell; null: it is a folder. */
  readonly notebook: string | null;
  readonly edits: number;
}

export const whatIfKeep: AnyVerb = defineVerb<z.output<typeof KEEP>, KeptFork>({
  name: "what-if-keep",
  parameters: KEEP,
  writesNotebooks: true,
  declare(program, ask) {
    program
      .command("what-if-keep <annotations> <partition> <module> [name]")
      .description(
        "keep the fork of a module as a module of its own; without a name, in the cell that the module is",
      )
      .option("--set <edit>", "as in what-if; may be repeated", withEdit)
      .action(
        (
          asset: string,
          partition: string,
          module: string,
          name: string | undefined,
          { set = [] }: { readonly set?: readonly ModuleEdit[] },
        ) => ask({ asset, partition, module, name, edits: set }),
      );
  },
  async run(parameters, { workspace, signal }) {
    const { asset, partition, graph } = await standingAnnotations(parameters, workspace);
    const { module, name } = parameters;
    const fork = workspace.forks.get(asset, partition);
    const edits = (parameters.edits ?? fork.edits).filter((edit) => edit.module === module);
    if (edits.length === 0) {
      throw new WorkspaceError({
        code: "usage",
        message: `nothing of ${module} is changed`,
        hint: "Change a row of it first.",
      });
    }
    if (name === undefined) {
      const notebook = await writeIntoCell(graph, module, edits, { workspace, signal });
      const others = fork.edits.filter((edit) => edit.module !== module);
      workspace.forks.set(asset, partition, { ...fork, edits: others });
      return { name: module, folder: null, notebook, edits: edits.length };
    }
    if (
      !/^[a-z][a-z0-9_]*$/.test(name) ||
      graph.assets.has(`modules/${name}` as AssetKey) ||
      graph.assets.has(name as AssetKey)
    ) {
      throw new WorkspaceError({
        code: "usage",
        message: `not a name for a new module: ${name}`,
        hint: "Write lower-case letters, digits and _, a letter first, and no name that is taken.",
      });
    }
    const kernel = await workspace.kernels.get("interactive");
    const request = { cell: moduleCell(graph, module), name, edits };
    const files = await kernel.call("fork-module", request, { signal });
    await writeModule(join(workspace.paths.notebooks, "modules"), name, files as ModuleFiles);
    workspace.definitionsChanged();
    workspace.touched(partition);
    return { name, folder: `modules/${name}`, notebook: null, edits: edits.length };
  },
  print: ({ name, folder, notebook, edits }) =>
    folder === null
      ? `Wrote ${counted(edits, "changed value")} into ${name} of ${notebook}. Undo in the notebook takes it back.`
      : `Kept ${counted(edits, "changed value")} as notebooks/${folder}. Write ${name} into the use: of your set of modules to annotate with it.`,
});

/** Changes the cell that a module is, as an edit that can be taken back. Returns its notebook. */
async function writeIntoCell(
  graph: Graph,
  module: string,
  edits: readonly ModuleEdit[],
  { workspace, signal }: Pick<VerbScope, "workspace" | "signal">,
): Promise<string> {
  const { language, source } = moduleCell(graph, module);
  const place = graph.assets.get(module as AssetKey)?.place;
  if (language === "folder" || place?.notebook == null || place.cell === null) {
    throw new WorkspaceError({
      code: "usage",
      message: `${module} is a folder, not a cell of a notebook`,
      hint: "Keep its fork as a module of its own: give it a name.",
    });
  }
  const call = { name: "edit-module-cell", parameters: { name: module, source, edits } };
  await rewriteCell({ notebook: place.notebook, cell: place.cell }, call, { workspace, signal });
  return place.notebook;
}

/** Texts of a module's files by their names; null for one that it does not have. */
type ModuleFiles = Readonly<Record<string, string | null>>;

/** Writes a module folder whole or not at all. */
async function writeModule(modules: string, name: string, files: ModuleFiles): Promise<void> {
  await mkdir(modules, { recursive: true });
  const staging = await mkdtemp(join(modules, ".fork-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      if (text !== null) await writeFile(join(staging, file), text, { mode: 0o600 });
    }
    await rename(staging, join(modules, name));
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}
