import { isUtf8 } from "node:buffer";
import type { Dirent } from "node:fs";
import { lstat, readFile, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import { systemRefusal } from "#protocol/system-error.ts";

import { isBroken } from "./module.ts";
import type { AuthoredModule, BrokenModule, ModuleFiles } from "./module.ts";
import { parseModule } from "./parse.ts";

/** What a file of a module may hold, of which the whole is taken into memory: some million variants. */
const MOST_MEGABYTES = 256;

/** Reads one module folder. Never throws for what is wrong inside: that is a {@link BrokenModule}. */
export async function loadModule(folder: string): Promise<AuthoredModule | BrokenModule> {
  const name = basename(folder);
  try {
    return parseModule(name, await readModuleFiles(folder));
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    const { at = folder, message } = error.info;
    return { name, problems: [{ severity: "error", at, field: null, message }] };
  }
}

/**
 * The texts of a module folder.
 *
 * @throws {WorkspaceError} `module` at the file that is there and cannot be read as text
 */
export async function readModuleFiles(folder: string): Promise<ModuleFiles> {
  const names = ["module_spec.yaml", "variants.csv", "studies.csv", "resolution.csv"] as const;
  const texts = await Promise.all(names.map((file) => textOf(folder, file)));
  return Object.fromEntries(names.map((file, i) => [file, texts[i] ?? null])) as unknown as ModuleFiles;
}

/**
 * Reads every module folder of a directory: by its name, in that order. A broken one never stops the others. Two
 * modules of one name: the second folder is broken. A directory that is not there has none.
 *
 * @throws {WorkspaceError} as {@link moduleFolders}
 */
export async function loadModules(
  directory: string,
): Promise<ReadonlyMap<string, AuthoredModule | BrokenModule>> {
  const modules = new Map<string, AuthoredModule | BrokenModule>();
  const folders = new Map<string, string>();
  for (const folder of await moduleFolders(directory)) {
    const module = await loadModule(join(directory, folder));
    const name = isBroken(module) ? null : module.spec.name;
    const first = name === null ? undefined : folders.get(name);
    const taken = name !== null && first !== undefined;
    modules.set(folder, taken ? { name: folder, problems: [nameTaken(name, first)] } : module);
    if (name !== null && !taken) folders.set(name, folder);
  }
  return modules;
}

/**
 * Names of the folders of a directory of modules, also of those that lie elsewhere and are linked there; one that begins
 * with a point is a program's own.
 *
 * @throws {WorkspaceError} `asset` for a directory that is there and cannot be read
 */
export async function moduleFolders(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(noneIfMissing);
  const folders = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith("."))
      .map(async (entry) => ((await isFolder(directory, entry)) ? [entry.name] : [])),
  );
  return folders.flat().toSorted();
}

async function isFolder(directory: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const found = await stat(join(directory, entry.name)).catch(() => null);
  return found?.isDirectory() === true;
}

function nameTaken(name: string, folder: string): BrokenModule["problems"][number] {
  const message = `the folder ${folder} holds a module of this name: ${name}`;
  return { severity: "error", at: "module_spec.yaml", field: "module.name", message };
}

async function textOf(folder: string, file: string): Promise<string | null> {
  const path = join(folder, file);
  const unread = (message: string, line?: number): WorkspaceError =>
    new WorkspaceError({
      code: "module",
      message,
      hint: "Let it be read, or remove it.",
      at: line === undefined ? file : `${file}:${line}`,
    });
  try {
    // What is neither, such as a pipe, would be waited for without end.
    const found = await stat(path);
    if (!found.isFile()) throw unread("is not a file");
    if (found.size > MOST_MEGABYTES * 2 ** 20) throw unread(`is larger than ${MOST_MEGABYTES} MB`);
    const bytes = await readFile(path);
    if (isUtf8(bytes)) return bytes.toString();
    throw unread("not UTF-8: save it as UTF-8 in the program that wrote it", firstForeignLine(bytes));
  } catch (error) {
    if (error instanceof WorkspaceError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    if (isLink && ["ENOENT", "ELOOP"].includes(code)) throw unread("is a link that leads nowhere");
    if (code === "ENOENT") return null;
    throw unread(systemRefusal(error)?.message ?? String(error));
  }
}

/** The first line, from 1, that is no UTF-8. */
function firstForeignLine(bytes: Buffer): number {
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return 1;
}
