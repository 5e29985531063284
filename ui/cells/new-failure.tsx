import { useState } from "react";
import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import type { Output } from "../runtime/output.ts";
import { usePageValue } from "../shell/use-store.tsx";

interface Props {
  readonly cell: CellView;
  readonly output: Output | null;
}

/**
 * Tells a screen reader what a cell of the page begins to fail with: not while it is written, when every other letter
 * is an error, but then. One that fails from the first is read with the page, and not told.
 */
export function NewFailure({ cell, output }: Props): ReactNode {
  const focused = usePageValue(({ page }) => page.focusedCell === cell.id);
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  // What reads what is not made yet waits.
  const failure = output?.kind === "error" && output.error.code !== "asset" ? output.error.message : null;
  /** How the cell last was while nobody wrote in it; without a name it is a new one with every text. */
  const [heard, setHeard] = useState<{ readonly failure: string | null; readonly told: boolean } | null>(
    null,
  );
  if (!editing && output !== null && heard?.failure !== failure) {
    setHeard({ failure, told: focused || heard?.failure === null });
  }
  return (
    <span className="announcer" role="alert">
      {heard?.told !== true || heard.failure === null
        ? null
        : `${cell.name ?? `${cell.language} cell`} failed: ${heard.failure}`}
    </span>
  );
}
