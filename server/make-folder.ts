import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

/** Who may look into a folder: everybody, as the system's mask says, or its owner alone. */
const MODES = { shared: 0o777, owner: 0o700 } as const;

/**
 * Makes a folder at a path that a person gave, and those above it; one that is there is left as it is. The recursive
 * `mkdir` of Node never ends where the system says that a folder is not there when it refuses to make it, as below
 * `/proc`.
 *
 * @throws {WorkspaceError} `asset` where no folder can be made, or a file lies
 */
export async function makeFolder(path: string, mode: keyof typeof MODES = "owner"): Promise<void> {
  if ((await refusal(path, mode)) === null) return;
  if (path !== dirname(path)) await makeFolder(dirname(path), mode);
  // Others may make the one above at the same time: only what is refused with that there is refused.
  const refused = await refusal(path, mode);
  if (refused !== null) throw notThere("no folder can be made here", path, refused);
}

/** Makes a folder, or finds it there. Null when it is; what the system said when it takes the one above for missing. */
async function refusal(path: string, mode: keyof typeof MODES): Promise<unknown> {
  try {
    await mkdir(path, MODES[mode]);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (await isFolder(path)) return null;
    if (code === "EEXIST") throw notThere("not a folder", path, error);
    if (code !== "ENOENT") throw error;
    return error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

function notThere(what: string, path: string, cause: unknown): WorkspaceError {
  return new WorkspaceError(
    { code: "asset", message: `${what}: ${path}`, hint: "Choose another place." },
    { cause },
  );
}
