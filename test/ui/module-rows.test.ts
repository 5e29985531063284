import { describe, expect, test } from "vitest";

import { moduleRows, withModuleCell, withModuleRow, withoutModuleRow } from "../../ui/editor/module-rows.ts";

describe("the variants of a module as a table", () => {
  const text = `# mine
module: {title: Panel}   # kept
variants:
  - {rsid: rs1, gene: A, genotype: A/A, weight: -1.2, state: risk} # first
  # between
  - rsid: rs2
    genotype: 'C/T'
    weight: 0.5

studies: []
`;

  test("are read whatever their layout", () => {
    expect(moduleRows(text)?.map((row) => [row.rsid, row.genotype, row.weight, row.gene])).toEqual([
      ["rs1", "A/A", "-1.2", "A"],
      ["rs2", "C/T", "0.5", ""],
    ]);
    expect(moduleRows("variants: 3")).toBeNull();
    expect(moduleRows("module: {title: x}")).toEqual([]);
  });

  test("a changed value changes nothing beside it", () => {
    expect(withModuleCell(text, 0, "weight", "-0.8")).toBe(text.replace("-1.2", "-0.8"));
    expect(withModuleCell(text, 1, "genotype", "T/T")).toBe(text.replace("'C/T'", "T/T"));
    expect(withModuleCell(text, 0, "conclusion", "Likely: more")).toBe(
      text.replace("state: risk}", 'state: risk, conclusion: "Likely: more"}'),
    );
    expect(withModuleCell(text, 1, "gene", "B")).toBe(
      text.replace("weight: 0.5", "weight: 0.5\n    gene: B"),
    );
  });

  test("a row comes at the end of the list, and goes with its line", () => {
    const more = withModuleRow(text);
    expect(moduleRows(more)?.map((row) => row.rsid)).toEqual(["rs1", "rs2", "rs0"]);
    expect(withoutModuleRow(more, 2)).toBe(text);
    expect(moduleRows(withoutModuleRow(text, 0))?.map((row) => row.rsid)).toEqual(["rs2"]);
    expect(moduleRows(withoutModuleRow(text, 1))?.map((row) => row.rsid)).toEqual(["rs1"]);
    expect(moduleRows(withModuleRow("module: {title: x}\nvariants: []\n"))).toHaveLength(1);
  });

  test.each(["yes", "1e3", " padded", "a: b", "#5", "plain words", "−1", "[x]"])(
    "%s is read back as it was written",
    (value) => {
      expect(moduleRows(withModuleCell(text, 0, "conclusion", value))?.[0]?.conclusion).toBe(value);
    },
  );
});
