import type { Graph } from "#graph/graph.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

/** The cell or folder that a module is written in. @throws {WorkspaceError} `usage` when there is none */
export function moduleCell(graph: Graph, name: string): CellText {
  const definition = graph.assets.get(`modules/${name}` as AssetKey) ?? graph.assets.get(name as AssetKey);
  if (definition?.kind === "module") return { name, ...definition.cell };
  throw new WorkspaceError({
    code: "usage",
    message: `no such module: ${name}`,
    hint: "See karyon list-modules.",
  });
}
