import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";

import { cellAnchor } from "../shell/show-cell.ts";
import { usePage } from "../shell/use-store.tsx";

/** What lies over the cells for a moment and gives the focus back. */
const OVER_CELLS = "dialog, [role=dialog], [role=menu], [role=listbox]";

/**
 * Keeps the focus among the cells when the one that has it is replaced or moved by a change of the notebook: the
 * browser would give it to the page, where no key means anything to a cell.
 */
export function useKeptFocus(): void {
  const { focusedCell } = usePage().page;
  const amongCells = useRef(false);
  useEffect(() => {
    const follow = ({ target }: Event): void => {
      if (!(target instanceof Element) || target.closest(OVER_CELLS) !== null) return;
      amongCells.current = target.closest("article.cell") !== null;
    };
    addEventListener("focusin", follow);
    addEventListener("pointerdown", follow);
    return () => {
      removeEventListener("focusin", follow);
      removeEventListener("pointerdown", follow);
    };
  }, []);
  const keep = useEffectEvent((): void => {
    if (!amongCells.current || focusedCell === null || document.activeElement !== document.body) return;
    document.getElementById(cellAnchor(focusedCell))?.focus({ preventScroll: true });
  });
  // After whatever is drawn: a cell goes with many kinds of change.
  useLayoutEffect(() => keep());
  // A menu goes from the page when it has faded; of two that followed one another the first is no longer there to
  // take the focus back.
  useEffect(() => {
    const gone = new MutationObserver(() => requestAnimationFrame(keep));
    gone.observe(document.body, { childList: true });
    return () => gone.disconnect();
  }, []);
}
