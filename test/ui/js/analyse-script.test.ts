import { describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import { analyseScript } from "../../../ui/js/analyse-script.ts";
import { stripTypes } from "#notebook/strip-types.ts";

function refused(source: string): ErrorInfo {
  try {
    analyseScript(source, null);
  } catch (error) {
    if (error instanceof WorkspaceError) return error.info;
    throw error;
  }
  throw new Error("not refused");
}

interface Case {
  readonly source: string;
  readonly inputs?: readonly string[];
  readonly cellInputs?: readonly string[];
  readonly outputs?: readonly string[];
}

const PROGRAMS: readonly Case[] = [
  { source: "const a = b;", inputs: ["b"], outputs: ["a"] },
  { source: "const {a, b: [c, ...d], ...e} = f;", inputs: ["f"], outputs: ["a", "c", "d", "e"] },
  { source: "const {a = b} = {};", inputs: ["b"], outputs: ["a"] },
  { source: "function f(x) { return x + y; }", inputs: ["y"], outputs: ["f"] },
  { source: "class A { m() { return A; } }", outputs: ["A"] },
  { source: "function* g() { yield 1; }", outputs: ["g"] },
  { source: "const a = await b;", inputs: ["b"], outputs: ["a"] },
  { source: "await using a = b;", inputs: ["b"], outputs: ["a"] },
  { source: "for (const a of b) c(a);", inputs: ["b", "c"] },
  { source: "{ var a = 1; let b = 2; } a;", outputs: [] },
  { source: "let a; { let a = b; a++; }", inputs: ["b"], outputs: ["a"] },
  { source: "try { a(); } catch (e) { b(e); }", inputs: ["a", "b"] },
  { source: "const f = ({x}) => x[y];", inputs: ["y"], outputs: ["f"] },
  { source: "label: for (;;) break label;", inputs: [] },
  { source: "const a = {b, c: d, [e]: 1};", inputs: ["b", "d", "e"], outputs: ["a"] },
  { source: "a.b = 1;", inputs: ["a"] },
  { source: "const n = Math.max(1, status);", inputs: ["status"], outputs: ["n"] },
  {
    source: "display(1); const x = view(i);",
    inputs: ["i"],
    cellInputs: ["display", "view"],
    outputs: ["x"],
  },
  { source: "const c = Mutable(0); const up = () => c.value++;", inputs: ["Mutable"], outputs: ["c", "up"] },
  { source: 'import {max as m} from "d3"; const a = m([1]);', inputs: ["d3"], outputs: ["a"] },
  { source: 'import * as d3 from "npm:d3"; const a = d3.max(b);', inputs: ["b", "d3"], outputs: ["a"] },
  { source: 'const d = await import("d3");', inputs: ["d3"], outputs: ["d"] },
];

describe("a js cell", () => {
  test.each(PROGRAMS)("$source", ({ source, inputs = [], cellInputs = [], outputs = [] }) => {
    const script = analyseScript(source, null);
    expect(script.expression).toBe(false);
    expect({
      inputs: [...script.inputs].toSorted(),
      cellInputs: script.cellInputs,
      outputs: script.outputs,
    }).toEqual({
      inputs: [...inputs].toSorted(),
      cellInputs,
      outputs,
    });
  });

  test.each([
    ["a + b", ["a", "b"]],
    ["{a: 1}", []],
    ["(function*() { yield a; })()", ["a"]],
    ["await a // with a comment", ["a"]],
    ["html`<b>${a}</b>`", ["html", "a"]],
    ["x => x + y", ["y"]],
    ["({a: b})", ["b"]],
    ["((a)) // in brackets", ["a"]],
    ["(function f() { return a; })", ["a"]],
  ])("%s is an expression, and defines the cell's name", (source, inputs) => {
    const script = analyseScript(source, "named");
    expect(script).toMatchObject({ expression: true, inputs, outputs: ["named"] });
  });

  test("an expression of a cell whose name is no identifier defines nothing", () => {
    expect(analyseScript("1", "my-plot").outputs).toEqual([]);
  });

  test.each<[string, string, number, number]>([
    ["a = 1;", "assignment to a, which this cell does not declare", 1, 1],
    ["const f = () => {\n  b++;\n};", "assignment to b, which this cell does not declare", 2, 3],
    ["for (c of []);", "assignment to c, which this cell does not declare", 1, 6],
    ["({d} = e);", "assignment to d, which this cell does not declare", 1, 3],
    ["const Plot = 1;", "Plot is a name of the notebook itself", 1, 7],
    ["function display() {}", "display is a name of the notebook itself", 1, 10],
    ['import x from "lodash";', "no such package in this page: lodash", 1, 1],
    [
      'const x = await import("https://example.org/x.js");',
      "no such package in this page: https://example.org/x.js",
      1,
      17,
    ],
    ["const x = import(name);", "no such package in this page: an expression", 1, 11],
    ["export const x = 1;", "a cell exports nothing", 1, 1],
    ["const x = 1;\nconst = 2;", "syntax: unexpected token: =", 2, 7],
    ["f({x: 'weight' bins: 3})", "syntax: unexpected token: bins", 1, 16],
    ["const x = [1, 2", "syntax: the code ends too early", 1, 16],
  ])("%s is refused at its place", (source, message, line, column) => {
    expect(refused(source)).toMatchObject({ code: "notebook", message, span: { line, column } });
  });

  test("line n of the cell is line n + 1 of the module, its columns as they were", () => {
    const source = "const a = 1;\n  const b = c;";
    expect(analyseScript(source, null).module.split("\n").slice(1, 3)).toEqual(source.split("\n"));
    expect(analyseScript("a\n  + b", null).module.split("\n").slice(1, 3)).toEqual(["a", "  + b"]);
  });

  test("an import over several lines keeps the lines below it", () => {
    const { module } = analyseScript('import {\n  max\n} from "d3";\nconst a = max(b);', null);
    expect(module.split("\n")[4]).toBe("const a = max(b);");
  });
});

describe("a ts cell", () => {
  test("types go, and every line and column stays", async () => {
    const source = "interface A {\n  b: number;\n}\nconst a: A = {b: 1} as A;";
    const text = await stripTypes(source);
    expect(text.length).toBe(source.length);
    expect(text.split("\n")[3]).toMatch(/^const a {4}= \{b: 1\} {5};$/);
    expect(analyseScript(text, null).outputs).toEqual(["a"]);
  });

  test("an enum is refused at its place", async () => {
    await expect(stripTypes("const a = 1;\nenum E {A}")).rejects.toMatchObject({
      info: { message: "TypeScript that is more than types", span: { line: 2, column: 1 } },
    });
  });
});
