/** Id of a cell's element. */
export function cellAnchor(cell: string): string {
  return `cell-${cell}`;
}

/** Puts the focus on a cell and brings it into view. */
export function showCell(cell: string): void {
  const element = document.getElementById(cellAnchor(cell));
  if (element === null) return;
  element.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tall = element.getBoundingClientRect().height > innerHeight * 0.7;
  element.scrollIntoView({ block: tall ? "start" : "nearest", behavior: calm ? "auto" : "smooth" });
}
