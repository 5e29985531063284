import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { notebookPlace } from "./notebook-place.ts";

/**
 * Writes a file whole or not at all, and for good: a reader sees the old text or the new one, also after a power
 * cut. A link stays a link, and the file keeps who may read it.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  await replaceWhole(await realpath(path).catch(() => path), text);
}

/** As {@link writeWhole}, of a notebook. @throws {WorkspaceError} as {@link notebookPlace} */
export async function writeNotebook(path: string, text: string): Promise<void> {
  await replaceWhole(await notebookPlace(path), text);
}

/** A link itself is replaced: nothing is written through it. */
async function replaceWhole(target: string, text: string): Promise<void> {
  const before = await stat(target).catch(() => null);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      // Not as it is made: of that the mask of the process takes something away. Some disks know no modes.
      if (before !== null) await file.chmod(before.mode & 0o777).catch(() => null);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Makes the name of a new file last. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => null);
  await handle.close();
}
