import { expect, test } from "vitest";

import type { CellView } from "#protocol/view.ts";

import { staticValues } from "../../server/export/static-values.ts";

function cell(language: string, name: string | null, source: string): CellView {
  return {
    id: name ?? source,
    name,
    language,
    kind: language,
    source,
    attributes: {},
    inputs: null,
    asset: null,
    error: null,
    disabledBy: null,
  };
}

/** What `${x}` stands at when `x` is this input. */
function standing(source: string, ...others: readonly CellView[]): unknown {
  const query = cell("sql", "query", "select ${x}");
  const values = staticValues(query, [cell("input", "x", source), query, ...others]);
  return values === null ? "not known" : values[0];
}

test.each<[input: string, value: unknown]>([
  ['Inputs.range([0, 60], {label: "Least quality", step: 1, value: 25})', 25],
  ["Inputs.range([0, 100])", 50],
  ["Inputs.range([0, 5], {step: 2})", 2],
  ["Inputs.range([-1, 1], {value: -0.5})", -0.5],
  ['Inputs.select(["a", "b"])', "a"],
  ['Inputs.select(["a", "b"], {value: "b", format: (x) => x})', "b"],
  ['Inputs.select(["a", "b"], {multiple: true})', []],
  ['Inputs.radio(["a", "b"])', null],
  ['Inputs.checkbox(["a", "b"], {value: ["b"]})', ["b"]],
  ["Inputs.toggle({label: 'on'})", false],
  ["Inputs.toggle({value: true})", true],
  ["Inputs.text()", ""],
  ["Inputs.text({value: `chr${1 + 1}`});", "chr2"],
  // Nobody has chosen a row yet.
  ["selection(hits)", []],
  // What the text alone does not tell.
  ["Inputs.select(genes)", "not known"],
  ["Inputs.select(new Map([['a', 1]]))", "not known"],
  ["Inputs.select(['a'], {valueof: (x) => 1})", "not known"],
  ["Inputs.range([0, limit()])", "not known"],
  ["Inputs.range([0, 10], {...options})", "not known"],
  ["html`<input>`", "not known"],
  ["Inputs.range([0, 10", "not known"],
])("%s", (source, value) => {
  expect(standing(source)).toEqual(value);
});

test("a constant that another cell declares is known, and one that is computed is not", () => {
  const known = cell("js", null, "const most = 2 * 10;\nconst other = Math.random();");
  expect(standing("Inputs.range([0, most])", known)).toBe(10);
  expect(standing("Inputs.range([0, other])", known)).toBe("not known");
});

test("what is made of no chosen row is nothing, and calls nothing", () => {
  const chosen = cell("input", "chosen", "selection(hits)");
  const holes = [
    "Array.from(chosen, (row) => row.rsid)",
    "chosen.filter((row) => row.weight > 0).map((row) => row.rsid)",
    "chosen.length",
    "chosen.length > 0",
    "chosen[0].rsid",
    "chosen.map",
  ];
  const standing = holes.map((hole) => {
    const query = cell("sql", "q", `select \${${hole}}`);
    return staticValues(query, [chosen, query]);
  });
  expect(standing).toEqual([[[]], [[]], [0], [false], null, null]);
});

test("an input in a view(…) stands where it starts", () => {
  const viewed = cell("js", null, "const low = view(Inputs.range([0, 8])), all = view(selection(hits));");
  const query = cell("sql", "q", "select ${low}, ${all.length}, ${view(low)}");
  expect(staticValues(cell("sql", "a", "select ${low}, ${all.length}"), [viewed])).toEqual([4, 0]);
  expect(staticValues(query, [viewed])).toBeNull();
});

test("a name that stands for itself ends", () => {
  expect(standing("Inputs.range([0, x])")).toBe("not known");
});

test("nothing of a notebook runs", () => {
  const canary = cell("js", null, "const most = (globalThis.ran = true, 5);");
  standing("Inputs.range([0, most])", canary);
  expect("ran" in globalThis).toBe(false);
});

test("expressions of values are worked out", () => {
  const query = cell(
    "sql",
    "q",
    "where a > ${x / 2} and b = ${x > 10 ? 'high' : 'low'} and c in (${[x, -1]})",
  );
  const x = cell("input", "x", "Inputs.range([0, 40])");
  expect(staticValues(query, [x, query])).toEqual([10, "high", [20, -1]]);
});
