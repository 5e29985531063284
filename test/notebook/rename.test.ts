import { expect, test } from "vitest";

import { applyOp } from "#notebook/apply-op.ts";
import { serialise } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";

function renamed(text: string, name = "calls"): string {
  return serialise(applyOp(parse("a.md", text), { op: "rename", block: "hits", name }));
}

const CELL = "```sql hits asset\nselect 1 as hits\n```\n\n";
const NEW = "```sql calls asset\nselect 1 as hits\n```\n\n";

/** What stands in another block, and what is left of it. */
const CASES: readonly (readonly [language: string, before: string, after: string])[] = [
  ["sql", "select h.gene from hits h", "select h.gene from calls h"],
  ["sql", "select hits.gene from HITS", "select calls.gene from calls"],
  ["sql", "select t.hits from t", "select t.hits from t"],
  [
    "sql",
    "select 'hits', hits2 -- hits\nfrom \"hits\" /* hits */",
    "select 'hits', hits2 -- hits\nfrom \"calls\" /* hits */",
  ],
  ["sql", "select * from t where a = ${hits[0].hits}", "select * from t where a = ${calls[0].hits}"],
  [
    "yaml b config",
    "source: hits\nhits: [hits, other]  # hits",
    "source: calls\nhits: [calls, other]  # hits",
  ],
  ["yaml b config", "source: 'hits'\n- broken: [", "source: 'hits'\n- broken: ["],
  ["js", "hits.map((d) => d.hits)", "calls.map((d) => d.hits)"],
  ["js", "f({hits, hits: hits, a: hits})", "f({hits: calls, hits: calls, a: calls})"],
  ["js", "[...hits, 'hits', \"hits\", /hits/] // hits", "[...calls, 'hits', \"hits\", /hits/] // hits"],
  ["js", "`hits ${hits.length} ${`${hits}`}`", "`hits ${calls.length} ${`${calls}`}`"],
  ["js", "a ? hits : hits2; a / hits / 2; $hits; hits$", "a ? calls : hits2; a / calls / 2; $hits; hits$"],
  [
    "njk b",
    '{% for h in hits %}{{ h.hits }} hits {{ "hits" }}{% endfor %}',
    '{% for h in calls %}{{ h.hits }} hits {{ "hits" }}{% endfor %}',
  ],
  [
    "sql",
    "select $$ hits $$, $a$ ${hits} hits $a$ from hits",
    "select $$ hits $$, $a$ ${calls} hits $a$ from calls",
  ],
  ["sql", "select ühits, größe_hits from hits", "select ühits, größe_hits from calls"],
  [
    "yaml b config",
    "source: >-\n  hits\nother: |- # hits\n  hits\nlast: 1",
    "source: >-\n  calls\nother: |- # hits\n  calls\nlast: 1",
  ],
  ["js", "f({a, // first\n hits: 1, /* then */ hits})", "f({a, // first\n hits: 1, /* then */ hits: calls})"],
  [
    "js",
    "f({hits() { return hits }, a() {}, hits(b) {}})",
    "f({hits() { return calls }, a() {}, hits(b) {}})",
  ],
  ["js", "class A { #hits; a() { return this.#hits } }", "class A { #hits; a() { return this.#hits } }"],
  ["js", "`${'`'} ${hits} ${'}'}` + hits", "`${'`'} ${calls} ${'}'}` + calls"],
  ["ts", "(a: Row, hits: Row) => hits.a", "(a: Row, calls: Row) => calls.a"],
  [
    "ts",
    "type A = { a: string; hits: number, hits?: string }",
    "type A = { a: string; hits: number, hits?: string }",
  ],
  [
    "njk b",
    "{{ hits }}{% set a = {b: {c: hits}}, d = hits %}",
    "{{ calls }}{% set a = {b: {c: calls}}, d = calls %}",
  ],
  [
    "njk b",
    "{{ a | hits }}{{ hits|hits(hits=hits) }}{% if hits is not hits %}",
    "{{ a | hits }}{{ calls|hits(hits=calls) }}{% if calls is not hits %}",
  ],
  ["html b", "<b>${hits.length} hits</b>", "<b>${calls.length} hits</b>"],
];

test.each(CASES)("a rename in %s: %s", (language, before, after) => {
  const cell = (source: string): string => `\`\`\`${language}\n${source}\n\`\`\`\n`;
  expect(renamed(`${CELL}${cell(before)}`)).toBe(`${NEW}${cell(after)}`);
});

test("a rename reaches the attributes that name tables", () => {
  const cell = (info: string): string => `\`\`\`njk b report ${info}\n<p></p>\n\`\`\`\n`;
  expect(renamed(`${CELL}${cell('annotations=hits tables="a,hits hits2" title=hits')}`)).toBe(
    `${NEW}${cell('annotations=calls tables="a,calls hits2" title=hits')}`,
  );
});

test("a rename in prose reaches its ${} and nothing else", () => {
  expect(renamed(`${CELL}The hits: \${hits.length}, \\\${hits}.\n`)).toBe(
    `${NEW}The hits: \${calls.length}, \\\${hits}.\n`,
  );
});

test("a name with a hyphen is quoted in SQL and refused where JavaScript would read it", () => {
  expect(renamed(`${CELL}\`\`\`sql\nselect * from hits\n\`\`\`\n`, "my-hits")).toContain('from "my-hits"');
  expect(() => renamed(`${CELL}\`\`\`js\nhits\n\`\`\`\n`, "my-hits")).toThrow(
    "JavaScript cannot read my-hits",
  );
});

test("an unnamed cell gets a name, and a named one can lose it", () => {
  const text = "```js\n1\n```\n";
  const id = parse("a.md", text).blocks[0]?.id ?? "";
  const named = applyOp(parse("a.md", text), { op: "rename", block: id, name: "one" });
  expect(serialise(named)).toBe("```js one\n1\n```\n");
  expect(serialise(applyOp(named, { op: "rename", block: "one", name: "" }))).toBe(text);
});

test("of two cells of one name, the one that is renamed leaves what reads the name to the other", () => {
  const readers = "```sql\nselect * from hits\n```\n";
  const other = "```sql hits asset\nselect 2 as hits\n```\n\n";
  expect(renamed(CELL + other + readers)).toBe(NEW + other + readers);
});
