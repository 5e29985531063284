import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import type { AssetDefinition } from "#graph/definition.ts";
import { partitionOf } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { CellText } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { EDITED_COLUMNS, NO_THRESHOLDS } from "#protocol/what-if.ts";
import type { ModuleEdit, Thresholds, WhatIf } from "#protocol/what-if.ts";

import { inputFiles } from "../runs/input-files.ts";
import type { Workspace } from "../workspace.ts";
import { resolveAsset } from "./asset-place.ts";
import { count, table, weight } from "./format.ts";
import { numberOf } from "./number-of.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const EDIT = z.strictObject({
  module: z.string(),
  variant: z.string(),
  genotype: z.string(),
  column: z.enum(EDITED_COLUMNS),
  value: z.string().max(2_000),
});
export const THRESHOLDS: z.ZodType<Thresholds> = z.strictObject({
  min_qual: z.number().nonnegative().nullable(),
  min_depth: z.number().nonnegative().nullable(),
});
const PARAMETERS = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  /** Absent: those that are held for this sample; empty: the fork is thrown away. */
  edits: z.array(EDIT).max(1_000).optional(),
  thresholds: THRESHOLDS.optional(),
});

export interface WhatIfResult extends WhatIf {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

interface WhatIfOptions {
  readonly set: readonly ModuleEdit[];
  readonly minQual?: number;
  readonly minDepth?: number;
}

export const whatIf: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, WhatIfResult>({
  name: "what-if",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("what-if <annotations> <partition>")
      .description("what other weights or states of modules would move; nothing is kept")
      .option(
        "--set <edit>",
        "MODULE:VARIANT:GENOTYPE:COLUMN=VALUE, such as coronary:rs17672135:T/T:weight=-1; may be repeated",
        (text: string, before: readonly ModuleEdit[]) => [...before, readEdit(text)],
        [] as readonly ModuleEdit[],
      )
      .option("--min-qual <n>", "leave out records of a lower QUAL", numberOf)
      .option("--min-depth <n>", "leave out records of a lower depth (DP)", numberOf)
      .action((asset: string, partition: string, { set, minQual, minDepth }: WhatIfOptions) =>
        ask({
          asset,
          partition,
          edits: set,
          thresholds: { min_qual: minQual ?? null, min_depth: minDepth ?? null },
        }),
      );
  },
  async run(parameters, scope) {
    const found = await standing(parameters, scope.workspace);
    const { definition, partition, before, variants, modules, graph } = found;
    const { forks, paths, kernels } = scope.workspace;
    const place = `${definition.key} ${partition}`;
    const held = forks.get(place);
    const edits = parameters.edits ?? held?.edits ?? [];
    const thresholds = parameters.thresholds ?? held?.thresholds ?? NO_THRESHOLDS;
    const { home } = paths;
    const file = before.files.find(({ name }) => name === before.table);
    const order = {
      variants: inputFiles(variants, home),
      modules: inputFiles(modules, home),
      sources: Object.fromEntries(
        [...new Set(edits.map(({ module }) => module))].map((name) => [name, cellOf(graph, name)]),
      ),
      edits,
      thresholds,
      chosen: scope.workspace.attributes(partition).modules ?? null,
      partition,
      before: inputFiles(before, home).files[file?.name ?? ""]?.path ?? "",
    };
    const kernel = await kernels.get("interactive");
    const reply = await kernel.request(
      { type: "call", name: "what-if", parameters: order },
      { signal: scope.signal },
    );
    if (reply === null || !("value" in reply)) throw new Error("the kernel did not say what would be");
    // What it cannot be is not held.
    const empty = edits.length === 0 && thresholds.min_qual === null && thresholds.min_depth === null;
    if (empty) forks.delete(place);
    else forks.set(place, { edits, thresholds });
    return { ...(reply.value as WhatIf), asset: definition.key, partition };
  },
  print: ({ edits, thresholds, diff }) => {
    const moved = (diff.modules ?? []).filter((one) => one.added + one.removed + one.changed > 0);
    if (edits.length === 0 && thresholds.min_qual === null && thresholds.min_depth === null)
      return "Nothing is changed: say what with --set, --min-qual or --min-depth.";
    if (moved.length === 0) return "Nothing would move.";
    return [
      table([
        ["Module", "Changed", "Net weight now", "then"],
        ...moved.map((one) => [
          one.module,
          count(one.added + one.removed + one.changed),
          weight(one.net_weight_before),
          weight(one.net_weight_after),
        ]),
      ]),
      "Nothing was kept. Keep a module with karyon what-if-keep.",
    ].join("\n");
  },
});

