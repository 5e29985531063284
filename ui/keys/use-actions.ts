import { useCallback } from "react";

import { useStore } from "../shell/use-store.tsx";
import { carryOut } from "./carry-out.ts";
import type { Command } from "./key-map.ts";

/** Carries out a command on a cell, as its key does; null: on the one that has the focus. */
export function useActions(): (command: Command, cell?: string | null) => void {
  const store = useStore();
  return useCallback(
    (command, cell = null) => {
      if (cell !== null && store.view().page.focusedCell !== cell) store.focus(cell);
      carryOut(command, store);
    },
    [store],
  );
}
