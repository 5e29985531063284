import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { hashFile } from "../assets/object-store.ts";
import { compileModule } from "../modules/compile.ts";
import { duckdb } from "../engines/duckdb.ts";
import type { CellType } from "./cell-type.ts";

const SPEC_FILE = /\.(?:ya?ml|csv)$/;

/** A folder of `notebooks/modules/`: an annotation module, compiled to tables. Every folder is one such cell. */
export const moduleCell: CellType = {
  name: "module",
  takes: (cell) => cell.language === "folder",
  async analyse(cell, { notebooks }) {
    const folder = join(notebooks, "modules", cell.source);
    const files = (await readdir(folder)).filter((file) => SPEC_FILE.test(file)).toSorted();
    const hashes = await Promise.all(files.map(async (file) => [file, await hashFile(join(folder, file))]));
    return { inputs: [], parts: { ...Object.fromEntries(hashes), duckdb: duckdb.version }, output: "table" };
  },
  async materialise(step, { notebooks, connect, signal }) {
    const connection = await connect();
    try {
      const folder = join(notebooks, "modules", step.cell.source);
      const compiled = await compileModule(folder, step.staging, connection, signal);
      return {
        files: await readdir(step.staging),
        table: "weights.parquet",
        facts: compiled.manifest,
        modules: [compiled.identity],
        engine: `duckdb ${duckdb.version}`,
      };
    } finally {
      connection.close();
    }
  },
};