const KEEP = z.strictObject({
  asset: z.string(),
  partition: z.string(),
  module: z.string(),
  /** Of the new module; absent: it is the cell of the module that is changed. */
  name: z.string().optional(),
  /** Absent: those that are held for this sample. */
  edits: z.array(EDIT).max(1_000).optional(),
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
      .option(
        "--set <edit>",
        "as in what-if; may be repeated",
        (text: string, before: readonly ModuleEdit[]) => [...before, readEdit(text)],
        [] as readonly ModuleEdit[],
      )
      .action(
        (
          asset: string,
          partition: string,
          module: string,
          name: string | undefined,
          { set }: { readonly set: readonly ModuleEdit[] },
        ) => ask({ asset, partition, module, ...(name === undefined ? {} : { name }), edits: set }),
      );
  },
  async run(parameters, { workspace, signal }) {
    const { definition, partition, graph } = await standing(parameters, workspace);
    const { module, name } = parameters;
    const held = parameters.edits ?? workspace.forks.get(`${definition.key} ${partition}`)?.edits ?? [];
    const edits = held.filter((edit) => edit.module === module);
    if (edits.length === 0) {
      throw new WorkspaceError({
        code: "usage",
        message: `nothing of ${module} is changed`,
        hint: "Change a row of it first.",
      });
    }
    if (name === undefined) {
      const notebook = await writeIntoCell(graph, module, edits, { workspace, signal });
      const place = `${definition.key} ${partition}`;
      const fork = workspace.forks.get(place);
      if (fork !== undefined) {
        workspace.forks.set(place, { ...fork, edits: fork.edits.filter((edit) => edit.module !== module) });
      }
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
    const request = { cell: cellOf(graph, module), name, edits };
    const reply = await kernel.request(
      { type: "call", name: "fork-module", parameters: request },
      { signal },
    );
    if (reply === null || !("value" in reply)) throw new Error("the kernel did not give the module");
    await writeModule(
      join(workspace.paths.notebooks, "modules"),
      name,
      reply.value as Readonly<Record<string, string | null>>,
    );
    workspace.definitionsChanged();
    workspace.touched(partition);
    return { name, folder: `modules/${name}`, notebook: null, edits: edits.length };
  },
  print: ({ name, folder, notebook, edits }) =>
    folder === null
      ? `Wrote ${count(edits)} changed values into ${name} of ${notebook}. Undo in the notebook takes them back.`
      : `Kept ${count(edits)} changed values as notebooks/${folder}. Write ${name} into the use: of your set of modules to annotate with it.`,
});

/** Changes the cell that a module is, as an edit that can be taken back. Returns its notebook. */
async function writeIntoCell(
  graph: Standing["graph"],
  module: string,
  edits: readonly ModuleEdit[],
  { workspace, signal }: Pick<VerbScope, "workspace" | "signal">,
): Promise<string> {
  const { language, source } = cellOf(graph, module);
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

/** Gives a cell the text that the kernel makes of its own, as an edit that can be taken back. */
export async function rewriteCell(
  { notebook, cell }: { readonly notebook: string; readonly cell: string },
  call: { readonly name: string; readonly parameters: unknown },
  { workspace, signal }: Pick<VerbScope, "workspace" | "signal">,
): Promise<void> {
  const kernel = await workspace.kernels.get("interactive");
  const reply = await kernel.request({ type: "call", ...call }, { signal });
  if (reply === null || !("value" in reply)) throw new Error("the kernel did not give the text");
  const session = await workspace.sessions.session(notebook);
  const op = { op: "set-source", block: cell, source: String(reply.value) } as const;
  await session.dispatch({ type: "edit", ops: [op], at: Date.now() });
  workspace.definitionsChanged();
}

interface Standing {
  readonly definition: AssetDefinition;
  readonly partition: PartitionKey;
  readonly graph: Awaited<ReturnType<Workspace["definitions"]>>["graph"];
  readonly before: AssetRecord;
  readonly variants: AssetRecord;
  readonly modules: AssetRecord;
}

/** The annotations of a sample, and what they are made from, as they stand. */
export async function standing(
  parameters: { readonly asset: string; readonly partition: string },
  workspace: VerbScope["workspace"],
): Promise<Standing> {
  const { asset, partition } = await resolveAsset(
    { asset: parameters.asset, partition: parameters.partition },
    workspace,
  );
  const { graph } = await workspace.definitions();
  const definition = graph.assets.get(asset);
  const [variants, modules] = definition?.inputs ?? [];
  if (definition?.kind !== "annotate" || variants === undefined || modules === undefined) {
    throw new WorkspaceError({
      code: "usage",
      message: `no annotations: ${asset}`,
      hint: "Name an asset that an annotate cell makes, such as user_hf_module_annotations.",
    });
  }
  const record = (key: AssetKey): AssetRecord => {
    const head = workspace.catalog.head(key, partitionOf(graph, key, partition));
    if (head?.kind === "record") return head.record;
    throw new WorkspaceError({
      code: "asset",
      message: `${key} of ${partition} is not made yet`,
      hint: `Make it first: karyon asset materialize --select ${asset} --partition ${partition}`,
    });
  };
  return {
    definition,
    partition,
    graph,
    before: record(asset),
    variants: record(variants),
    modules: record(modules),
  };
}

/** The cell or folder that a module is written in. @throws {WorkspaceError} `usage` when there is none */
function cellOf(graph: Standing["graph"], name: string): CellText {
  const definition = graph.assets.get(`modules/${name}` as AssetKey) ?? graph.assets.get(name as AssetKey);
  if (definition?.kind === "module") return { name, ...definition.cell };
  throw new WorkspaceError({
    code: "usage",
    message: `no such module: ${name}`,
    hint: "See karyon list-modules.",
  });
}

/** Writes a module folder whole or not at all. */
async function writeModule(
  modules: string,
  name: string,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
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

/** Reads `MODULE:VARIANT:GENOTYPE:COLUMN=VALUE`; a variant may have a colon of its own. */
function readEdit(text: string): ModuleEdit {
  const [, module, variant, genotype, column, value] = /^([^:]+):(.+):([^:]+):(\w+)=(.*)$/.exec(text) ?? [];
  const edit = EDIT.safeParse({ module, variant, genotype, column, value });
  if (edit.success) return edit.data;
  throw new WorkspaceError({
    code: "usage",
    message: `not an edit: ${text}`,
    hint: "Write MODULE:VARIANT:GENOTYPE:COLUMN=VALUE, such as coronary:rs17672135:T/T:weight=-1.",
  });
}
