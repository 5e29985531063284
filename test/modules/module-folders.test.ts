/** Folders of modules, read together. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { loadModule, loadModules } from "../../kernel/modules/load.ts";
import { isBroken } from "../../kernel/modules/module.ts";
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

test("of two folders with a module of one name the second is broken", async () => {
  const directory = await folders(["alpha", "beta"], SPEC.replace("name: fixture", "name: same"));
  const modules = await loadModules(directory);
  expect([...modules].map(([folder, module]) => [folder, isBroken(module)])).toEqual([
    ["alpha", false],
    ["beta", true],
  ]);
});
