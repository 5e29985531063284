import { expect, test } from "vitest";

import type { ModuleEdit } from "#protocol/what-if.ts";

import { editCell, editKeys } from "../../kernel/what-if/edit-cell.ts";

const TEXT = `# about two sites
module: {title: Panel}
variants:
  - {rsid: rs1, genotype: A/G, weight: -0.5, state: risk, conclusion: "One, two"}   # seen twice
  - {rsid: rs2, genotype: C/C, state: neutral, conclusion: Plain}
  - rsid: rs3
    genotype: G/T  # in two lines
    weight: 1
    state: neutral
    conclusion: |
      A long
      sentence
  - rsid: rs4
    genotype: A/A
    state: neutral
    conclusion: Last
studies:
  - {rsid: rs1, pmid: 11, conclusion: A study}
`;

function edited(changes: Partial<ModuleEdit>, text = TEXT): string {
  const edit = { module: "panel", variant: "rs1", genotype: "A/G", column: "weight", value: "-2" } as const;
  return editCell("panel", text, [{ ...edit, ...changes }]);
}

test.each<[what: string, changes: Partial<ModuleEdit>, from: string, to: string]>([
  ["a value", {}, "weight: -0.5", "weight: -2"],
  ["a word", { column: "state", value: "protective" }, "state: risk", "state: protective"],
  ["a value in a block", { variant: "rs3", genotype: "T/G" }, "weight: 1\n", "weight: -2\n"],
  [
    "text that is more than a word",
    { column: "conclusion", value: "a: b, {c}" },
    '"One, two"',
    '"a: b, {c}"',
  ],
  [
    "text of several lines",
    { variant: "rs3", genotype: "G/T", column: "conclusion", value: "Short" },
    "|\n      A long\n      sentence\n",
    "Short\n",
  ],
  ["a value that is taken away", { value: "" }, "weight: -0.5", "weight: null"],
  [
    "one that a row in braces lacks",
    { variant: "rs2", genotype: "C/C" },
    "conclusion: Plain}",
    "conclusion: Plain, weight: -2}",
  ],
  [
    "one that a block lacks",
    { variant: "rs4", genotype: "A/A" },
    "conclusion: Last\n",
    "conclusion: Last\n    weight: -2\n",
  ],
])("%s is changed, and not a letter beside it", (_, changes, from, to) => {
  expect(TEXT).toContain(from);
  expect(edited(changes)).toBe(TEXT.replace(from, () => to));
});

test("what the module does not have, or may not say, is refused", () => {
  expect(() => edited({ variant: "rs9" })).toThrow("module panel has no row of rs9 A/G");
  expect(() => edited({ value: "heavy" })).toThrow("not a number: heavy");
});

test("a value is written where none stood, before what is said there", () => {
  const text = TEXT.replace("weight: 1\n", "weight: # unknown\n");
  const rs3 = { variant: "rs3", genotype: "G/T" } as const;
  expect(edited(rs3, text)).toBe(text.replace("weight: #", "weight:  -2 #"));
});

test.each([
  [
    "another row repeats it",
    "weight: -0.5",
    "weight: &half -0.5",
    "genotype: C/C",
    "genotype: C/C, weight: *half",
  ],
  ["its name has no colon", "weight: -0.5", "weight", "rs2", "rs2"],
])("a value is refused where %s", (_, own, written, other, repeated) => {
  const text = TEXT.replace(own, written).replace(other, repeated);
  expect(() => edited({}, text)).toThrow("weight of rs1 A/G is written in a way that is not changed here");
});

test("filters are changed by name, those that are not there are added, and comments stay", () => {
  const text = 'pass_filters: [PASS, "."]   # FILTER\nmin_qual: 20   # Phred\n';
  expect(editKeys("rules", text, { min_qual: "30", min_depth: "12" })).toBe(
    'pass_filters: [PASS, "."]   # FILTER\nmin_qual: 30   # Phred\nmin_depth: 12\n',
  );
  expect(editKeys("rules", "{min_qual: 20}", { min_depth: "12" })).toBe("{min_qual: 20, min_depth: 12}");
  expect(() => editKeys("rules", "- 1", { min_qual: "1" })).toThrow("rules holds no values by name");
});
