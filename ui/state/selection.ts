import type { CellView } from "#protocol/view.ts";

import type { PageState } from "./page-state.ts";

type Selecting = Pick<PageState, "snapshot" | "focusedCell" | "anchorCell">;

/** The cells that keys act on: from where a selection began to where the focus is, in the order of the notebook. */
export function selectedCells({ snapshot, focusedCell, anchorCell }: Selecting): readonly CellView[] {
  const cells = snapshot?.notebook.cells ?? [];
  const at = cells.findIndex((cell) => cell.id === focusedCell);
  const from = cells.findIndex((cell) => cell.id === anchorCell);
  if (at < 0) return [];
  return from < 0 ? cells.slice(at, at + 1) : cells.slice(Math.min(at, from), Math.max(at, from) + 1);
}

let last: { readonly page: Selecting; readonly ids: ReadonlySet<string> } | null = null;

/** How many cells are selected together with one; 0 when it is not. Asked by every cell of a page: counted once. */
export function selectedWith(page: Selecting, cell: string): number {
  if (last?.page !== page) {
    last = { page, ids: new Set(selectedCells(page).map(({ id }) => id)) };
  }
  return last.ids.has(cell) ? last.ids.size : 0;
}
