import { WorkspaceError } from "./error.ts";
import { systemRefusal } from "./system-error.ts";

/**
 * What a folder that could not be listed holds: nothing when it is not there. One that the system refuses to look into
 * may well hold something.
 *
 * @throws {WorkspaceError} `asset` for that
 */
export function noneIfMissing(error: NodeJS.ErrnoException): never[] {
  if (error.code === "ENOENT") return [];
  throw unreadFolder(error);
}

export function unreadFolder(cause: NodeJS.ErrnoException): WorkspaceError {
  const { message } = systemRefusal(cause) ?? cause;
  return new WorkspaceError(
    {
      code: "asset",
      message: `the folder cannot be read: ${message}`,
      hint: "See that a folder lies there, and that Karyon may read it.",
      detail: cause.message,
    },
    { cause },
  );
}
