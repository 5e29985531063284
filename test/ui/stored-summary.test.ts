import { expect, test } from "vitest";

import type { ColumnFacts } from "#protocol/record.ts";

import { exactness, storedSummary, storedWords } from "../../ui/table/stored-summary.ts";

function facts(changes: Partial<ColumnFacts> = {}): ColumnFacts {
  const shape = { rows: 65_536, bins: { least: 0, most: 10, counts: [1, 2, 3, 4] }, top: [] };
  return {
    name: "qual",
    type: "DOUBLE",
    nulls: 0,
    min: "0",
    max: "10",
    approxDistinct: 300,
    shape,
    ...changes,
  };
}

test("what was stored is shown at once, with how much of the table it is of", () => {
  const stored = storedSummary(facts(), 3_048_130, {});
  expect(stored?.histogram).toEqual({ edges: [0, 2.5, 5, 7.5, 10], counts: [1, 2, 3, 4] });
  if (stored === null) throw new Error("nothing stored");
  expect(storedWords(stored)).toBe("3,048,130 rows · none missing · ≈ 300 distinct");
  expect(exactness(stored)).toBe("of 65,536 rows, partial");
  expect(exactness({ rows: 10, looked: 10 })).toBe("exact");
});

test("sorting leaves it true, a filter or a search does not", () => {
  expect(storedSummary(facts(), 10, { sort: [{ column: "qual", descending: true }] })).not.toBeNull();
  expect(storedSummary(facts(), 10, { search: "x" })).toBeNull();
  expect(storedSummary(facts(), 10, { filters: [{ column: "qual", is: "not-null" }] })).toBeNull();
});

test("of a table of an older Karyon nothing is stored", () => {
  const { shape: _none, ...old } = facts();
  expect(storedSummary(old, 10, {})).toBeNull();
  expect(storedSummary(facts({ shape: null }), 10, {})).toBeNull();
});
