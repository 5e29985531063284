import type { CellView } from "#protocol/view.ts";

import type { PageState } from "./page-state.ts";

/** The cells that keys act on: from where a selection began to where the focus is, in the order of the notebook. */
export function selectedCells({
  snapshot,
  focusedCell,
  anchorCell,
}: Pick<PageState, "snapshot" | "focusedCell" | "anchorCell">): readonly CellView[] {
  const cells = snapshot?.notebook.cells ?? [];
  const at = cells.findIndex((cell) => cell.id === focusedCell);
  const from = cells.findIndex((cell) => cell.id === anchorCell);
  if (at < 0) return [];
  return from < 0 ? cells.slice(at, at + 1) : cells.slice(Math.min(at, from), Math.max(at, from) + 1);
}
