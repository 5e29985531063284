import { nearHint } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { Workspace } from "../workspace.ts";

const FOLDERS = "modules/";

/**
 * Names of modules, folders or cells, as the workspace spells them; case does not count.
 *
 * @throws {WorkspaceError} `usage` at the first that is none
 */
export async function knownModules(wanted: readonly string[], workspace: Workspace): Promise<string[]> {
  const { graph } = await workspace.definitions();
  const names = [...graph.assets.values()]
    .filter(({ kind }) => kind === "module")
    .map(({ key }) => (key.startsWith(FOLDERS) ? key.slice(FOLDERS.length) : key));
  return wanted.map((name) => {
    const found = names.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new WorkspaceError({
      code: "usage",
      message: `unknown module: ${name}`,
      hint: nearHint(name, names, `There are ${names.join(", ")}.`),
    });
  });
}
