import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";

import { notebookPlace } from "./notebook-place.ts";

/** Far more than anybody writes: the whole of it is in memory, several times. */
const MOST_MEGABYTES = 64;
/** Never through a link, and without waiting on a pipe for one who writes. Windows knows neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Text of a notebook's file, without the mark of the byte order that some editors begin it with: a heading or a fence
 * may follow it.
 *
 * @throws {WorkspaceError} `notebook` for what is no UTF-8: written again, its letters would be lost; and for what is
 *   no file, a link to one outside the workspace, or one too large to be a notebook
 */
export async function readNotebook(file: string): Promise<string> {
  const bytes = await bytesOf(file);
  if (isUtf8(bytes)) return bytes.toString("utf8").replace(/^\uFEFF/, "");
  throw unread(`not UTF-8: ${file}`, "Save it as UTF-8 in the program that wrote it.");
}

async function bytesOf(file: string): Promise<Buffer> {
  const handle = await open(await notebookPlace(file), OPEN_FLAGS);
  try {
    const found = await handle.stat();
    // A pipe is waited for without end, and what a device gives has none.
    if (!found.isFile()) throw unread(`not a file: ${file}`, "Remove it, or put a notebook in its place.");
    if (found.size > MOST_MEGABYTES * 2 ** 20) {
      throw unread(`larger than ${MOST_MEGABYTES} MB: ${file}`, "Keep data in a table beside the notebook.");
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unread(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint });
}

/**
 * As {@link readNotebook}; null for a file that is not there, and for a link to none. What the system refuses to look at
 * may well be there, and is thrown.
 */
export async function readNotebookIfThere(file: string): Promise<string | null> {
  return readNotebook(file).catch(async (error: unknown) => {
    if (error instanceof WorkspaceError || !(await isGone(file))) throw error;
    return null;
  });
}

async function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === "ENOENT" || code === "ENOTDIR",
  );
}
