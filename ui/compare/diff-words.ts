import type { DiffKey } from "#protocol/diff.ts";

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
