import { getLineInfo } from "acorn";
import type { AnyNode } from "acorn";

import type { Span } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";

/** An error at a node of a cell's source. */
export function sourceError(source: string, node: AnyNode, message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint, span: spanAt(source, node.start, node.end) });
}

/** Offsets as line and column; what spans lines is cut at the end of its first. */
export function spanAt(source: string, start: number, end: number): Span {
  const { line, column } = getLineInfo(source, Math.min(start, source.length));
  const lineEnd = source.indexOf("\n", start);
  const last = lineEnd === -1 ? end : Math.min(end, lineEnd);
  return { line, column: column + 1, length: Math.max(1, last - start) };
}
