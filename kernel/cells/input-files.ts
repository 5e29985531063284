import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";

/**
 * The table of an input; `words` are what is said where it is none.
 *
 * @throws {WorkspaceError} `asset` for an input that is no table
 */
export function inputTable(
  { asset, table, files }: InputFiles,
  words: Pick<ErrorInfo, "hint" | "cell">,
): InputFiles["files"][string] {
  const file = table === null ? undefined : files[table];
  if (file !== undefined) return file;
  throw new WorkspaceError({ code: "asset", message: `${asset} is no table`, ...words });
}

/**
 * Absolute path of one file of an input.
 *
 * @throws {WorkspaceError} `asset` for an input without it, such as one that an earlier Karyon made
 */
export function inputFile({ asset, files }: InputFiles, name: string): string {
  const file = files[name];
  if (file !== undefined) return file.path;
  throw new WorkspaceError({
    code: "asset",
    message: `${asset} lacks ${name}`,
    hint: `Materialise it again: karyon asset materialize --select ${asset}`,
  });
}
