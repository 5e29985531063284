import { stat } from "node:fs/promises";

/** What tells a file from one that takes its place, or that is written over it; null when there is none. */
export async function fileMark(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found === null ? null : [found.ino, found.size, found.mtimeMs].join(" ");
}
