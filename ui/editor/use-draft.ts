import { useSyncExternalStore } from "react";

import type { CellView } from "#protocol/view.ts";

import { useStore } from "../shell/use-store.tsx";
import type { Draft } from "./draft.ts";

/** What was typed in a cell; null where nobody typed. */
export function useDraft(cell: CellView): Draft | null {
  const { drafts } = useStore();
  return useSyncExternalStore(drafts.subscribe, () => drafts.draft(cell.id));
}

/** The text that a cell shows: the draft's, or the server's. */
export function useCellText(cell: CellView): string {
  const { drafts } = useStore();
  return useSyncExternalStore(drafts.subscribe, () => drafts.text(cell));
}
