import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";

import { cellAnchor } from "../shell/show-cell.ts";
import { usePage } from "../shell/use-store.tsx";

/** What lies over the page for a moment and gives the focus back. */
const OVER_PAGE = "dialog, [role=dialog], [role=menu], [role=listbox]";

/**
 * Keeps the focus on the page when what has it goes: a cell that is replaced, moved or deleted, a button that is
 * disabled by what it does, a panel that is closed. The browser would give it to the document, where no key means
 * anything; the cell that had it last gets it, or, where no cell is shown, the page itself.
 */
export function useKeptFocus(): void {
  const { focusedCell } = usePage().page;
  /** What had it last; null when somebody pressed where nothing has it. */
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const focus = ({ target }: Event): void => {
      if (target instanceof Element && target.closest(OVER_PAGE) === null) last.current = target;
    };
    const press = ({ target }: Event): void => {
      if (target instanceof Element && target.closest(OVER_PAGE) === null)
        last.current = target.closest("article.cell");
    };
    // Into a report, of which nothing is told here but that the focus is no longer in this document: in Firefox
    // before it is known where.
    const blur = (): void => {
      setTimeout(() => {
        if (document.activeElement instanceof HTMLIFrameElement) last.current = document.activeElement;
      });
    };
    addEventListener("focusin", focus);
    addEventListener("blur", blur);
    addEventListener("pointerdown", press);
    return () => {
      removeEventListener("focusin", focus);
      removeEventListener("blur", blur);
      removeEventListener("pointerdown", press);
    };
  }, []);
  const keep = useEffectEvent((): void => {
    const { activeElement, body } = document;
    const isLost = activeElement === null || activeElement === body || activeElement.matches(":disabled");
    if (!isLost || last.current === null || activeElement?.closest(OVER_PAGE) != null) return;
    const cell = focusedCell === null ? null : document.getElementById(cellAnchor(focusedCell));
    for (const place of [last.current, cell, document.querySelector("main:not([hidden])")]) {
      if (place instanceof HTMLElement || place instanceof SVGElement) place.focus({ preventScroll: true });
      if (place !== null && place === document.activeElement && !place.matches(":disabled")) return;
    }
  });
  // After whatever is drawn: what has the focus goes with many kinds of change.
  useLayoutEffect(() => keep());
  // A part of the page may go, or be disabled, by itself, as a dialog of one page does, or a menu once it has faded.
  useEffect(() => {
    let frame = 0;
    const changed = new MutationObserver(() => {
      // Not put off by what changes with every frame.
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        keep();
      });
    });
    changed.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    return () => {
      changed.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
}
