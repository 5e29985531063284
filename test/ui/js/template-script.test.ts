import { expect, test } from "vitest";

import { holes } from "#graph/template-holes.ts";

import { proseHoles, proseHtml } from "../../../ui/cells/prose-html.ts";
import { templateScript } from "../../../ui/js/template-script.ts";

const SQL = "select * from a\nwhere b > ${min +\n 1} and c in (${names.join()})";

test("the holes of a text keep their lines and columns", () => {
  const { inputs, module } = templateScript(SQL, holes(SQL).expressions);
  expect(inputs).toEqual(["min", "names"]);
  const lines = module.split("\n").slice(1);
  for (const [index, line] of SQL.split("\n").entries()) {
    const name = /min|names/.exec(line);
    if (name !== null) expect(lines[index]?.indexOf(name[0])).toBe(name.index);
  }
});

test("a hole that is no expression is an error at its place in the text", () => {
  const text = "select 1,\n  ${a b}";
  expect(() => templateScript(text, holes(text).expressions)).toThrow(
    expect.objectContaining({
      info: expect.objectContaining({
        span: expect.objectContaining({ line: 2, column: 5 }) as unknown,
      }) as unknown,
    }),
  );
});

test("prose has holes in its text and none in its code", () => {
  const prose = "# ${a}\n\nNot `${b}`, but **${c}** and\n\n```\n${d}\n```\n";
  expect(proseHoles(prose).map(({ text, line }) => [text, line])).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
});

test("a value in prose is text, never markup", () => {
  const html = proseHtml("x ${a} `${b}`", ["<img src=x>"]);
  expect(html).toContain("&lt;img src=x&gt;");
  expect(html).toContain("<code>${b}</code>");
});
