import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { watchFolder } from "../../server/watch-folder.ts";

test("a file is heard of each time it is replaced, also in a folder that is new", async () => {
  const folder = mkdtempSync(join(tmpdir(), "karyon-watch-"));
  const heard: string[][] = [];
  let wake = (): void => {};
  const watcher = watchFolder(folder, (paths) => {
    heard.push(paths.filter((path) => !path.endsWith(".tmp")));
    wake();
  });
  onTestFinished(() => {
    watcher.close();
    rmSync(folder, { recursive: true });
  });
  const after = async (change: () => void): Promise<string[] | undefined> => {
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    change();
    await told;
    return heard.at(-1);
  };
  const replace = (name: string): void => {
    writeFileSync(join(folder, `${name}.tmp`), String(heard.length));
    renameSync(join(folder, `${name}.tmp`), join(folder, name));
  };
  expect(await after(() => replace("a.md"))).toEqual(["a.md"]);
  expect(await after(() => replace("a.md"))).toEqual(["a.md"]);
  expect(await after(() => writeFileSync(join(folder, "a.md"), "in place"))).toEqual(["a.md"]);
  expect(await after(() => mkdirSync(join(folder, "modules")))).toEqual(["modules"]);
  expect(await after(() => replace("modules/b.csv"))).toEqual([join("modules", "b.csv")]);
  expect(await after(() => replace("modules/b.csv"))).toEqual([join("modules", "b.csv")]);
});

test("a folder that is not there is silent", () => {
  watchFolder(join(tmpdir(), "karyon-no-such-folder"), () => {}).close();
});
