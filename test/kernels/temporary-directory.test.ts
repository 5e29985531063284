/** Temporary folders: those of processes that are gone are swept, all others stay. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { expect, test } from "vitest";

import { sweepTemporary, temporaryDirectory } from "../../kernel/temporary-directory.ts";
import { temporaryFolder } from "../support/karyon.ts";

test("what a process left that is gone is swept, what belongs to one that lives stays", async () => {
  const parent = await temporaryFolder("sweep");
  const mine = await temporaryDirectory(parent, "what-if");
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await mkdir(join(parent, `what-if-${gone}-abcdef`));
  await mkdir(join(parent, "joined"));
  await sweepTemporary(parent);
  expect((await readdir(parent)).toSorted()).toEqual(["joined", basename(mine)].toSorted());
});
