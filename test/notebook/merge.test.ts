import fc from "fast-check";
import { expect, test } from "vitest";

import { merge } from "#notebook/merge.ts";
import { cellsOf } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";

import { notebookText } from "./random-notebook.ts";

const BASE = "# T\n\n```sql a\n1\n```\n\n```sql b\n2\n```\n\nThe end.\n";

function merged(ours: string, theirs: string, base = BASE): { text: string; conflicts: number } {
  return merge(base, parse("a.md", ours), theirs);
}

test("changes of different blocks both hold", () => {
  const ours = BASE.replace("1\n", "10\n");
  const theirs = BASE.replace("2\n", "20\n").replace("The end.", "That is all.");
  expect(merged(ours, theirs)).toEqual({
    text: BASE.replace("1\n", "10\n").replace("2\n", "20\n").replace("The end.", "That is all."),
    conflicts: 0,
  });
});

test("the same change on both sides is one change", () => {
  const both = BASE.replace("1\n", "10\n");
  expect(merged(both, both)).toEqual({ text: both, conflicts: 0 });
});

test("a cell that both changed stays as the page has it, the other version below it and switched off", () => {
  const { text, conflicts } = merged(BASE.replace("1\n", "10\n"), BASE.replace("1\n", "11\n"));
  expect(conflicts).toBe(1);
  const notebook = parse("a.md", text);
  expect(cellsOf(notebook).map(({ name, source }) => [name, source])).toEqual([
    ["a", "10"],
    ["b", "2"],
  ]);
  expect(notebook.blocks[2]).toMatchObject({ type: "prose" });
  expect(notebook.blocks[2]?.raw).toContain(
    "> **Conflict.** `a` was changed on the page and in another program",
  );
  expect(notebook.blocks[2]?.raw).toContain("```sql a run=false\n11\n```\n");
});

test("prose that both changed is there twice", () => {
  const { text, conflicts } = merged(BASE.replace("end", "End"), BASE.replace("end", "finish"));
  expect(conflicts).toBe(1);
  expect(text).toContain("The End.\n\n> **Conflict.** This text was changed");
  expect(text).toContain("The finish.\n");
});

const NEW = "```sql c\n3\n```\n\n";

test.each([
  [
    "a cell that they added",
    BASE.replace("1\n", "10\n"),
    BASE.replace("```sql b", `${NEW}\`\`\`sql b`),
    ["a", "c", "b"],
  ],
  [
    "a cell that we added",
    BASE.replace("```sql b", `${NEW}\`\`\`sql b`),
    BASE.replace("1\n", "10\n"),
    ["a", "c", "b"],
  ],
  ["a cell that they deleted", BASE.replace("2\n", "20\n"), BASE.replace("```sql a\n1\n```\n\n", ""), ["b"]],
  ["a cell that we deleted", BASE.replace("```sql a\n1\n```\n\n", ""), BASE.replace("2\n", "20\n"), ["b"]],
  [
    "a cell that they deleted and we changed",
    BASE.replace("1\n", "10\n"),
    BASE.replace("```sql a\n1\n```\n\n", ""),
    ["a", "b"],
  ],
  [
    "a cell that we deleted and they changed",
    BASE.replace("```sql a\n1\n```\n\n", ""),
    BASE.replace("1\n", "10\n"),
    ["a", "b"],
  ],
  [
    "cells that they swapped",
    BASE.replace("# T", "# U"),
    "# T\n\n```sql b\n2\n```\n\n```sql a\n1\n```\n\nThe end.\n",
    ["b", "a"],
  ],
  [
    "cells that we swapped",
    "# T\n\n```sql b\n2\n```\n\n```sql a\n1\n```\n\nThe end.\n",
    BASE.replace("# T", "# U"),
    ["b", "a"],
  ],
])("%s", (_what, ours, theirs, names) => {
  const { text, conflicts } = merged(ours, theirs);
  expect([conflicts, cellsOf(parse("a.md", text)).map(({ name }) => name)]).toEqual([0, names]);
});

test.each(["js chart%", "js 1=", "js 'a", "js chart% run=true", "js chart%  "])(
  "their version of a cell, which begins with `%s`, is kept as text that does not run",
  (info) => {
    const { text, conflicts } = merged("```js\n```\n", `\`\`\`${info}\n\`\`\`\n`, "");
    const cells = cellsOf(parse("a.md", text)).map(({ raw }) => raw);
    expect([conflicts, cells, text.includes(`${info} run=false\n`)]).toEqual([1, ["```js\n```\n"], true]);
  },
);

test("whatever the texts: a side that changed nothing adds nothing, and no line of either change is lost", () => {
  fc.assert(
    fc.property(notebookText, notebookText, notebookText, (base, ours, theirs) => {
      expect(merged(ours, base, base).text).toBe(ours);
      expect(merged(base, theirs, base).text).toBe(theirs);
      const { text } = merged(ours, theirs, base);
      const lines = (one: string): Set<string> => new Set(one.split(/\r\n?|\n/).map((line) => line.trim()));
      const [was, now] = [lines(base), lines(text)];
      for (const side of [ours, theirs]) {
        const fresh = [...lines(side)].filter(
          (line) => line !== "" && !was.has(line) && !/^(`{3,}|~{3,})/.test(line),
        );
        expect(fresh.filter((line) => !now.has(line))).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
});
