import { realpath } from "node:fs/promises";
import { dirname } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

import { isBelow } from "./is-below.ts";

/**
 * Where the file of a notebook really lies: there it is read and written, so that a link that is turned elsewhere after
 * this is not followed. A link to a file of the workspace is that file; a notebooks folder that is a link itself holds what
 * it holds. What is not there, or a link to nothing, is the path itself.
 *
 * @throws {WorkspaceError} `notebook` for a link to a file outside: a notebook that somebody was given would show it, and
 *   an edit would be written into it
 */
export async function notebookPlace(file: string): Promise<string> {
  const real = await realpath(file).catch(() => null);
  if (real === null) return file;
  const folder = dirname(file);
  for (const own of [folder, dirname(folder)]) if (isBelow(real, await realpath(own))) return real;
  throw new WorkspaceError({
    code: "notebook",
    message: `a link to a file outside the workspace: ${file}`,
    hint: "Put the file itself there. The whole notebooks folder may be a link.",
  });
}
