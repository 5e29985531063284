import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { noneIfMissing } from "#protocol/none-if-missing.ts";
import { makerOf, temporaryName } from "#protocol/temporary-name.ts";

/** A folder for what this process alone needs for a while: when it is killed before, it is swept away. */
export async function temporaryDirectory(parent: string, what: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, temporaryName(what, process.pid)));
}

/**
 * Removes what processes left that are gone: it may be of a person. Every name `what-NUMBER-…` is taken for one of
 * `temporaryDirectory`, so nothing else in the folder may be named so.
 */
export async function sweepTemporary(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(noneIfMissing)) {
    const pid = makerOf(name);
    if (pid !== null && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** One that has ended and that nobody asked how, as where a container has no init, is there in name alone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  try {
    // The name before the state may hold anything, also brackets.
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}
