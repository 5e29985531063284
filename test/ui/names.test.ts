import { describe, expect, test } from "vitest";

import { nameAt, usesOf } from "../../ui/editor/names.ts";
import { cell, prose } from "./views.ts";

describe("names in texts", () => {
  const cells = [
    cell("table_a"),
    cell("b", { source: "select * from table_a\nwhere table_ab = 1 -- table_a" }),
    prose("p", "table_a in words, and ${table_a} in braces"),
  ];

  test("a use is the whole name, with its line and column; in prose only what is computed", () => {
    expect(usesOf(cells, "table_a").map((use) => [use.cell.id, use.line, use.column])).toEqual([
      ["b", 1, 15],
      ["b", 2, 23],
      ["p", 1, 25],
    ]);
    expect(usesOf([prose("p", "table_a in words")], "table_a")).toEqual([]);
  });

  test("the name at the caret is found from either end", () => {
    expect(nameAt("from table_a where", 6)).toBe("table_a");
    expect(nameAt("from table_a where", 13)).toBe("table_a");
    expect(nameAt("  =  ", 3)).toBeNull();
  });
});
