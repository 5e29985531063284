import { describe, expect, test } from "vitest";

import { problems } from "../../../ui/js/problems.ts";
import type { CellNames } from "../../../ui/js/problems.ts";

function cell(id: string, inputs: readonly string[], outputs: readonly string[]): CellNames {
  return { id, label: `cell ${id}`, inputs, outputs, place: () => ({ line: 1, column: 1, length: 1 }) };
}

function messages(cells: readonly CellNames[], known: readonly string[] = []): Record<string, string> {
  const found = problems(cells, new Set(known));
  return Object.fromEntries([...found].map(([id, { message }]) => [id, message]));
}

describe("what is wrong between cells", () => {
  test("nothing, when every name has one definer", () => {
    expect(messages([cell("one", ["b", "Plot"], ["a"]), cell("two", [], ["b"])], ["Plot"])).toEqual({});
  });

  test("two definitions are an error on each definer, which names the other", () => {
    const found = messages([cell("one", [], ["x"]), cell("two", [], ["x"]), cell("three", ["x"], [])]);
    expect(found).toEqual({
      one: "two definitions of x: here and in cell two",
      two: "two definitions of x: here and in cell one",
    });
  });

  test("a name of an asset cannot be defined again", () => {
    expect(messages([cell("one", [], ["hits"])], ["hits"])).toEqual({
      one: "two definitions of hits: here and as an asset of the workspace",
    });
  });

  test("a ring is an error on its members and on nobody below them", () => {
    const found = messages([
      cell("one", ["b"], ["a"]),
      cell("two", ["a"], ["b"]),
      cell("below", ["b"], ["c"]),
    ]);
    expect(found).toEqual({
      one: "cycle: cell one reads cell two reads cell one",
      two: "cycle: cell one reads cell two reads cell one",
    });
  });

  test("a cell that reads its own name is a ring of one", () => {
    expect(messages([cell("one", ["a"], ["a"])])).toEqual({ one: "cycle: cell one reads cell one" });
  });

  test("a name that nothing defines is an error with its place and what may be meant", () => {
    const found = problems([cell("one", ["colour"], []), cell("two", [], ["colours"])], new Set());
    expect(found.get("one")).toMatchObject({
      message: "colour is not defined",
      hint: "Write colours if that is what you mean.",
      span: { line: 1, column: 1, length: 1 },
    });
  });
});
