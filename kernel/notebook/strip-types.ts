import { WorkspaceError } from "#protocol/error.ts";

import { spanAt } from "./source-error.ts";

/**
 * A `ts` cell's text with its types blanked out: every line and column stays where it was. TypeScript's own parser
 * does it, which is large: it is loaded with the first `ts` cell.
 *
 * @throws {WorkspaceError} `notebook` for what types cannot be taken out of: `enum`, `namespace`, parameter properties
 */
export async function stripTypes(source: string): Promise<string> {
  const { default: blankTypes } = await import("ts-blank-space");
  let unsupported: WorkspaceError | null = null;
  const text = blankTypes(source, (node) => {
    unsupported ??= new WorkspaceError({
      code: "notebook",
      message: "TypeScript that is more than types",
      hint: "Write it without enum, namespace or parameter properties.",
      // Where the node starts after the white space that belongs to it.
      span: spanAt(source, node.pos + Math.max(0, source.slice(node.pos).search(/\S/)), node.end),
    });
  });
  if (unsupported !== null) throw unsupported as WorkspaceError;
  return text;
}
