import { describe, expect, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { script } from "../../kernel/cells/script.ts";
import type { Analysis, AnalysisContext } from "../../kernel/cells/cell-type.ts";
import { cellTypes } from "../../kernel/cells/index.ts";

function cell(source: string, language: "js" | "ts" = "js"): CellText {
  return { name: "mine", language, attributes: { kernel: "" }, source };
}

const analyse = (text: CellText): Promise<Analysis> => script.analyse(text, {} as AnalysisContext);

async function failure(source: string, language: "js" | "ts" = "js"): Promise<WorkspaceError["info"]> {
  const error: unknown = await analyse(cell(source, language)).catch((caught: unknown) => caught);
  return (error as WorkspaceError).info;
}

test("a js or ts cell with kernel is a script, and without it none of the kernel's", () => {
  expect(cellTypes.find((type) => type.takes(cell("1", "ts")))).toBe(script);
  expect(cellTypes.find((type) => type.takes({ ...cell("1"), attributes: {} }))).toBeUndefined();
});

describe("its free names are the tables that it reads", () => {
  test.each([
    ["sql`select * from ${hits}`", ["hits"]],
    ["const n = 3;\nreturn (await hits.rows()).map((row) => ({...row, n, at: Math.PI}))", ["hits"]],
    [
      "const {gene} = first; for (const row of second) console.log(row, gene); return polars",
      ["first", "second"],
    ],
    ["return signal.aborted ? [] : [{a: 1}]", []],
    // Nothing of Node that reaches out: it is a table that nobody defines.
    ["await fetch(process.env.URL)", ["fetch", "process"]],
  ])("%s", async (source, inputs) => {
    expect((await analyse(cell(source))).inputs).toEqual(inputs);
  });
});

describe("its version", () => {
  test.each([
    ["formatting and comments", "return [{a: 1}]", "// why\nreturn [\n  {a: 1},\n];", true],
    ["quotes", "return [{a: 'x'}]", 'return [{a: "x"}]', true],
    ["a value", "return [{a: 1}]", "return [{a: 2}]", false],
    ["the text of a query", "sql`select 1`", "sql`select  1`", false],
  ])("%s", async (_what, one, other, same) => {
    const [first, second] = await Promise.all([analyse(cell(one)), analyse(cell(other))]);
    expect(first.parts["source"] === second.parts["source"]).toBe(same);
  });

  test("is the same with types and without", async () => {
    const typed = await analyse(cell("const n: number = 1; return [{n} as Row]", "ts"));
    const plain = await analyse(cell("const n = 1; return [{n}]"));
    expect(typed.parts).toEqual(plain.parts);
  });
});

describe("is refused at its place", () => {
  test.each([
    ["a syntax error", "return [\n{a: }]", { line: 2, column: 5 }],
    ["an import", "\nimport fs from 'node:fs'", { line: 2, column: 1 }],
    ["an import in between", "const fs = await import('node:fs')", { line: 1, column: 18 }],
    ["an assignment to a table", "hits = []; return hits", { line: 1, column: 1 }],
  ])("%s", async (_what, source, span) => {
    expect(await failure(source)).toMatchObject({ code: "notebook", cell: "mine", span });
  });

  test("TypeScript that is more than types", async () => {
    expect(await failure("enum A { B }", "ts")).toMatchObject({ cell: "mine", span: { line: 1 } });
  });
});
