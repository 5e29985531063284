/** Rows that a person has chosen in a table: 0-based numbers under the view. Pure. */
import type { RowRange } from "./window.ts";

/** Sorted, apart from one another, none empty. */
export interface RowSelection {
  readonly ranges: readonly RowRange[];
  /** Row from which a stretch is drawn; null when it is where the cursor is. */
  readonly anchor: number | null;
}

export const NOTHING: RowSelection = { ranges: [], anchor: null };

export function isSelected(selection: RowSelection, row: number): boolean {
  return selection.ranges.some((range) => range.first <= row && row <= range.last);
}

export function selectedCount(selection: RowSelection): number {
  return selection.ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
}

/** The rows between the anchor (or `from`, when there is none) and a row, and no others. */
export function stretched(selection: RowSelection, from: number, to: number): RowSelection {
  const anchor = selection.anchor ?? from;
  return { ranges: [{ first: Math.min(anchor, to), last: Math.max(anchor, to) }], anchor };
}

/** The same rows; the next stretch begins where the cursor is. */
export function unanchored(selection: RowSelection): RowSelection {
  return selection.anchor === null ? selection : { ranges: selection.ranges, anchor: null };
}

/** One row more, or one less. */
export function toggled(selection: RowSelection, row: number): RowSelection {
  const chosen = isSelected(selection, row);
  const ranges = selection.ranges.flatMap((range) => {
    if (!chosen || row < range.first || row > range.last) return [range];
    const halves = [
      { first: range.first, last: row - 1 },
      { first: row + 1, last: range.last },
    ];
    return halves.filter((half) => half.first <= half.last);
  });
  return { ranges: chosen ? ranges : merged([...ranges, { first: row, last: row }]), anchor: row };
}

function merged(ranges: readonly RowRange[]): RowRange[] {
  const result: RowRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before === undefined || range.first > before.last + 1) result.push(range);
    else result[result.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return result;
}
