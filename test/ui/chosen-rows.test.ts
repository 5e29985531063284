// @vitest-environment jsdom
import { expect, test } from "vitest";

import { ChosenRows } from "../../ui/runtime/chosen-rows.ts";

test("an input of a table has the rows that are chosen in it, and says when they are others", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "cell:hits");
  const input = chosen.input(table);
  let said = 0;
  input.addEventListener("input", () => said++);
  expect(input.value).toEqual([]);
  expect(input.textContent).toContain("No row chosen");
  chosen.choose("cell:hits", [{ rsid: "rs1" }]);
  chosen.choose("another", [{ rsid: "rs2" }]);
  expect(input.value).toEqual([{ rsid: "rs1" }]);
  expect(input.textContent).toBe("1 row chosen");
  chosen.choose("cell:hits", []);
  expect(input.value).toEqual([]);
  expect(said).toBe(2);
});

test("an input that is made while rows are chosen begins with them", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "hits");
  chosen.choose("hits", [{ a: 1 }, { a: 2 }]);
  expect(chosen.input(table).value).toHaveLength(2);
});

test("nothing is said when nothing was chosen and nothing is", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "hits");
  let said = 0;
  chosen.input(table).addEventListener("input", () => said++);
  chosen.choose("hits", []);
  expect(said).toBe(0);
});

test.each([[null], [3], [{}]])("what is no table of the notebook is refused: %j", (value) => {
  expect(() => new ChosenRows().input(value)).toThrow("selection(table) wants a table");
});
