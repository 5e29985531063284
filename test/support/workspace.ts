import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { workspacePaths } from "../../server/workspace-paths.ts";
import { Workspace } from "../../server/workspace.ts";
import type { WorkspaceOptions } from "../../server/workspace.ts";
import { temporaryFolder } from "./karyon.ts";

/** A workspace in a new folder over one notebook, `one.md`, which is trusted. Whoever opens it closes and removes it. */
export async function openOver(
  notebook: string,
  options: Partial<WorkspaceOptions> = {},
): Promise<Workspace> {
  const root = await temporaryFolder("workspace");
  await mkdir(join(root, "notebooks"));
  await writeFile(join(root, "notebooks/one.md"), notebook);
  const workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test", ...options });
  await workspace.sessions.openAll();
  await workspace.sessions.trust("one.md");
  return workspace;
}
