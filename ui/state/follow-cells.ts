import type { CellView } from "#protocol/view.ts";

/** What a cell is known by before it has an id. */
export type InsertedCell = Pick<CellView, "language" | "name" | "source">;

/**
 * New ids of cells whose id changed (a rename, mostly; words that moved, whose blank lines are others now): of the
 * cells that went and those that came, the ones with the same text are the same cell, and the ones that stand in
 * the same place and are of the same kind.
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
    const inPlace = after[at];
    const next = after.find((one) => !known.has(one.id) && isTwin(one, cell)) ?? inPlace;
    if (next === undefined || known.has(next.id) || next.kind !== cell.kind) continue;
    followed.set(cell.id, next.id);
    if (next === inPlace) at++;
  }
  return followed;
}

function isTwin(one: CellView, other: CellView): boolean {
  const words = one.source.trim();
  return words !== "" && one.kind === other.kind && words === other.source.trim();
}

/** The cell that was inserted here, and none that came from another page meanwhile; null when it did not come. */
export function cameCell(
  before: readonly CellView[],
  after: readonly CellView[],
  { language, name, source }: InsertedCell,
): CellView | null {
  const known = new Set(before.map((cell) => cell.id));
  const isIt = (cell: CellView): boolean =>
    cell.language === language && cell.name === name && bare(cell.source) === bare(source);
  return after.find((cell) => !known.has(cell.id) && isIt(cell)) ?? null;
}

/** A text without what its place in a file adds: blank lines around words, the file's kind of line end. */
function bare(source: string): string {
  return source.replaceAll("\r\n", "\n").trim();
}

/** The first cell that came, or is another than before, or stands elsewhere; null when some only went. */
export function changedCell(before: readonly CellView[], after: readonly CellView[]): CellView | null {
  const known = new Map(before.map((cell) => [cell.id, cell]));
  const isOther = (cell: CellView): boolean => {
    const was = known.get(cell.id);
    // Words have another id with every blank line around them.
    if (was === undefined) return cell.kind !== "markdown" || !before.some((one) => isTwin(one, cell));
    return (
      was.source !== cell.source ||
      was.language !== cell.language ||
      JSON.stringify(was.attributes) !== JSON.stringify(cell.attributes)
    );
  };
  const moved =
    after.length === before.length ? after.find(({ id }, at) => id !== before[at]?.id) : undefined;
  return after.find(isOther) ?? moved ?? null;
}

/** Where the focus goes when a cell is gone: to the one that took its place, or the one before it. */
export function cellInPlaceOf(
  id: string,
  before: readonly CellView[],
  after: readonly CellView[],
): string | null {
  const at = before.findIndex((cell) => cell.id === id);
  if (at < 0) return null;
  // Counted from the nearest one above that is still there: others may have gone with it.
  const places = new Map(after.map((cell, place) => [cell.id, place]));
  const above = before.slice(0, at).findLast((cell) => places.has(cell.id));
  const place = above === undefined ? 0 : (places.get(above.id) ?? 0) + 1;
  return after[Math.min(place, after.length - 1)]?.id ?? null;
}
