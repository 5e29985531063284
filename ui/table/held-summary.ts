import type { ColumnSummary } from "#protocol/messages.ts";

import type { HeldRows } from "./held-rows.ts";

const MOST_BINS = 40;
const TOP_VALUES = 20;
/** A value longer than this is shown by its start. */
const SHOWN_CHARACTERS = 200;

/** Exact statistics of one column over some rows, in the kernel's shape and by its rules. */
export function columnSummary(held: HeldRows, column: number, rows: Uint32Array): ColumnSummary {
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  const isNumber = held.isOrdered(column);
  let nulls = 0;
  for (const row of rows) {
    const text = held.text(column, row);
    if (text === null) {
      nulls++;
      continue;
    }
    counts.set(text, (counts.get(text) ?? 0) + 1);
    const number = isNumber ? Number(held.value(column, row)) : Number.NaN;
    if (Number.isFinite(number)) numbers.push(number);
  }
  return {
    rows: rows.length,
    nulls,
    distinct: counts.size,
    histogram: numbers.length === 0 ? null : histogram(numbers),
    top: isNumber ? [] : top(counts),
  };
}

function histogram(numbers: readonly number[]): NonNullable<ColumnSummary["histogram"]> {
  let [least, most, isWhole] = [Infinity, -Infinity, true];
  for (const number of numbers) {
    if (number < least) least = number;
    if (number > most) most = number;
    isWhole &&= Number.isInteger(number);
  }
  const isNarrow = isWhole && most - least < MOST_BINS && Number.isSafeInteger(most + 1);
  const end = isNarrow ? most + 1 : most;
  const bins = isNarrow ? end - least : end === least ? 1 : MOST_BINS;
  const width = (end - least) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const number of numbers) {
    const bin = width === 0 ? 0 : Math.min(Math.floor((number - least) / width), bins - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? end : least + i * width));
  return { edges, counts };
}

function top(counts: ReadonlyMap<string, number>): ColumnSummary["top"] {
  return [...counts]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, TOP_VALUES)
    .map(([value, count]) => ({ value: value.slice(0, SHOWN_CHARACTERS), count }));
}
