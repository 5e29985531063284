import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { hashFile } from "../assets/object-store.ts";
import { engineText } from "../engines/engine.ts";
import { compileAuthored, compileModule } from "../modules/compile.ts";
import { parseInline } from "../modules/inline.ts";
import type { AuthoredModule } from "../modules/module.ts";
import { problemText } from "../modules/problem.ts";
import { duckdb } from "../engines/duckdb.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";

/** One that begins with a point is a program's own, such as the lock of an editor. */
const SPEC_FILE = /^[^.].*\.(?:ya?ml|csv)$/;

/**
 * An annotation module, compiled to tables: a folder of `notebooks/modules/` (every folder is one such cell), or
 * `yaml NAME module`, a small one that is edited in place.
 */
export const moduleCell: CellType = {
  name: "module",
  code: import.meta.url,
  ofFiles: true,
  takes: (cell) => cell.language === "folder" || (cell.language === "yaml" && "module" in cell.attributes),
  async analyse(cell, { notebooks }) {
    const parts = cell.language === "folder" ? await folderParts(notebooks, cell) : inlineParts(cell);
    return { inputs: [], parts: { ...parts, duckdb: duckdb.version }, output: "table", light: true };
  },
  async materialise(step, { notebooks, connectShared, signal }) {
    const connection = await connectShared();
    try {
      const { cell, staging } = step;
      const compiled =
        cell.language === "folder"
          ? await compileModule(join(notebooks, "modules", cell.source), staging, connection, signal)
          : await compileAuthored(inlineModule(cell).module, staging, connection, signal);
      return {
        files: await readdir(staging),
        table: "weights.parquet",
        facts: compiled.manifest,
        modules: [compiled.identity],
        engine: engineText(duckdb),
      };
    } finally {
      connection.close();
    }
  },
};

async function folderParts(notebooks: string, cell: CellText): Promise<Record<string, string>> {
  const folder = join(notebooks, "modules", cell.source);
  const files = (await readdir(folder)).filter((file) => SPEC_FILE.test(file)).toSorted();
  const hashes = await Promise.all(
    files.map(async (file) => [file, await fileHash(join(folder, file))] as const),
  );
  return Object.fromEntries(hashes);
}

/** What is no file, or leads to none, has a hash too: what is wrong with it is told when the module is made. */
async function fileHash(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? hashFile(path) : "not a file";
}

function inlineParts(cell: CellText): Record<string, string> {
  return { source: hashValue(inlineModule(cell).value) };
}

/** @throws {WorkspaceError} `module` at the first error, with all of them in `detail` */
function inlineModule(cell: CellText): { module: AuthoredModule; value: unknown } {
  const read = parseInline(cell.name, cell.source);
  if ("module" in read) return read;
  const errors = read.problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const field = first?.field == null ? "" : `${first.field}: `;
  throw new WorkspaceError({
    code: "module",
    message: `${field}${first?.message ?? "broken"}${errors.length > 1 ? `, and ${errors.length - 1} more` : ""}`,
    hint: errors.length > 1 ? "Mend what is listed." : "Mend it at that place.",
    cell: cell.name,
    ...(first === undefined ? {} : { span: { line: first.line, column: first.column, length: 1 } }),
    detail: errors.map((problem) => problemText(problem)).join("\n"),
  });
}
