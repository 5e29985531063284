import { useCallback, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

import type { Extent } from "./window.ts";
import { ROW_PX, clampTop, isScaled, scrollOfTop, topOfScroll, topThatShows } from "./window.ts";

export interface TableWindow {
  readonly extent: Extent;
  /** True position in pixels. */
  readonly top: number;
  /** Horizontal position and width of what is seen, in pixels. */
  readonly left: number;
  readonly width: number;
  /** 0-based rows that are wholly seen. */
  readonly firstWhole: number;
  readonly lastWhole: number;
  readonly onScroll: () => void;
  readonly showRow: (row: number) => void;
  readonly showStretch: (left: number, width: number) => void;
}

interface Sizes {
  readonly viewport: number;
  readonly width: number;
}

/**
 * Position of a scrolled element over rows. A scaled scrollbar moves by thousands of rows a pixel, so there
 * the wheel and the finger are taken by us, pixel for pixel, and the bar follows.
 */
export function useWindow(
  element: RefObject<HTMLDivElement | null>,
  rows: number,
  header: number,
): TableWindow {
  const [sizes, setSizes] = useState<Sizes>({ viewport: 0, width: 0 });
  const [at, setAt] = useState({ top: 0, left: 0 });
  /** What we set the scrollbar to: an event that finds it there is our own. */
  const ours = useRef(-1);
  const extent: Extent = { rows, viewport: sizes.viewport };
  const latest = useRef({ extent, top: at.top });
  latest.current = { extent, top: at.top };

  const moveTo = useCallback(
    (top: number): void => {
      const { extent } = latest.current;
      const next = clampTop(extent, top);
      latest.current = { extent, top: next };
      setAt((old) => ({ ...old, top: next }));
      if (element.current === null) return;
      element.current.scrollTop = scrollOfTop(extent, next);
      ours.current = element.current.scrollTop;
    },
    [element],
  );

  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = (): void => {
      const next = { viewport: Math.max(0, target.clientHeight - header), width: target.clientWidth };
      setSizes((old) => (old.viewport === next.viewport && old.width === next.width ? old : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, header]);

  useLayoutEffect(() => {
    const target = element.current;
    if (target === null || !isScaled(rows)) return;
    let finger: number | null = null;
    const moveBy = (pixels: number, event: Event): void => {
      const { extent, top } = latest.current;
      if (clampTop(extent, top + pixels) === top) return;
      event.preventDefault();
      moveTo(top + pixels);
    };
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return;
      moveBy(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY, event);
    };
    const touch = (event: TouchEvent): void => {
      const y = event.touches[0]?.clientY ?? null;
      if (event.type === "touchmove" && y !== null && finger !== null) moveBy(finger - y, event);
      finger = event.type === "touchend" ? null : y;
    };
    const touches = ["touchstart", "touchmove", "touchend"] as const;
    target.addEventListener("wheel", wheel, { passive: false });
    for (const type of touches) target.addEventListener(type, touch, { passive: false });
    return () => {
      target.removeEventListener("wheel", wheel);
      for (const type of touches) target.removeEventListener(type, touch);
    };
  }, [element, rows, moveTo]);

  const onScroll = useCallback((): void => {
    const target = element.current;
    if (target === null) return;
    const own = Math.abs(target.scrollTop - ours.current) < 1;
    const top = own ? latest.current.top : topOfScroll(latest.current.extent, target.scrollTop);
    if (!own) ours.current = -1;
    setAt({ top, left: target.scrollLeft });
  }, [element]);

  const showRow = (row: number): void => moveTo(topThatShows(latest.current.extent, latest.current.top, row));
  const showStretch = (left: number, width: number): void => {
    const target = element.current;
    if (target === null) return;
    if (left < target.scrollLeft) target.scrollLeft = left;
    else target.scrollLeft = Math.max(target.scrollLeft, left + width - target.clientWidth);
  };
  const top = clampTop(extent, at.top);
  const firstWhole = Math.ceil(top / ROW_PX);
  return {
    extent,
    top,
    left: at.left,
    width: sizes.width,
    firstWhole,
    lastWhole: Math.min(rows - 1, Math.max(firstWhole, Math.floor((top + sizes.viewport) / ROW_PX) - 1)),
    onScroll,
    showRow,
    showStretch,
  };
}
