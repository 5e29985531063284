// What is built from the sources is kept beside the packages, by the time of the sources' last change.
import { readdirSync, statSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const CACHE = join(ROOT, "node_modules", ".cache", "karyon");
/** A process may still load parts of what is older than its sources. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Time of the last change at or below a path, in milliseconds since 1970; a file that is gone changed its folder, and
 * a link that leads nowhere, by which an editor marks a file as its own, is no source. Not one promise a file: to look
 * at some hundred files takes four times as long with them.
 *
 * @param {string} path
 * @returns {number}
 */
export function newestChange(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  let newest = found.mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = `${path}/${entry.name}`;
    newest = Math.max(newest, entry.isDirectory() ? newestChange(below) : changed(below));
  }
  return newest;
}

function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export async function forgetOld() {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > KEPT_MS)
      await rm(path, { recursive: true, force: true });
  }
}
