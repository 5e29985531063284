import type { CellView } from "#protocol/view.ts";

import type { ErrorAction } from "../shell/error-card.tsx";
import { usePageValue, useStore } from "../shell/use-store.tsx";

/** What mends the text of a cell that is off before anything runs: of two cells of one name, one is renamed. */
export function useFix(cell: CellView): ErrorAction | undefined {
  const store = useStore();
  const isTwice = usePageValue(
    ({ page }) =>
      cell.error !== null &&
      cell.name !== null &&
      page.snapshot?.notebook.cells.some(({ id, name }) => id !== cell.id && name === cell.name) === true,
  );
  return isTwice
    ? { label: "Rename this one…", onPress: () => store.show({ kind: "rename", cell: cell.id }) }
    : undefined;
}
