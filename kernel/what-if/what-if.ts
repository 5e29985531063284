import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { CellText, InputFiles } from "#protocol/kernel-messages.ts";
import type { MatchedRow, ModuleEdit, Thresholds, WhatIf } from "#protocol/what-if.ts";

import { linkFiles } from "../assets/perform-step.ts";
import { annotateRowsOfGenome } from "../cells/annotate.ts";
import type { WorkContext } from "../cells/cell-type.ts";
import type { ModuleSetFacts } from "../cells/modules.ts";
import { quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { compileAuthored } from "../modules/compile.ts";
import { inlineFiles } from "../modules/inline.ts";
import { readModuleFiles } from "../modules/load.ts";
import { isBroken } from "../modules/module.ts";
import type { ModuleFiles } from "../modules/module.ts";
import { parseModule } from "../modules/parse.ts";
import { problemText } from "../modules/problem.ts";
import { ANNOTATIONS_FILE } from "../modules/match/outputs.ts";
import { diffTables } from "../query/diff-tables.ts";

import { temporaryDirectory } from "../temporary-directory.ts";
import { editModule, forkedModule } from "./edit-module.ts";
import { stricter } from "./stricter.ts";

export interface WhatIfOrder {
  readonly variants: InputFiles;
  /** The set of modules that the annotations were made with. */
  readonly modules: InputFiles;
  /** Cells of the edited modules, by their names. */
  readonly sources: Readonly<Record<string, CellText>>;
  readonly edits: readonly ModuleEdit[];
  readonly thresholds: Thresholds;
  /** Modules chosen for the sample; null: all. */
  readonly chosen: readonly string[] | null;
  readonly partition: PartitionKey;
  /** Path of the annotations that stand. */
  readonly before: string;
}

/** Rows that a fork offers to change. */
const MOST_ROWS = 500;

/**
 * Annotates a genome with a fork of its modules, into a directory of this call alone, and compares the result with
 * what stands. Nothing is kept and nothing is touched.
 *
 * @throws {WorkspaceError} `usage` for a row that a module does not have, `module` for a value that it may not have
 */
export async function whatIf(order: WhatIfOrder, context: WorkContext): Promise<WhatIf> {
  const staging = await temporaryDirectory(context.spill, "what-if");
  const connection = await context.connectShared();
  try {
    const after = isEmpty(order) ? order.before : await annotated(order, staging, connection, context);
    const diff = await diffTables(connection, { before: order.before, after, key: [] }, context.signal);
    const { quality_filters: filters } = order.variants.facts as IngestSummary;
    return {
      edits: order.edits,
      thresholds: order.thresholds,
      standing: { min_qual: filters.min_qual ?? null, min_depth: filters.min_depth ?? null },
      diff,
      rows: await matchedRows(connection, order.before, context.signal),
    };
  } finally {
    connection.close();
    await rm(staging, { recursive: true, force: true });
  }
}

/** Texts of a fork of one module as a module of its own. @throws {WorkspaceError} as {@link whatIf} */
export async function forkOf(
  {
    cell,
    name,
    edits,
  }: { readonly cell: CellText; readonly name: string; readonly edits: readonly ModuleEdit[] },
  { notebooks }: Pick<WorkContext, "notebooks">,
): Promise<ModuleFiles> {
  const fork = forkedModule(editModule(await filesOf(cell, notebooks), edits), name, edits);
  sound(name, fork);
  return fork;
}

function isEmpty({ edits, thresholds }: WhatIfOrder): boolean {
  return edits.length === 0 && thresholds.min_qual === null && thresholds.min_depth === null;
}

async function annotated(
  order: WhatIfOrder,
  staging: string,
  connection: Connection,
  context: WorkContext,
): Promise<string> {
  const edited = new Map<string, string>();
  for (const [name, cell] of Object.entries(order.sources)) {
    const edits = order.edits.filter(({ module }) => module === name);
    const target = join(staging, "edited", name);
    const module = sound(name, editModule(await filesOf(cell, context.notebooks), edits));
    await compileAuthored(module, target, connection, context.signal);
    edited.set(name, target);
  }
  const { modules } = order.modules.facts as ModuleSetFacts;
  const chosen = modules.filter((name) => order.chosen?.includes(name) ?? true);
  const genome = join(staging, "genome");
  await mkdir(genome);
  const variants = await stricter(order.variants, order.thresholds, genome, connection, context.signal);
  // What a module says does not hang on the others: of the same genome those that are not edited say the same.
  const again = variants === order.variants ? chosen.filter((name) => edited.has(name)) : chosen;
  if (again.length === 0) return order.before;
  const directory = await linkFiles(order.modules, join(staging, "modules"));
  await annotateRowsOfGenome(
    {
      variants,
      ingest: order.variants.facts as IngestSummary,
      modules: again.map((name) => ({ name, directory: edited.get(name) ?? join(directory, name) })),
      staging,
      partition: order.partition,
    },
    context,
  );
  const rows = join(staging, ANNOTATIONS_FILE);
  if (again.length === chosen.length) return rows;
  const whole = join(staging, "whole.parquet");
  const list = (names: readonly string[]): string => names.map((name) => quoteText(name)).join(", ");
  await connection.sink(
    `select * exclude (file_row_number) from (
       select * from ${numberedRows(order.before)} where module not in (${list(again)})
       union all by name select * from ${numberedRows(rows)})
     order by list_position([${list(chosen)}], module), file_row_number`,
    whole,
    { signal: context.signal },
  );
  return whole;
}

function filesOf(cell: CellText, notebooks: string): Promise<ModuleFiles> {
  return cell.language === "folder"
    ? readModuleFiles(join(notebooks, "modules", cell.source))
    : Promise.resolve(inlineFiles(cell.name, cell.source));
}

function sound(
  name: string,
  files: ModuleFiles,
): Exclude<ReturnType<typeof parseModule>, { problems: unknown }> {
  const module = parseModule(name, files);
  if (!isBroken(module)) return module;
  const [first] = module.problems.filter(({ severity }) => severity === "error");
  throw new WorkspaceError({
    code: "module",
    message: first === undefined ? `module ${name} is broken` : problemText(first),
    hint: "Write a value that the module may have.",
  });
}

async function matchedRows(connection: Connection, path: string, signal: AbortSignal): Promise<MatchedRow[]> {
  return connection.rows<MatchedRow>(
    `select distinct module, coalesce(rsid, chrom || ':' || start) as variant, array_to_string(genotype, '/') as genotype,
       gene, weight, state, conclusion
     from ${parquetRows(path)}
     order by abs(coalesce(weight, 0)) desc, module, variant limit ${MOST_ROWS}`,
    [],
    signal,
  );
}
