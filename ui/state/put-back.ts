import type { CellView } from "#protocol/view.ts";

import type { Drafts } from "../editor/drafts.ts";
import { editableText } from "../editor/editable-text.ts";
import type { Insert } from "./cell-ops.ts";
import { freeName } from "./cell-templates.ts";
import type { EditPlace, PageState } from "./page-state.ts";
import type { PageView } from "./page-view.ts";

/** What it needs of the page. */
interface Page {
  readonly drafts: Drafts;
  typedAhead: string;
  rewriting: boolean;
  view(): PageView;
  dismiss(cell: string): void;
  insert(op: Insert, at: EditPlace | null): Promise<boolean>;
  toast(text: string): void;
}

/** Puts back cells that were deleted elsewhere while somebody wrote in them, with what was written. */
export async function putBack(
  store: Page,
  gone: readonly CellView[],
  { snapshot, editing }: PageState,
): Promise<void> {
  const isWritten = ({ id }: CellView): boolean => id === editing?.cell;
  store.rewriting = gone.some(isWritten);
  try {
    for (const went of gone) {
      const cell = await store.drafts.lost(went);
      if (cell === null) {
        if (isWritten(went)) store.typedAhead = "";
        continue;
      }
      // Why it was not saved.
      store.dismiss(cell.id);
      const now = store.view().page.snapshot?.notebook.cells ?? [];
      const op = putBackOp(cell, snapshot?.notebook.cells ?? [], now);
      if (!(await store.insert(op, isWritten(cell) ? endOf(cell) : null))) continue;
      store.drafts.forget(cell.id);
      store.toast(
        `${cell.name ?? "A cell"} was deleted elsewhere while it was changed here: it is there again`,
      );
    }
  } finally {
    store.rewriting = false;
  }
}

/** A cell that is gone, where it was among others, under its name if that is still free. */
function putBackOp(cell: CellView, before: readonly CellView[], now: readonly CellView[]): Insert {
  const left = new Set(now.map(({ id }) => id));
  const at = before.findIndex(({ id }) => id === cell.id);
  const above = before.slice(0, at).findLast(({ id }) => left.has(id));
  const name = cell.name === null ? null : freeName(cell.name, now);
  const { language, attributes, source } = cell;
  return { op: "insert", after: above?.id ?? null, language, name, attributes, source };
}

/** The end of the text that is edited. */
function endOf(cell: CellView): EditPlace {
  const lines = editableText(cell).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
