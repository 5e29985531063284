import fc from "fast-check";
import { expect, test } from "vitest";

import { cellsOf, serialise } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";

const piece = fc.oneof(
  fc.constantFrom(
    "```",
    "````",
    "~~~",
    "```sql hits",
    "```yaml a config",
    "```js",
    "  ```",
    "    ```",
    "# T",
    "",
    " ",
    "text",
    "`",
    "\r",
    "```js `x`",
  ),
  fc.string(),
);
const document = fc
  .array(fc.tuple(piece, fc.constantFrom("\n", "\r\n", "\n\n", "")))
  .map((lines) => lines.map(([line, end]) => line + end).join(""));

test("a notebook that is parsed and serialised is the same text, whatever the text", () => {
  fc.assert(
    fc.property(document, (text) => serialise(parse("a.md", text)) === text),
    { numRuns: 2000 },
  );
});

test("ids of cells are unique whatever the text", () => {
  fc.assert(
    fc.property(document, (text) => {
      const ids = cellsOf(parse("a.md", text)).map((cell) => cell.id);
      return new Set(ids).size === ids.length;
    }),
  );
});

test("a fence gives language, name, attributes and source", () => {
  const [cell] = cellsOf(
    parse("a.md", '# T\n\n```sql hits asset engine=duckdb check="count(*) > 0"\nselect 1\n```\n'),
  );
  expect(cell).toMatchObject({
    id: "hits",
    name: "hits",
    language: "sql",
    attributes: { asset: "", engine: "duckdb", check: "count(*) > 0" },
    source: "select 1",
    line: 3,
  });
});

test.each([
  ["a fence without a language", "```\nx\n```\n"],
  ["a language that does not compute", "```bash run\nx\n```\n"],
  ["yaml without a name", "```yaml\na: 1\n```\n"],
  ["a fence that is switched off", "```sql a run=false\nselect 1\n```\n"],
  ["an indented code block", "    ```sql a\n    select 1\n"],
  ["a fence inside a longer fence", "````md\n```sql a\nselect 1\n```\n````\n"],
])("%s is prose", (_what, text) => {
  expect(cellsOf(parse("a.md", text))).toEqual([]);
});

test("an unnamed cell keeps its id when it moves, and two alike differ", () => {
  const one = cellsOf(parse("a.md", "```js\n1 + 1\n```\n"))[0]?.id;
  const moved = cellsOf(parse("a.md", "text\n\n```js\n1 + 1\n```\n\n```js\n1 + 1\n```\n")).map(
    (cell) => cell.id,
  );
  expect(moved).toEqual([one, `${one}~2`]);
});

test("the title is the first heading, else the file's name", () => {
  expect(parse("x/a.md", "text\n\n## Two words ##\n").title).toBe("Two words");
  expect(parse("x/a.md", "text").title).toBe("a");
  expect(parse("x/a.md", "# ##\n# # #\n").title).toBe("#");
  expect(parse("x/a.md", "```bash\n# no title\n```\n\n# C#\r\n").title).toBe("C#");
});

test("lines of many spaces take no longer than others", () => {
  const spaces = " ".repeat(100_000);
  const { title, blocks } = parse("a.md", `# a${spaces}b #${spaces}\n\`\`\`js${spaces}c${spaces}d\n\`\`\`\n`);
  expect(title).toBe(`a${spaces}b`);
  expect(blocks[1]).toMatchObject({ name: "c", attributes: { d: "" } });
});

test("an open fence runs to the end of the text", () => {
  expect(cellsOf(parse("a.md", "```sql a\nselect 1\n"))[0]?.source).toBe("select 1");
});
