import { expect, test } from "vitest";

import { convertOps, moveOp, nameProblem, placeOfWords } from "../../ui/state/cell-ops.ts";
import { TEMPLATES, insertOp } from "../../ui/state/cell-templates.ts";
import { asset, cell, prose } from "./views.ts";

const before = [cell("a"), cell("b"), cell("c")];

test("moves go by one place and stop at the ends", () => {
  expect(moveOp(before, "c", "up")).toEqual({ op: "move", block: "c", after: "a" });
  expect(moveOp(before, "b", "up")).toEqual({ op: "move", block: "b", after: null });
  expect(moveOp(before, "a", "down")).toEqual({ op: "move", block: "a", after: "b" });
  expect(moveOp(before, "a", "up")).toBeNull();
  expect(moveOp(before, "c", "down")).toBeNull();
});

test("words that are inserted beside words are found in them, where they are written", () => {
  const insert = (after: string | null) =>
    ({ op: "insert", after, language: "md", name: null, attributes: {}, source: "Here." }) as const;
  const cells = [prose("p", "\nHere.\n\nWords.\n"), cell("a"), prose("q", "Here.\n\n\nHere.\n")];
  expect(placeOfWords(insert(null), cells)).toEqual({ cell: "p", line: 1, column: 1, length: 5 });
  expect(placeOfWords(insert("a"), cells)).toEqual({ cell: "q", line: 1, column: 1, length: 5 });
  expect(placeOfWords(insert("q"), cells)).toEqual({ cell: "q", line: 4, column: 1, length: 5 });
  expect(placeOfWords(insert("a"), before)).toBeNull();
});

test("a cell that is made text is another block in its place", () => {
  expect(convertOps(before, cell("b"), "md").map((op) => op.op)).toEqual(["insert", "delete"]);
  expect(convertOps(before, cell("b"), "js")).toEqual([
    { op: "set-info", block: "b", language: "js", attributes: {} },
  ]);
});

test("a new cell has a name that is free and reads the table above it", () => {
  const template = TEMPLATES.find((one) => one.id === "sql-asset");
  if (template === undefined) throw new Error("no such template");
  const cells = [cell("table"), cell("b")];
  expect(insertOp(template, "table", cells, [asset("table")])).toMatchObject({
    name: "table_2",
    source: "select *\nfrom table",
  });
  expect(insertOp(template, null, cells, [asset("table")]).source).toBe("select 1 as one");
});

test.each([
  ["1a", /starts with a letter/],
  ["c", /already/],
  ["Upper", /lower case/],
])("no cell is called %s", (name, why) => {
  expect(nameProblem(name, cell("b"), before)).toMatch(why);
});
