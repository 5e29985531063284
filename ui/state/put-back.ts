import type { CellView } from "#protocol/view.ts";

import { editableText } from "../editor/editable-text.ts";
import type { Insert } from "./cell-ops.ts";
import { freeName } from "./cell-templates.ts";

/** A cell that is gone, where it was among others, under its name if that is still free. */
export function putBackOp(cell: CellView, before: readonly CellView[], now: readonly CellView[]): Insert {
  const left = new Set(now.map(({ id }) => id));
  const at = before.findIndex(({ id }) => id === cell.id);
  const above = before.slice(0, at).findLast(({ id }) => left.has(id));
  const name = cell.name === null ? null : freeName(cell.name, now);
  const { language, attributes, source } = cell;
  return { op: "insert", after: above?.id ?? null, language, name, attributes, source };
}

/** The end of the text that is edited. */
export function endOf(cell: CellView): { readonly line: number; readonly column: number } {
  const lines = editableText(cell).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
