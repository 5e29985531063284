import { useSyncExternalStore } from "react";

import type { CellView } from "#protocol/view.ts";

import { usePageValue, useStore } from "../shell/use-store.tsx";
import type { Draft } from "./draft.ts";
import { editableText } from "./editable-text.ts";

/** What was typed in a cell; null where nobody typed. */
export function useDraft(cell: CellView): Draft | null {
  const { drafts } = useStore();
  return useSyncExternalStore(drafts.subscribe, () => drafts.draft(cell.id));
}

/** The text that a cell shows: the draft's, or the server's; of a notebook that is shown as it was, its own. */
export function useCellText(cell: CellView): string {
  const { drafts } = useStore();
  const isPast = usePageValue(({ page }) => page.past.whole !== null);
  return useSyncExternalStore(drafts.subscribe, () => (isPast ? editableText(cell) : drafts.text(cell)));
}
