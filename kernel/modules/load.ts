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
 * Reads every module folder of a directory, by name. A broken one never stops the others. Two modules of one
 * name: the second folder is broken.
 */
export async function loadModules(
  directory: string,
): Promise<{ readonly modules: readonly AuthoredModule[]; readonly broken: readonly BrokenModule[] }> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const modules: AuthoredModule[] = [];
  const broken: BrokenModule[] = [];
  for (const folder of folders.toSorted()) {
    const module = await loadModule(join(directory, folder));
    if (isBroken(module)) {
      broken.push(module);
    } else if (modules.some(({ spec }) => spec.name === module.spec.name)) {
      broken.push({ name: folder, problems: [nameTaken(module.spec.name)] });
    } else {
      modules.push(module);
    }
  }
  return { modules, broken };
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
