import { rm } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import { errorInfo } from "#protocol/error.ts";
import type { CompareOrder, ExportOrder } from "#protocol/export-order.ts";
import type { ReferenceFacts } from "#protocol/reference.ts";
import { EDITED_COLUMNS } from "#protocol/what-if.ts";

import type { WorkContext } from "./cells/cell-type.ts";
import { joinHow, requireColumns } from "./cells/join.ts";
import { reasonOf } from "./cells/modules.ts";
import { shardPaths } from "./cells/reference.ts";
import { duckdb } from "./engines/duckdb.ts";
import { checkModules, FOLDER_LEFT_OUT } from "./modules/check.ts";
import { compileModule } from "./modules/compile.ts";
import { moduleFolders } from "./modules/load.ts";
import { MODULE_NAME } from "./modules/spec.ts";
import { joinTogether } from "./reference/join-together.ts";
import { dropPrepared } from "./reference/prepared.ts";
import { downloadReference, verifyReference } from "./reference/download.ts";
import { siteTable } from "./modules/site-table.ts";
import { hubOf } from "./sources/hugging-face.ts";
import { sourceOf } from "./sources/source-of.ts";
import { NORMALIZED_FILE } from "./sources/source.ts";
import { vcf } from "./sources/vcf/vcf.ts";
import { diffTables } from "./query/diff-tables.ts";
import type { Interactive } from "./query/interactive.ts";
import { sweepTemporary, temporaryDirectory } from "./temporary-directory.ts";
import type { TraceOrder } from "./trace/trace.ts";
import { editCell, editKeys } from "./what-if/edit-cell.ts";
import { forkOf, whatIf } from "./what-if/what-if.ts";
import type { WhatIfOrder } from "./what-if/what-if.ts";

const INSPECT = z.object({ paths: z.array(z.string()), usable: z.boolean().optional() });
const DIFF = z.object({ before: z.string(), after: z.string(), key: z.array(z.string()) });
const DATASET = z.object({ repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/), revision: z.string() });
const REFERENCE = z.object({
  records: z.number(),
  seed: z.number(),
  out: z.string(),
  genome: z.string().nullable(),
});
const TOGETHER = z.object({
  cell: z.object({
    name: z.string(),
    language: z.string(),
    attributes: z.record(z.string(), z.string()),
    source: z.string(),
  }),
  samples: z.array(z.object({ path: z.string(), hash: z.string() })),
  reference: z.unknown(),
  /** Name of the engine that the runs chose; null: the cell's own. */
  engine: z.string().nullable(),
});
const MODULE_CELL = z.object({
  name: z.string(),
  source: z.string(),
  edits: z.array(
    z.object({
      module: z.string(),
      variant: z.string(),
      genotype: z.string(),
      column: z.enum(EDITED_COLUMNS),
      value: z.string(),
    }),
  ),
});
const KEYS = z.object({ name: z.string(), source: z.string(), values: z.record(z.string(), z.string()) });
const SYNTH = z.object({ records: z.number(), seed: z.number(), out: z.string() });

/** Work that makes no asset, by the name that the server asks for. What few kernels are asked for is loaded then. */
export const calls: Readonly<
  Record<
    string,
    (parameters: unknown, context: WorkContext, interactive: () => Interactive) => Promise<unknown>
  >
