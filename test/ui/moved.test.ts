import { describe, expect, test } from "vitest";

import type { ModuleMove } from "#protocol/diff.ts";

import { diffText } from "../../ui/compare/diff-words.ts";
import { movedIn, movedModules, totalsWords } from "../../ui/words/moved.ts";

function module(changes: Partial<ModuleMove> = {}): ModuleMove {
  return {
    module: "coronary",
    added: 0,
    removed: 0,
    changed: 0,
    rows_before: 11,
    rows_after: 11,
    net_weight_before: -2.9,
    net_weight_after: -2.9,
    ...changes,
  };
}

test("what moved is summed over the modules, and those of which nothing moved are left out", () => {
  const modules = [module({ added: 2, changed: 1 }), module({ module: "vo2max" }), module({ removed: 3 })];
  expect(movedIn(modules)).toEqual({ added: 2, removed: 3, changed: 1 });
  expect(movedModules(modules).map(({ added, removed }) => [added, removed])).toEqual([
    [2, 0],
    [0, 3],
  ]);
});

describe("totals before and after", () => {
  test.each([
    [module({ net_weight_after: -2.4 }), "net −2.90 → −2.40"],
    [module({ net_weight_after: 0.1, rows_after: 12 }), "net −2.90 → +0.10 · 11 rows → 12 rows"],
    [module({ net_weight_before: null, net_weight_after: null, rows_after: 1 }), "11 rows → 1 row"],
    [module({ net_weight_before: null, net_weight_after: 0 }), "net – → 0.00"],
  ])("%#", (one, words) => {
    expect(totalsWords(one)).toBe(words);
  });
});

test.each([
  ["start", "22125504", "22,125,504"],
  ["vcf_end", "7", "7"],
  ["weight", "-1.6", "\u22121.60"],
  ["pmid", "21498624", "21498624"],
  ["chrom", "9", "9"],
  ["weight", null, "–"],
  ["start", "", ""],
] as const)("in a difference, %s of %s is %s", (column, value, text) =>
  expect(diffText(column, value)).toBe(text),
);
