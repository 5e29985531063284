import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";

import { readingOf, renderTemplate } from "../../kernel/reports/template.ts";
import { temporaryFolder } from "../support/karyon.ts";

let searchPath = "";

beforeAll(async () => {
  const folder = await temporaryFolder("report");
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
    ["a name that is not there", "one\n{{ nothing }}", "reports/mine.njk:2"],
    ["a tag that is not closed", "one\n{% if true %}\n", "reports/mine.njk:2"],
    ["a filter that is not there", "one\n{{ 1 | sparkle }}", "reports/mine.njk:2"],
    ["a name that is not there in a part", '{% include "broken.njk" %}', "reports/broken.njk:3"],
    ["a filter of the wrong thing", "one\n\n{{ 'x' | number | signed }}", "reports/mine.njk:3"],
    ["a call of the wrong thing", "one\n\n{{ range(1e9) }}", "reports/mine.njk:3"],
    ["a name that is not there, though it may be null", "one\n{{ nothing | stated }}", "reports/mine.njk:2"],
  ])("of %s", (_case, text, at) => {
    const { info } = errorOf(text);
    expect(info.code).toBe("notebook");
    expect(info.at).toBe(at);
  });
});

test("an error of a template in a cell names the cell and the place in it", () => {
  const text = "<p>\n  {{ 'x' | number }}\n</p>";
  const template = { name: "my_report", text, searchPath, inCell: true };
  expect(() => renderTemplate(template, {})).toThrow(
    expect.objectContaining({
      info: expect.objectContaining({ cell: "my_report", span: { line: 2, column: 12, length: 1 } }),
    }),
  );
});

test("a template that never ends is stopped", () => {
  const text = "{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}";
  expect(() => renderTemplate({ name: "mine.njk", text, searchPath }, {}, 50)).toThrow("stopped");
});

test("null is printed as a dash, or as what is asked for", () => {
  expect(render("{{ a | stated }} {{ a | stated('none') }} {{ b | stated }}", { a: null, b: 0 })).toBe(
    "– none 0",
  );
});

describe("what a template reads", () => {
  const reading = (text: string): ReturnType<typeof readingOf> =>
    readingOf({ name: "mine.njk", text, searchPath });

  test.each([
    ["{% for row in hits %}{{ row.gene }}{{ loop.index }}{% endfor %}", ["hits"]],
    ["{{ hits.length | count('hit') }}{% if other is defined %}{% endif %}", ["hits", "other"]],
    ["{% set best = hits[0] %}{{ best.gene }}{% set t %}{{ inner }}{% endset %}", ["hits", "inner"]],
    ["{% macro m(v, n=few) %}{{ v }}{{ n }}{{ all }}{% endmacro %}{{ m(x) }}", ["few", "all", "x"]],
    ["{{ {key: value}.key }}{{ a if b else c }}", ["value", "b", "a", "c"]],
    ['{% from "part.njk" import thing as mine %}{{ mine(y) }}', ["y", "name"]],
  ])("%s", (text, names) => {
    expect(reading(text).names.toSorted()).toEqual(names.toSorted());
  });

  test("its parts are named with their text, so that a change of one is seen", () => {
    const { names, files } = reading('{% include "part.njk" %}');
    expect(names).toEqual(["name"]);
    expect([...files]).toEqual([["part.njk", "<i>{{ name }}</i>"]]);
  });

  test("a part whose name is computed is refused, as nobody knows what the report is made of", () => {
    expect(() => reading("one\n{% include name %}")).toThrow("reports/mine.njk:2");
  });
});

describe("no file outside the search path is read", () => {
  test.each(["../secret.njk", "link.njk", "/etc/passwd", "./../secret.njk", "none.njk"])("%s", (name) => {
    expect(errorOf(`{% include "${name}" %}`).message).toMatch(/template (outside its folder|not found)/);
  });
});

test("a template that takes no file in needs no folder of them", () => {
  const nowhere = join(searchPath, "nowhere");
  const alone = { name: "mine.njk", text: "{{ name }}", searchPath: nowhere };
  expect(readingOf(alone).names).toEqual(["name"]);
  expect(renderTemplate(alone, { name: 1 }).body).toBe("1");
  const taking = { ...alone, text: '{% include "part.njk" %}' };
  expect(() => renderTemplate(taking, {})).toThrow("template not found: part.njk");
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
    "{% set x %}{{ constructor }}{% endset %}{{ x }}",
  ])("%s", (text) => {
    expect(errorOf(text, { list: [1] }).info.code).toBe("notebook");
  });

  test("and yet reads members, lengths and macros", () => {
    const text =
      "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ list.length }}{{ a.b[0] }}{{ twice(1) }}{{ loop }}";
    expect(render(text, { list: [1, 2], a: { b: ["c"] }, loop: "" })).toBe("2c11");
  });
});
