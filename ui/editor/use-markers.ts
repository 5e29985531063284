import type { CellView } from "#protocol/view.ts";

import { browserKind } from "../runtime/browser-cells.ts";
import { useCellOutput, usePageValue } from "../shell/use-store.tsx";
import { cellMarkers } from "./cell-markers.ts";
import type { CellMarker } from "./cell-markers.ts";

/** What is to be underlined in the text of a cell, whether a run failed or the page that computes it. */
export function useMarkers(cell: CellView, text: string): CellMarker[] {
  const status = usePageValue(({ page }) =>
    cell.asset === null ? undefined : page.snapshot?.assets.find((one) => one.key === cell.asset)?.status,
  );
  const output = useCellOutput(cell.id);
  if (status?.state === "failed") return cellMarkers(cell, status.error, text);
  const kind = browserKind(cell);
  // Words are computed piece by piece: a place is one in its piece. What is being typed was not computed yet.
  const isOfText = kind !== null && kind !== "prose" && text === cell.source;
  return cellMarkers(cell, isOfText && output?.kind === "error" ? output.error : null, text);
}
