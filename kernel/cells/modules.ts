import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import * as z from "zod";

import type { ErrorInfo } from "#protocol/error.ts";

import type { CompiledManifest } from "../modules/compile.ts";
import { quoteText } from "../engines/engine.ts";
import { quotePath } from "../engines/parquet-rows.ts";
import type { CellType } from "./cell-type.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  /** Modules in this order: names of folders, plain or after `modules/`, or of module cells. Absent: every folder, by name. */
  use: z.array(z.string()).optional(),
});
const PREFIX = "modules/";
/** Holds what could not be made, and why. */
const BROKEN = "broken.json";

/** What is remembered of a set of modules: those in it by name, and those that could not be made. */
export interface ModuleSetFacts {
  readonly modules: readonly string[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

/** `yaml NAME modules`: the compiled annotation modules, as one asset. A broken one does not stop the others. */
export const modules: CellType = {
  name: "modules",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "modules" in cell.attributes,
  analyse: (cell, context) => {
    const { use } = readYaml(cell, SHAPE);
    const names = use ?? context.modules;
    return Promise.resolve({
      inputs: names.map((name) => (context.modules.includes(name) ? `${PREFIX}${name}` : name)),
      parts: { order: names.join(" ") },
      output: "table",
      tolerant: true,
      light: true,
    });
  },
  async materialise(step, { connectShared, signal }) {
    const files: string[] = [];
    const rows: unknown[] = [];
    for (const input of step.inputs) {
      const name = nameOf(input.asset);
      for (const [file, { path }] of Object.entries(input.files)) {
        const target = join(name, file);
        await mkdir(dirname(join(step.staging, target)), { recursive: true });
        await copyFile(path, join(step.staging, target));
        files.push(target);
      }
      rows.push(listed(input.facts as CompiledManifest));
    }
    const table = `${step.asset}.parquet`;
    const list = join(step.staging, "modules.json");
    await writeFile(list, JSON.stringify(rows));
    const connection = await connectShared();
    try {
      const target = quoteText(join(step.staging, table));
      await connection.run(
        `copy (select * from read_json(${quotePath(list)}, hive_partitioning = false, format = 'array')) to ${target} (format parquet)`,
        [],
        signal,
      );
    } finally {
      connection.close();
      await rm(list);
    }
    const facts: ModuleSetFacts = {
      modules: step.inputs.map((input) => nameOf(input.asset)),
      broken: step.absent.map(({ asset, error }) => ({
        name: nameOf(asset),
        reason: reasonOf(error),
      })),
    };
    if (facts.broken.length === 0) return { files: [...files, table], table, facts };
    // With its reasons it is another content: who tells them must not go on telling those of before.
    await writeFile(join(step.staging, BROKEN), JSON.stringify(facts.broken));
    return { files: [...files, table, BROKEN], table, facts };
  },
};

/** The message, and the first thing that is wrong: file, line and field. */
export function reasonOf({ message, detail }: ErrorInfo): string {
  const [first] = detail?.split("\n") ?? [];
  return first === undefined || first === "" ? message : `${message}: ${first}`;
}

/** Name of the module that an asset is: of a folder without what stands before it. */
function nameOf(asset: string): string {
  return asset.startsWith(PREFIX) ? asset.slice(PREFIX.length) : asset;
}

/** One row of the table of modules. */
function listed({ module, stats, artifact }: CompiledManifest): Record<string, unknown> {
  const studies = artifact.files.find(({ name }) => name === "studies.parquet")?.rows ?? 0;
  return {
    name: module.name,
    title: module.title,
    version: module.version,
    genotypes: stats.rows,
    sites: stats.sites,
    placed: stats.placed,
    studies,
    license: module.license,
    digest: artifact.digest,
  };
}
