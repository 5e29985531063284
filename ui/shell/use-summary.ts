import { useSyncExternalStore } from "react";

import { failureOf } from "../runtime/failure-of.ts";
import { notebookAssets, summarise } from "../state/plan.ts";
import type { Summary } from "../state/plan.ts";
import { usePage, useStore } from "./use-store.tsx";

/** How much of the notebook is fresh, stale and failed; what the page computes itself can only fail. */
export function useSummary(): Summary {
  const { outputs } = useStore();
  const { page, states } = usePage();
  const { snapshot } = page;
  const cells = snapshot?.notebook.cells ?? [];
  const failed = useSyncExternalStore(
    (listener) => outputs.subscribe(listener),
    () =>
      cells.filter(
        (cell) => cell.asset === null && (cell.error !== null || failureOf(outputs, cell) !== null),
      ).length,
  );
  const summary = summarise(snapshot === null ? [] : notebookAssets(snapshot), states);
  return { ...summary, failed: summary.failed + failed };
}
