import { readFile } from "node:fs/promises";

/** The text of a file; null where there is none. What the system refuses to read may well be there, and is thrown. */
export async function textAt(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}
