import type { Extent } from "./window.ts";
import { ROW_PX, clampTop, isScaled, scrollOfTop, topOfScroll, topThatShows } from "./window.ts";

/** What of a table is seen, in pixels; `top` is the true position, whatever the scrollbar shows. */
export interface GridView {
  readonly viewport: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
}

const TOUCHES = ["touchstart", "touchmove", "touchend"] as const;

/**
 * Position of a scrolled element over rows. A scaled scrollbar moves by thousands of rows a pixel, so there
 * the wheel and the finger are taken by us, pixel for pixel, and the bar follows.
 */
export class GridScroll {
  readonly #rows: number;
  readonly #header: number;
  readonly #listeners = new Set<() => void>();
  #element: HTMLElement | null = null;
  #view: GridView = { viewport: 0, width: 0, top: 0, left: 0 };
  /** What we set the scrollbar to: an event that finds it there is our own. */
  #ours = -1;
  #finger: number | null = null;
  /** A row that is to be shown as soon as it is known how much is seen. */
  #wanted: number | null = null;

  /** `header`: pixels of the element that rows are not seen in. */
  constructor(rows: number, header: number) {
    this.#rows = rows;
    this.#header = header;
  }

  view = (): GridView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows an element until the result is called. */
  attach = (element: HTMLElement): (() => void) => {
    this.#element = element;
    // It tells of the size after the page was laid out: to ask for it here would lay the page out for every table.
    const observer = new ResizeObserver((entries) => {
      for (const { contentRect } of entries) this.#measured(contentRect);
    });
    observer.observe(element);
    element.addEventListener("scroll", this.#scrolled);
    if (isScaled(this.#rows)) {
      element.addEventListener("wheel", this.#wheel, { passive: false });
      for (const type of TOUCHES) element.addEventListener(type, this.#touch, { passive: false });
    }
    return () => {
      this.#element = null;
      observer.disconnect();
      element.removeEventListener("scroll", this.#scrolled);
      element.removeEventListener("wheel", this.#wheel);
      for (const type of TOUCHES) element.removeEventListener(type, this.#touch);
    };
  };

  get extent(): Extent {
    return { rows: this.#rows, viewport: this.#view.viewport };
  }

  /** Moves as little as shows the row wholly. */
  showRow(row: number): void {
    // How much is seen is told a little later.
    this.#wanted = this.#view.viewport === 0 ? row : null;
    if (this.#wanted === null) this.#moveTo(topThatShows(this.extent, this.#view.top, row));
  }

  /** Moves sideways as little as shows a column wholly. */
  showColumn(left: number, width: number): void {
    const element = this.#element;
    if (element === null) return;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else element.scrollLeft = Math.max(element.scrollLeft, left + width - element.clientWidth);
  }

  #moveTo(top: number): void {
    this.#set({ ...this.#view, top: clampTop(this.extent, top) });
    if (this.#element === null) return;
    this.#element.scrollTop = scrollOfTop(this.extent, this.#view.top);
    this.#ours = this.#element.scrollTop;
  }

  #measured(seen: Pick<DOMRect, "height" | "width">): void {
    const viewport = Math.max(0, Math.round(seen.height) - this.#header);
    const top = clampTop({ rows: this.#rows, viewport }, this.#view.top);
    this.#set({ ...this.#view, viewport, width: Math.round(seen.width), top });
    if (this.#wanted !== null && viewport > 0) this.showRow(this.#wanted);
  }

  #scrolled = (): void => {
    if (this.#element === null) return;
    const { scrollTop, scrollLeft } = this.#element;
    const own = Math.abs(scrollTop - this.#ours) < 1;
    if (!own) this.#ours = -1;
    this.#set({
      ...this.#view,
      left: scrollLeft,
      top: own ? this.#view.top : topOfScroll(this.extent, scrollTop),
    });
  };

  #wheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.deltaY === 0) return;
    this.#moveBy(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY, event);
  };

  #touch = (event: TouchEvent): void => {
    const y = event.touches[0]?.clientY ?? null;
    if (event.type === "touchmove" && y !== null && this.#finger !== null)
      this.#moveBy(this.#finger - y, event);
    this.#finger = event.type === "touchend" ? null : y;
  };

  /** At an end the page around the table moves instead. */
  #moveBy(pixels: number, event: Event): void {
    if (clampTop(this.extent, this.#view.top + pixels) === this.#view.top) return;
    event.preventDefault();
    this.#moveTo(this.#view.top + pixels);
  }

  #set(view: GridView): void {
    const old = this.#view;
    const same =
      old.top === view.top &&
      old.left === view.left &&
      old.viewport === view.viewport &&
      old.width === view.width;
    if (same) return;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}
