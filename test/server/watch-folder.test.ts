import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { watchFolder } from "../../server/watch-folder.ts";

/** Watches a new folder, and gives what is heard after a change of it. */
function watched(): { folder: string; after: (change: () => void) => Promise<string[] | undefined> } {
  const root = mkdtempSync(join(tmpdir(), "karyon-watch-"));
  const folder = join(root, "watched");
  mkdirSync(folder);
  const heard: string[][] = [];
  let wake = (): void => {};
  const watcher = watchFolder(folder, (paths) => {
    heard.push(paths.filter((path) => !path.endsWith(".tmp")));
    wake();
  });
  onTestFinished(() => {
    watcher.close();
    rmSync(root, { recursive: true });
  });
  const after = async (change: () => void): Promise<string[] | undefined> => {
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    change();
    await told;
    return heard.at(-1);
  };
  return { folder, after };
}

test("a file is heard of each time it is replaced, also in a folder that is new", async () => {
  const { folder, after } = watched();
  const replace = (name: string): void => {
    writeFileSync(join(folder, `${name}.tmp`), name);
    renameSync(join(folder, `${name}.tmp`), join(folder, name));
  };
  expect(await after(() => replace("a.md"))).toEqual(["a.md"]);
  expect(await after(() => replace("a.md"))).toEqual(["a.md"]);
  expect(await after(() => writeFileSync(join(folder, "a.md"), "in place"))).toEqual(["a.md"]);
  expect(await after(() => mkdirSync(join(folder, "modules")))).toEqual(["modules"]);
  expect(await after(() => replace("modules/b.csv"))).toEqual([join("modules", "b.csv")]);
  expect(await after(() => replace("modules/b.csv"))).toEqual([join("modules", "b.csv")]);
});

const REPLACED = [
  ["removed and made anew", (at: string) => rmSync(at, { recursive: true })],
  ["moved away, and another made", (at: string) => renameSync(at, `${at}-before`)],
] as const;

test.each(REPLACED)("a file is heard of in a folder that was %s", async (_name, remove) => {
  const { folder, after } = watched();
  const modules = join(folder, "modules");
  await after(() => mkdirSync(join(modules, "longevity"), { recursive: true }));
  const file = join(modules, "longevity", "variants.csv");
  await after(() => writeFileSync(file, "1"));
  await after(() => {
    remove(modules);
    mkdirSync(join(modules, "longevity"), { recursive: true });
    writeFileSync(file, "2");
  });
  expect(await after(() => writeFileSync(file, "3"))).toEqual([join("modules", "longevity", "variants.csv")]);
});

test.each(REPLACED)("a file is heard of when the folder itself was %s", async (_name, remove) => {
  const { folder, after } = watched();
  const file = join(folder, "a.md");
  await after(() => writeFileSync(file, "1"));
  remove(folder);
  expect(
    await after(() => {
      mkdirSync(folder);
      writeFileSync(file, "2");
    }),
  ).toContain("a.md");
  expect(await after(() => writeFileSync(file, "3"))).toEqual(["a.md"]);
});

test("a folder that is not there is silent", () => {
  watchFolder(join(tmpdir(), "karyon-no-such-folder"), () => {}).close();
});

test("a file is heard of in a folder that lies elsewhere and is linked", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "karyon-elsewhere-"));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  const { folder, after } = watched();
  await after(() => symlinkSync(elsewhere, join(folder, "linked")));
  const heard = await after(() => writeFileSync(join(elsewhere, "variants.csv"), "1"));
  expect(heard).toEqual([join("linked", "variants.csv")]);
});

test("what lies deeper than modules and samples, as below a link to a whole disk, is not watched", async () => {
  const { folder, after } = watched();
  const disk = mkdtempSync(join(tmpdir(), "karyon-disk-"));
  onTestFinished(() => rmSync(disk, { recursive: true }));
  const deep = join(disk, "anna", "genome", "old");
  mkdirSync(deep, { recursive: true });
  await after(() => symlinkSync(disk, join(folder, "users")));
  const heard = await after(() => {
    writeFileSync(join(deep, "a.vcf"), "");
    writeFileSync(join(disk, "anna", "genome", "a.vcf"), "");
  });
  expect(heard).toEqual([join("users", "anna", "genome", "a.vcf")]);
});
