import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";

import { renderTemplate } from "../../kernel/reports/template.ts";
import { temporaryFolder } from "./annotation-fixture.ts";

let searchPath = "";

beforeAll(async () => {
  const folder = await temporaryFolder();
  searchPath = join(folder, "reports");
  await mkdir(searchPath);
  await writeFile(join(folder, "secret.njk"), "outside");
  await symlink(join(folder, "secret.njk"), join(searchPath, "link.njk"));
  await writeFile(join(searchPath, "part.njk"), "<i>{{ name }}</i>");
  await writeFile(join(searchPath, "broken.njk"), "fine\nfine\n{{ missing }}\n");
});

function render(text: string, context: object = {}): string {
  return renderTemplate({ name: "mine.njk", text, searchPath }, context).body;
}

function errorOf(text: string, context: object = {}): WorkspaceError {
  try {
    render(text, context);
  } catch (error) {
    if (error instanceof WorkspaceError) return error;
    throw error;
  }
  throw new Error("no error");
}

test("values are escaped and parts come from the search path", () => {
  expect(render('{% include "part.njk" %}', { name: "<b>&" })).toBe("<i>&lt;b&gt;&amp;</i>");
});

test("a value that looks like a template stays text", () => {
  expect(render("{{ name }}", { name: "{{ 7 * 7 }}" })).toBe("{{ 7 * 7 }}");
});

describe("an error names file and line", () => {
  test.each([
    ["a name that is not there", "one\n{{ nothing }}", "mine.njk:2"],
    ["a tag that is not closed", "one\n{% if true %}\n", "mine.njk:2"],
    ["a filter that is not there", "{{ 1 | sparkle }}", /^mine\.njk/],
    ["a name that is not there in a part", '{% include "broken.njk" %}', "broken.njk:3"],
    [
      "a filter of the wrong thing",
      "one\n\n{{ 'x' | number | signed | short | moment | bytes }}",
      /^mine\.njk/,
    ],
  ])("of %s", (_case, text, at) => {
    const { info } = errorOf(text);
    expect(info.code).toBe("notebook");
    expect(info.at).toMatch(at);
  });
});

describe("no file outside the search path is read", () => {
  test.each(["../secret.njk", "link.njk", "/etc/passwd", "./../secret.njk", "none.njk"])("%s", (name) => {
    expect(errorOf(`{% include "${name}" %}`).message).toMatch(/template (outside its folder|not found)/);
  });
});

describe("a template runs no code", () => {
  test.each([
    '{{ "".constructor.constructor("return 1")() }}',
    "{{ list.constructor }}",
    '{{ list["constr" + "uctor"] }}',
    "{{ constructor }}",
    "{{ __proto__ }}",
    "{{ toString() }}",
    "{{ range.constructor('return 1')() }}",
    "{{ list.map }}",
    "{% macro m() %}{% endmacro %}{{ m.constructor }}",
  ])("%s", (text) => {
    expect(errorOf(text, { list: [1] }).info.code).toBe("notebook");
  });

  test("and yet reads members, lengths and macros", () => {
    const text =
      "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ list.length }}{{ a.b[0] }}{{ twice(1) }}{{ loop }}";
    expect(render(text, { list: [1, 2], a: { b: ["c"] }, loop: "" })).toBe("2c11");
  });
});
