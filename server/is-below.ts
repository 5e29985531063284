import { isAbsolute, relative, sep } from "node:path";

/**
 * Whether an absolute path lies in a folder, at any depth, going by the names alone: links are not followed. The folder
 * itself does not, nor what is on another drive; a file whose name begins with two dots does.
 */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !isAbsolute(way) && way.split(sep)[0] !== "..";
}
