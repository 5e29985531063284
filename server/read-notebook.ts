import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";

/**
 * Text of a notebook's file, without the mark of the byte order that some editors begin it with: a heading or a fence
 * may follow it.
 *
 * @throws {WorkspaceError} `notebook` for what is no UTF-8: written again, its letters would be lost
 */
export async function readNotebook(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (isUtf8(bytes)) return bytes.toString("utf8").replace(/^\uFEFF/, "");
  throw new WorkspaceError({
    code: "notebook",
    message: `not UTF-8: ${file}`,
    hint: "Save it as UTF-8 in the program that wrote it.",
  });
}

/** As {@link readNotebook}; null for a file that is not there. */
export async function readNotebookIfThere(file: string): Promise<string | null> {
  return readNotebook(file).catch((error: unknown) => {
    if (error instanceof WorkspaceError) throw error;
    return null;
  });
}
