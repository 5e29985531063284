/** Folders of modules, read together. */
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { loadModule, loadModules } from "../../kernel/modules/load.ts";
import { isBroken } from "../../kernel/modules/module.ts";
import { problemText } from "../../kernel/modules/problem.ts";
import { specOf } from "./genome-fixture.ts";

const SPEC = specOf("fixture");
const VARIANTS = "rsid,genotype,weight,state,conclusion\nrs1,A/G,1,protective,a\n";
const STUDIES = "rsid,pmid\nrs1,123\n";

/** Module folders of the given names in a directory that the test removes. */
async function folders(names: readonly string[], spec = SPEC): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "karyon-folders-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const name of names) {
    await mkdir(join(directory, name));
    await writeFile(
      join(directory, name, "module_spec.yaml"),
      spec.replace("name: fixture", `name: ${name}`),
    );
    await writeFile(join(directory, name, "variants.csv"), VARIANTS);
    await writeFile(join(directory, name, "studies.csv"), STUDIES);
  }
  return directory;
}

test("a broken module does not stop the others", async () => {
  const directory = await folders(["alpha", "beta"]);
  await writeFile(join(directory, "alpha", "variants.csv"), "rsid,genotype\nrs1,0/1\n");
  const modules = await loadModules(directory);
  expect([...modules].map(([folder, module]) => [folder, isBroken(module)])).toEqual([
    ["alpha", true],
    ["beta", false],
  ]);
});

test("a folder without a spec, and one that is not there, are broken modules of the folder's name", async () => {
  const directory = await folders([]);
  await mkdir(join(directory, "empty"));
  for (const name of ["empty", "nowhere"]) {
    const module = await loadModule(join(directory, name));
    expect(isBroken(module) && [module.name, module.problems[0]?.message]).toEqual([name, "is not there"]);
  }
});

test.each<[string, (file: string) => Promise<void>, string]>([
  ["a folder", (file) => mkdir(file), "variants.csv is not a file"],
  [
    "a file without end",
    async (file) => (await writeFile(file, ""), truncate(file, 2 ** 40)),
    "variants.csv is larger than 256 MB",
  ],
  ["a link to nothing", (file) => symlink("nowhere.csv", file), "variants.csv is a link that leads nowhere"],
  ["a link to itself", (file) => symlink(file, file), "variants.csv is a link that leads nowhere"],
  [
    "a text of another encoding",
    (file) => writeFile(file, VARIANTS.replace(",a\n", ",caf\u00e9\n"), "latin1"),
    "variants.csv:2 not UTF-8: save it as UTF-8 in the program that wrote it",
  ],
  [
    "a text of UTF-16",
    (file) => writeFile(file, `\ufeff${VARIANTS}`, "utf16le"),
    "variants.csv:1 not UTF-8: save it as UTF-8 in the program that wrote it",
  ],
])("a table that is %s is named", async (_what, put, told) => {
  const directory = await folders(["alpha"]);
  const file = join(directory, "alpha", "variants.csv");
  await rm(file);
  await put(file);
  const module = await loadModule(join(directory, "alpha"));
  expect(isBroken(module) && module.problems.map((problem) => problemText(problem))).toEqual([told]);
});

test("a folder that lies elsewhere and is linked, and a table that is, are read", async () => {
  const directory = await folders(["alpha"]);
  const elsewhere = await folders(["beta"]);
  await symlink(join(elsewhere, "beta"), join(directory, "beta"));
  await rename(join(directory, "alpha", "studies.csv"), join(elsewhere, "studies.csv"));
  await symlink(join(elsewhere, "studies.csv"), join(directory, "alpha", "studies.csv"));
  await symlink(join(directory, "nowhere"), join(directory, "gamma"));
  const modules = await loadModules(directory);
  expect([...modules].map(([folder, module]) => [folder, isBroken(module)])).toEqual([
    ["alpha", false],
    ["beta", false],
  ]);
});

test("a directory that is not there has no modules; one that cannot be read has not none", async () => {
  const directory = join(await folders([]), "modules");
  expect((await loadModules(directory)).size).toBe(0);
  await writeFile(directory, "");
  await expect(loadModules(directory)).rejects.toThrow(
    `the folder cannot be read: not a folder: ${directory}`,
  );
});

test("of two folders with a module of one name the second is broken", async () => {
  const directory = await folders(["alpha", "beta"], SPEC.replace("name: fixture", "name: same"));
  const modules = await loadModules(directory);
  expect([...modules].map(([folder, module]) => [folder, isBroken(module)])).toEqual([
    ["alpha", false],
    ["beta", true],
  ]);
  const beta = modules.get("beta");
  expect(beta && isBroken(beta) && beta.problems[0]?.message).toBe(
    "the folder alpha holds a module of this name: same",
  );
});
