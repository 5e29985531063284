import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { makeFolder } from "./make-folder.ts";
import { rememberShipped } from "./shipped.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

/**
 * Gives a workspace notebooks, modules and report templates of its own: copies of those that come with Karyon, for
 * the person to change. One that has a folder `notebooks/` keeps it as it is. The folder appears whole or not at all.
 */
export async function ownNotebooks(paths: WorkspacePaths): Promise<WorkspacePaths> {
  const own = join(paths.root, "notebooks");
  const ours = { ...paths, notebooks: own };
  if (existsSync(own)) {
    await rememberShipped(ours);
    return ours;
  }
  await makeFolder(paths.root, "shared");
  const copy = join(paths.root, `.notebooks-${randomUUID()}.tmp`);
  try {
    await cp(paths.shipped, copy, { recursive: true });
    await makeWritable(copy);
    await rename(copy, own);
  } catch (error) {
    // Another process was quicker, and somebody may have written into its copy.
    if (!existsSync(own)) throw error;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  await rememberShipped(ours);
  return ours;
}

/** What is installed may be read-only; a copy is the person's. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o600);
  }
}
