import { statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";

/** Whether what lies in a directory is a folder, or a link to one. */
export function isFolder(directory: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(directory, entry.name)).isDirectory();
  } catch {
    return false;
  }
}
