import { describe, expect, test } from "vitest";

import { matchesOf, replaced } from "../../ui/find/matches.ts";
import { splitOp } from "../../ui/state/cell-ops.ts";

const CELLS = [
  { id: "a", text: "select Gene from hits" },
  { id: "b", text: "gene.gene" },
];
const plain = { exact: false, pattern: false };

describe("finding in all cells", () => {
  test("goes through the notebook in order, whatever the case unless capitals count", () => {
    const places = matchesOf(CELLS, { ...plain, text: "gene" }).map(({ cell, at }) => `${cell}${at}`);
    expect(places).toEqual(["a7", "b0", "b5"]);
    expect(matchesOf(CELLS, { ...plain, text: "Gene", exact: true })).toHaveLength(1);
  });

  test("takes signs as they are, a pattern as a pattern, and a broken one as nothing", () => {
    expect(matchesOf(CELLS, { ...plain, text: "e.g" })).toHaveLength(1);
    expect(matchesOf(CELLS, { ...plain, text: "g..e", pattern: true })).toHaveLength(3);
    expect(matchesOf(CELLS, { ...plain, text: "(", pattern: true })).toEqual([]);
    expect(matchesOf(CELLS, { ...plain, text: "x*", pattern: true })).toEqual([]);
  });

  test("replaces all, or the one at a place; in a pattern $1 is a group, in plain text it is itself", () => {
    expect(replaced("gene.gene", { ...plain, text: "gene" }, "$1")).toBe("$1.$1");
    expect(replaced("gene.gene", { ...plain, text: "gene" }, "x", 5)).toBe("gene.x");
    const search = { text: "(g)(e)", exact: false, pattern: true };
    expect(replaced("gene", search, "$2$1$$")).toBe("eg$ne");
  });
});

test("the caret's place counts a line end as one, the file's as it is written", () => {
  const cell = {
    id: "a",
    name: null,
    language: "js",
    kind: "view",
    source: "1\r\n2\r\n3",
    attributes: {},
    inputs: null,
    asset: null,
    error: null,
    disabledBy: null,
  };
  expect(splitOp(cell, 4)).toEqual({ op: "split", block: "a", at: 6 });
  expect(splitOp({ ...cell, source: "1\n2\n3" }, 4)).toEqual({ op: "split", block: "a", at: 4 });
});
