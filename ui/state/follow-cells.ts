import type { CellView } from "#protocol/view.ts";

/**
 * New ids of cells whose id changed (a rename, mostly): of the cells that went and those that came, the ones
 * that stand in the same place and are of the same kind are the same cell.
 */
export function followCells(
  before: readonly CellView[],
  after: readonly CellView[],
): ReadonlyMap<string, string> {
  const known = new Set(before.map((cell) => cell.id));
  const left = new Set(after.map((cell) => cell.id));
  const followed = new Map<string, string>();
  let at = 0;
  for (const cell of before) {
    if (left.has(cell.id)) {
      at = after.findIndex((one) => one.id === cell.id) + 1;
      continue;
    }
    const next = after[at];
    if (next === undefined || known.has(next.id) || next.kind !== cell.kind) continue;
    followed.set(cell.id, next.id);
    at++;
  }
  return followed;
}

/** The cell that was not there before and is of the language asked for; null when none came. */
export function cameCell(
  before: readonly CellView[],
  after: readonly CellView[],
  language: string,
): CellView | null {
  const known = new Set(before.map((cell) => cell.id));
  return after.find((cell) => !known.has(cell.id) && cell.language === language) ?? null;
}

/** Where the focus goes when a cell is gone: to the one that took its place, or the one before it. */
export function cellInPlaceOf(
  id: string,
  before: readonly CellView[],
  after: readonly CellView[],
): string | null {
  const at = before.findIndex((cell) => cell.id === id);
  return at < 0 ? null : (after[Math.min(at, after.length - 1)]?.id ?? null);
}
