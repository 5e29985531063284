/**
 * Where rows are, for a table of any length behind a scrollbar of bounded length. Browsers cap the height
 * of an element (about 17 million pixels in Firefox), so beyond {@link MAX_SCROLL_PX} the scrollbar shows a
 * scaled position; `top` is always the true one, in pixels of the unscaled table.
 */

export const ROW_PX = 28;
export const MAX_SCROLL_PX = 8_000_000;
/** Rows of one request: a few hundred kilobytes of most tables. */
export const PAGE_ROWS = 1000;

export interface Extent {
  readonly rows: number;
  /** Height of what is seen of the rows, without the header, in pixels. */
  readonly viewport: number;
}

/** 0-based, `last` inclusive; empty is `{first: 0, last: -1}`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Height of the element that gives the scrollbar its length. */
export function scrollHeight(rows: number): number {
  return Math.min(rows * ROW_PX, MAX_SCROLL_PX);
}

export function isScaled(rows: number): boolean {
  return rows * ROW_PX > MAX_SCROLL_PX;
}

/** The lowest position: the last row at the bottom of the viewport. */
export function maxTop(extent: Extent): number {
  return Math.max(0, extent.rows * ROW_PX - extent.viewport);
}

export function clampTop(extent: Extent, top: number): number {
  return Math.min(Math.max(0, top), maxTop(extent));
}

/** True position for a position of the scrollbar. */
export function topOfScroll(extent: Extent, scroll: number): number {
  if (!isScaled(extent.rows)) return clampTop(extent, scroll);
  const span = scrollHeight(extent.rows) - extent.viewport;
  return clampTop(extent, (scroll / span) * maxTop(extent));
}

/** Position of the scrollbar for a true position: the inverse of {@link topOfScroll}. */
export function scrollOfTop(extent: Extent, top: number): number {
  if (!isScaled(extent.rows)) return clampTop(extent, top);
  const span = scrollHeight(extent.rows) - extent.viewport;
  return (clampTop(extent, top) / maxTop(extent)) * span;
}

/** Rows of which at least a pixel is seen. */
export function visibleRows(extent: Extent, top: number): RowRange {
  if (extent.rows === 0 || extent.viewport <= 0) return { first: 0, last: -1 };
  const first = Math.floor(top / ROW_PX);
  const last = Math.ceil((top + extent.viewport) / ROW_PX) - 1;
  return { first: Math.max(0, first), last: Math.min(extent.rows - 1, last) };
}

/** Rows that are wholly seen, or the one that fills the viewport. */
export function wholeRows(extent: Extent, top: number): RowRange {
  const first = Math.ceil(top / ROW_PX);
  const last = Math.max(first, Math.floor((top + extent.viewport) / ROW_PX) - 1);
  return { first, last: Math.min(extent.rows - 1, last) };
}

/** The nearest position at which the row is wholly seen. */
export function topThatShows(extent: Extent, top: number, row: number): number {
  const above = row * ROW_PX;
  const below = above + ROW_PX - extent.viewport;
  return clampTop(extent, top > above ? above : Math.max(top, below));
}

/** Numbers of the pages that hold the rows. */
export function pagesOf(range: RowRange): number[] {
  if (range.last < range.first) return [];
  const first = Math.floor(range.first / PAGE_ROWS);
  const last = Math.floor(range.last / PAGE_ROWS);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Columns of which a pixel is seen, from their widths in pixels; `left` is where the first of them starts. */
export function visibleColumns(
  widths: readonly number[],
  scrollLeft: number,
  viewport: number,
): RowRange & { readonly left: number } {
  let at = 0;
  let first = 0;
  for (; first < widths.length - 1 && at + (widths[first] ?? 0) <= scrollLeft; first++) {
    at += widths[first] ?? 0;
  }
  const left = at;
  let last = first;
  for (at += widths[first] ?? 0; last < widths.length - 1 && at < scrollLeft + viewport;) {
    at += widths[++last] ?? 0;
  }
  return { first, last: Math.min(last, widths.length - 1), left };
}

/** A cell that the keyboard is at: 0-based. */
export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads; null when the grid does not use it. `ends`: with Ctrl or ⌘. */
export function moved(
  at: GridPosition,
  key: string,
  ends: boolean,
  extent: Extent,
  columns: number,
): GridPosition | null {
  const page = Math.max(1, Math.floor(extent.viewport / ROW_PX) - 1);
  const row = (value: number): GridPosition => ({
    row: Math.min(Math.max(0, value), Math.max(0, extent.rows - 1)),
    column: at.column,
  });
  const column = (value: number): GridPosition => ({
    row: at.row,
    column: Math.min(Math.max(0, value), Math.max(0, columns - 1)),
  });
  switch (key) {
    case "ArrowDown":
      return row(ends ? extent.rows - 1 : at.row + 1);
    case "ArrowUp":
      return row(ends ? 0 : at.row - 1);
    case "ArrowRight":
      return column(ends ? columns - 1 : at.column + 1);
    case "ArrowLeft":
      return column(ends ? 0 : at.column - 1);
    case "PageDown":
      return row(at.row + page);
    case "PageUp":
      return row(at.row - page);
    case "Home":
      return ends ? { row: 0, column: 0 } : column(0);
    case "End":
      return ends ? { row: Math.max(0, extent.rows - 1), column: columns - 1 } : column(columns - 1);
    default:
      return null;
  }
}
