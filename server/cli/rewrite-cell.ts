import type { VerbScope } from "./verb.ts";

/** Gives a cell the text that the kernel makes of its own, as an edit that can be taken back. */
export async function rewriteCell(
  { notebook, cell }: { readonly notebook: string; readonly cell: string },
  { name, parameters }: { readonly name: string; readonly parameters: unknown },
  { workspace, signal }: Pick<VerbScope, "workspace" | "signal">,
): Promise<void> {
  const kernel = await workspace.kernels.get("interactive");
  const source = String(await kernel.call(name, parameters, { signal }));
  const session = await workspace.sessions.session(notebook);
  const op = { op: "set-source", block: cell, source } as const;
  await session.dispatch({ type: "edit", ops: [op], at: Date.now() });
  workspace.definitionsChanged();
}
