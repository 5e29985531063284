import { useCallback } from "react";

import type { AssetKey } from "#protocol/ids.ts";

import { showCell } from "./show-cell.ts";
import { useStore } from "./use-store.tsx";

/** Goes to the cell of an asset; one without a cell, such as a module folder, is shown in the docked pane. */
export function useChooseAsset(): (asset: AssetKey) => void {
  const store = useStore();
  return useCallback(
    (asset) => {
      const cells = store.view().page.snapshot?.notebook.cells ?? [];
      const cell = cells.find((one) => one.asset === asset);
      store.select(asset);
      if (cell !== undefined) showCell(cell.id);
    },
    [store],
  );
}
