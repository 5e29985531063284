import { describe, expect, test } from "vitest";

import type { AnnotationChange, AnnotationDiff } from "#protocol/annotation.ts";

import { movedIn, movedModules, onlyConclusion, sideWords, totalsWords } from "../../ui/words/moved.ts";

type Module = AnnotationDiff["modules"][number];

function module(changes: Partial<Module> = {}): Module {
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

function change(changes: Partial<AnnotationChange> = {}): AnnotationChange {
  return {
    kind: "changed",
    module: "coronary",
    rsid: "rs1",
    gene: null,
    chrom: "1",
    start: 100,
    genotype: "A/G",
    weight_before: -1.5,
    weight_after: -0.64,
    state_before: "risk",
    state_after: "risk",
    conclusion_before: "a",
    conclusion_after: "b",
    ...changes,
  };
}

test("what moved is summed over the modules, and those of which nothing moved are left out", () => {
  const modules = [module({ added: 2, changed: 1 }), module({ module: "vo2max" }), module({ removed: 3 })];
  expect(movedIn({ modules })).toEqual({ added: 2, removed: 3, changed: 1 });
  expect(movedModules({ modules }).map(({ added, removed }) => [added, removed])).toEqual([
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

test("a side on which a row was not there is a dash, and one without a weight says so", () => {
  expect(sideWords(change(), "before")).toBe("−1.50 risk");
  expect(sideWords(change({ kind: "added" }), "before")).toBe("–");
  expect(sideWords(change({ kind: "removed" }), "after")).toBe("–");
  expect(sideWords(change({ weight_after: null, state_after: null }), "after")).toBe("no weight");
});

test("a row of which the sentence alone changed is told from one of another weight", () => {
  expect(onlyConclusion(change({ weight_after: -1.5 }))).toBe(true);
  expect(onlyConclusion(change())).toBe(false);
});
