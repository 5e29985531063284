import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** A folder for what this process alone needs for a while: when it is killed before, the next one sweeps it away. */
export async function temporaryDirectory(parent: string, what: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, `${what}-${process.pid}-`));
}

/**
 * Removes what processes left that are gone: it may be of a person. Every name `what-NUMBER-…` is taken for one of
 * `temporaryDirectory`, so nothing else in the folder may be named so.
 */
export async function sweepTemporary(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = /^[a-z-]+-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