> = {
  /** What the heads of the genome files of a sample state: samples, build, caller. `usable`: what their ingest would refuse is refused. */
  async "inspect-genome"(parameters, { signal }) {
    const { paths, usable } = INSPECT.parse(parameters);
    return (await sourceOf(paths, signal)).inspect(paths, signal, usable);
  },
  /** What is different between two tables, by their paths. */
  async "diff-tables"(parameters, { connect, signal }) {
    const request = DIFF.parse(parameters);
    const connection = await connect({ allowedPaths: [request.before, request.after] });
    try {
      return await diffTables(connection, request, signal);
    } finally {
      connection.close();
    }
  },
  /** A notebook as one HTML file. */
  async "export-notebook"(parameters, context, interactive) {
    const { writeExport } = await import("./export/write-export.ts");
    return writeExport(parameters as ExportOrder, context, (query, signal) =>
      interactive().query(query, signal),
    );
  },
  /** Where the rows of a table in an exported file are not those of the stored table; null: nowhere. */
  async "compare-exported"(parameters, context) {
    const { compareExported } = await import("./export/compare-exported.ts");
    return compareExported(parameters as CompareOrder, context);
  },
  /** What a fork of modules would move. */
  "what-if": (parameters, context) => whatIf(parameters as WhatIfOrder, context),
  /** Where what is known of one site is from, down to the lines of the genome file. */
  async trace(parameters, context) {
    const { trace } = await import("./trace/trace.ts");
    return trace(parameters as TraceOrder, context);
  },
  /** The texts of a fork of one module. */
  "fork-module": (parameters, context) => forkOf(parameters as Parameters<typeof forkOf>[0], context),
  /** The text of a cell that is a module, with values of its variants changed. */
  "edit-module-cell": (parameters) => {
    const { name, source, edits } = MODULE_CELL.parse(parameters);
    return Promise.resolve(editCell(name, source, edits));
  },
  /** The text of a cell of values by name, with some of them changed. */
  "edit-keys": (parameters) => {
    const { name, source, values } = KEYS.parse(parameters);
    return Promise.resolve(editKeys(name, source, values));
  },
  /** What is off and what is doubtful in the module folders. */
  "check-modules": (_parameters, { notebooks }) => checkModules(notebooks),
  "list-modules": (_parameters, context) => listModules(context),
  /** A synthetic genome with the sites of the workspace's modules planted, and its truth table beside it. */
  async synth(parameters, context) {
    const { records, seed, out } = SYNTH.parse(parameters);
    const truth = `${out.replace(/\.vcf(?:\.b?gz)?$/i, "")}.truth.tsv`;
    const sites = await withCompiled(context, (directories, connection) =>
      siteTable(directories, connection, context.signal),
    );
    const { synthesise } = await import("./synth/synthesise.ts");
    return { ...(await synthesise({ records, seed, out, sites, truth }, context)), out, truth };
  },
  /** A made-up reference whose shards share variants with a genome, which may be Parquet or a VCF. */
  async "synth-reference"(parameters, context) {
    const request = REFERENCE.parse(parameters);
    const { synthesiseReference } = await import("./synth/reference.ts");
    return withVariants(request.genome, context, async (genome, connection) => ({
      ...(await synthesiseReference({ ...request, genome }, connection, context)),
      out: request.out,
    }));
  },
  /** Joins several samples in one pass; the step of each partition then finds its result. */
  async "join-together"(parameters, context) {
    const { cell, samples, reference, engine } = TOGETHER.parse(parameters);
    const facts = reference as ReferenceFacts;
    const shards = await shardPaths(facts, context.cache, context.signal);
    const how = joinHow(cell, engine);
    const connection = await context.connect();
    try {
      await requireColumns(cell, shards, connection);
    } finally {
      connection.close();
    }
    return joinTogether({ samples, shards, reference: facts.identity, ...how }, context);
  },
  "drop-joined": (_parameters, { spill }) => dropPrepared(spill),
  /** What kernels that were killed left in the folder for temporary files. */
  async "sweep-spilled"(_parameters, { spill }) {
    await dropPrepared(spill);
    await sweepTemporary(spill);
  },
  "download-ensembl": (parameters, context) =>
    downloadReference({ ...DATASET.parse(parameters), cache: context.cache }, hubOf(process.env), context),
  "verify-ensembl": (_parameters, context) => verifyReference(context.cache, context),
};

type Connection = Awaited<ReturnType<WorkContext["connect"]>>;

/** Gives the path of a Parquet with the variants of a genome; of a VCF, it is there during `use` alone. */
async function withVariants<T>(
  genome: string | null,
  context: WorkContext,
  use: (parquet: string | null, connection: Connection) => Promise<T>,
): Promise<T> {
  const staging = await temporaryDirectory(context.spill, "genome");
  const connection = await context.connect();
  try {
    if (genome === null || genome.endsWith(".parquet")) return await use(genome, connection);
    const request = { paths: [genome], sample: null, filters: {}, staging, spillDirectory: context.spill };
    await vcf.ingest(request, duckdb, context);
    return await use(join(staging, NORMALIZED_FILE), connection);
  } finally {
    connection.close();
    await rm(staging, { recursive: true, force: true });
  }
}

async function listModules(context: WorkContext): Promise<unknown[]> {
  const listed: unknown[] = [];
  for (const name of await moduleFolders(join(context.notebooks, "modules"))) {
    if (!MODULE_NAME.test(name)) {
      listed.push({ name, status: "failed", reason: FOLDER_LEFT_OUT });
      continue;
    }
    try {
      listed.push(await withCompiled(context, ([one]) => Promise.resolve(one?.listing), [name]));
    } catch (error) {
      const info = errorInfo(error);
      if (info.code !== "module") throw error;
      listed.push({ name, status: "failed", reason: reasonOf(info) });
    }
  }
  return listed;
}

interface Compiled {
  readonly name: string;
  readonly directory: string;
  readonly listing: unknown;
}

/** Compiles modules into a directory of this call alone. Without names: all that are sound. */
async function withCompiled<T>(
  context: WorkContext,
  use: (modules: readonly Compiled[], connection: Connection) => Promise<T>,
  names?: readonly string[],
): Promise<T> {
  const directory = await temporaryDirectory(context.spill, "modules");
  const connection = await context.connectShared();
  try {
    const compiled: Compiled[] = [];
    for (const name of names ?? (await moduleFolders(join(context.notebooks, "modules")))) {
      const target = join(directory, name);
      const module = await compileModule(
        join(context.notebooks, "modules", name),
        target,
        connection,
        context.signal,
      ).catch((error: unknown) => {
        if (names === undefined && errorInfo(error).code === "module") return null;
        throw error;
      });
      if (module !== null)
        compiled.push({ name, directory: target, listing: listing(name, module.manifest) });
    }
    return await use(compiled, connection);
  } finally {
    connection.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param name of the folder, by which the module is chosen */
function listing(
  name: string,
  { module, stats, artifact }: Awaited<ReturnType<typeof compileModule>>["manifest"],
): unknown {
  return {
    name,
    title: module.title,
    version: module.version,
    digest: artifact.digest,
    description: module.description,
    weights: stats.rows,
    placed: stats.placed,
    studies: artifact.files.find(({ name }) => name === "studies.parquet")?.rows ?? 0,
    status: "ready",
    reason: null,
  };
}
