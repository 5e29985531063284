/** Temporary folders: those of processes that are gone are swept, all others stay. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { sweepTemporary, temporaryDirectory } from "../../kernel/temporary-directory.ts";
import { temporaryFolder, until } from "../support/karyon.ts";

test("what a process left that is gone is swept, what belongs to one that lives stays", async () => {
  const parent = await temporaryFolder("sweep");
  const mine = await temporaryDirectory(parent, "what-if");
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await mkdir(join(parent, `what-if-${gone}-abcdef`));
  await mkdir(join(parent, "joined"));
  await sweepTemporary(parent);
  expect((await readdir(parent)).toSorted()).toEqual(["joined", basename(mine)].toSorted());
});

test("a folder that cannot be looked through is not one in which nothing was left", async () => {
  const parent = join(await temporaryFolder("sweep"), "spill");
  await sweepTemporary(parent);
  await writeFile(parent, "");
  await expect(sweepTemporary(parent)).rejects.toThrow(`the folder cannot be read: not a folder: ${parent}`);
});

test.runIf(existsSync("/proc/self"))(
  "what a process left that has ended is swept also while its parent did not ask how",
  async () => {
    const parent = await temporaryFolder("sweep");
    // A shell that becomes another program leaves its child to that, which asks nothing.
    const shell = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"]);
    onTestFinished(() => void shell.kill());
    const ended = await new Promise<string>((resolve) => {
      shell.stdout.on("data", (text: Buffer) => resolve(text.toString().trim()));
    });
    await mkdir(join(parent, `duckdb-${ended}-abcdef`));
    await until(() => /\) Z /.test(readFileSync(`/proc/${ended}/stat`, "utf8")));
    await sweepTemporary(parent);
    expect(await readdir(parent)).toEqual([]);
  },
);
