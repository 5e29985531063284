import type { DiffKey } from "#protocol/diff.ts";
import { count, signed } from "#protocol/numerals.ts";

/** How rows were told to be the same, in a sentence. */
export function rowKeyWords({ columns, rule }: DiffKey): string {
  const names = columns.join(", ");
  switch (rule) {
    case "given":
      return `A row is known by ${names}, as asked.`;
    case "site":
      return `A row is known by ${names}.`;
    case "leading":
      return `A row is known by ${names}: the first columns that tell all rows apart.`;
    case "whole row":
      return "Nothing tells one row from another: rows are added and removed, and never changed.";
  }
}

/** Positions and weights as every other table has them; whatever else is written in digits may be a name. */
export function diffText(column: string, value: string | null): string {
  if (value === null) return "–";
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return value;
  if (/(?:^|_)weight$/.test(column)) return signed(number);
  return /(?:^|_)(?:start|end|pos|position)$/.test(column) ? count(number) : value;
}
