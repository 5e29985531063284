import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Folders of the notebooks whose files a cell may be made of. */
export const PART_FOLDERS: readonly string[] = ["modules", "reports"];

/**
 * Hash of the names and contents of all that cells may be made of beside their text: modules and report templates.
 * Null when it cannot be told, because something there is neither file nor folder or went while it was read.
 */
export async function partsHash(notebooks: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for (const folder of PART_FOLDERS) {
      for (const path of await filesBelow(join(notebooks, folder))) {
        const content = await readFile(path);
        hash.update(JSON.stringify([path.slice(notebooks.length), content.length])).update(content);
      }
    }
  } catch {
    return null;
  }
  return hash.digest("hex");
}

/** Absolute paths of all files below a folder, in order; none for one that is not there. @throws for what is neither file nor folder */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return [path];
      if (entry.isDirectory()) return filesBelow(path);
      throw new Error(`neither file nor folder: ${path}`);
    }),
  );
  return found.flat().toSorted();
}
