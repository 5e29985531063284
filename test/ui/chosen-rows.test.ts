// @vitest-environment jsdom
import { expect, test } from "vitest";

import { ChosenRows } from "../../ui/runtime/chosen-rows.ts";

test("an input of a table has the rows that are chosen in it, and says when they are others", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "cell:hits", 1);
  const input = chosen.input(table);
  let said = 0;
  input.addEventListener("input", () => said++);
  expect(input.value).toEqual([]);
  expect(input.textContent).toContain("No row chosen");
  chosen.choose("cell:hits", [{ rsid: "rs1" }], 1);
  chosen.choose("another", [{ rsid: "rs2" }], 1);
  expect(input.value).toEqual([{ rsid: "rs1" }]);
  expect(input.textContent).toBe("1 row chosen");
  chosen.choose("cell:hits", [], 1);
  expect(input.value).toEqual([]);
  expect(said).toBe(2);
});

test("an input that is made while rows are chosen begins with them", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "hits", 1);
  chosen.choose("hits", [{ a: 1 }, { a: 2 }], 1);
  expect(chosen.input(table).value).toHaveLength(2);
});

test("nothing is said when nothing was chosen and nothing is", () => {
  const chosen = new ChosenRows();
  const table = {};
  chosen.name(table, "hits", 1);
  let said = 0;
  chosen.input(table).addEventListener("input", () => said++);
  chosen.choose("hits", [], 1);
  expect(said).toBe(0);
});

test.each([[null], [3], [{}]])("what is no table of the notebook is refused: %j", (value) => {
  expect(() => new ChosenRows().input(value)).toThrow("selection(table) wants a table");
});

test("what is chosen in one person's rows is not chosen in another's, and is again in the first's", () => {
  const chosen = new ChosenRows();
  const [annas, bens] = [{}, {}];
  chosen.name(annas, "hits", "anna");
  chosen.name(bens, "hits", "ben");
  chosen.choose("hits", [{ rsid: "rs1" }], "anna");
  const [first, second] = [chosen.input(annas), chosen.input(bens)];
  expect([first.value, second.value]).toEqual([[{ rsid: "rs1" }], []]);
  // A table that is shown says that nothing is chosen in it.
  chosen.choose("hits", [], "ben");
  expect(chosen.input(annas).value).toHaveLength(1);
  chosen.choose("hits", [{ rsid: "rs2" }], "ben");
  expect([first.value, second.value]).toEqual([[], [{ rsid: "rs2" }]]);
});
