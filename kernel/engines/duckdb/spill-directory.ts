import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * A folder of its own for what one database spills, private to the user: DuckDB names its files the same
 * in every process, and lets the SQL of a database read its own. Folders of processes that are gone go too.
 */
export async function spillDirectory(parent: string): Promise<string> {
  const own = await temporaryDirectory(parent, "duckdb");
  await sweepSpilled(parent);
  return own;
}

/** A folder for what this process alone needs for a while: when it is killed before, the next one sweeps it away. */
export async function temporaryDirectory(parent: string, what: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, `${what}-${process.pid}-`));
}

/** Removes what processes left that are gone: it may be of a person. */
export async function sweepSpilled(parent: string): Promise<void> {
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
