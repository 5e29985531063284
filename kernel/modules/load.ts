import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { isBroken } from "./module.ts";
import type { AuthoredModule, BrokenModule, ModuleFiles } from "./module.ts";
import { parseModule } from "./parse.ts";

/** Reads one module folder. Never throws for what is wrong inside: that is a {@link BrokenModule}. */
export async function loadModule(
  folder: string,
  options: { readonly strict?: boolean } = {},
): Promise<AuthoredModule | BrokenModule> {
  const name = basename(folder);
  try {
    return parseModule(name, await readModuleFiles(folder), options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, problems: [{ severity: "error", at: folder, field: null, message }] };
  }
}

/** The texts of a module folder. */
export async function readModuleFiles(folder: string): Promise<ModuleFiles> {
  const names = ["module_spec.yaml", "variants.csv", "studies.csv", "resolution.csv"] as const;
  const texts = await Promise.all(names.map((file) => textOf(join(folder, file))));
  return Object.fromEntries(names.map((file, i) => [file, texts[i] ?? null])) as unknown as ModuleFiles;
}

/**
 * Reads every module folder of a directory: by its name, in that order. A broken one never stops the others. Two
 * modules of one name: the second folder is broken. A directory that is not there has none.
 */
export async function loadModules(
  directory: string,
): Promise<ReadonlyMap<string, AuthoredModule | BrokenModule>> {
  const modules = new Map<string, AuthoredModule | BrokenModule>();
  const names = new Set<string>();
  for (const folder of await moduleFolders(directory)) {
    const module = await loadModule(join(directory, folder));
    const taken = !isBroken(module) && names.has(module.spec.name);
    modules.set(folder, taken ? { name: folder, problems: [nameTaken(module.spec.name)] } : module);
    if (!isBroken(module)) names.add(module.spec.name);
  }
  return modules;
}

/** Names of the folders of a directory of modules; one that begins with a point is a program's own. */
export async function moduleFolders(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .toSorted();
}

function nameTaken(name: string): BrokenModule["problems"][number] {
  const message = `another folder holds a module of this name: ${name}`;
  return { severity: "error", at: "module_spec.yaml", field: "module.name", message };
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
