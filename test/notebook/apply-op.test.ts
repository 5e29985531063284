import fc from "fast-check";
import { expect, test } from "vitest";

import { applyOp } from "#notebook/apply-op.ts";
import { cellsOf, serialise } from "#notebook/notebook.ts";
import type { Notebook } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";

import { notebookText, opOf, wish } from "./random-notebook.ts";

const TEXT = `# Title

\`\`\`sql hits asset
select 1
\`\`\`

Words about \${hits.length}.

\`\`\`js
hits + 1
\`\`\`

\`\`\`js
2
\`\`\`
`;

function after(text: string, ...ops: NotebookOp[]): Notebook {
  return ops.reduce((notebook, op) => applyOp(notebook, op), parse("a.md", text));
}

function tried(notebook: Notebook, op: NotebookOp): Notebook {
  try {
    return applyOp(notebook, op);
  } catch (error) {
    if (error instanceof WorkspaceError) return notebook;
    throw error;
  }
}

test("after any ops the notebook is what its text parses to, but for the ids, and those are unique", () => {
  fc.assert(
    fc.property(notebookText, fc.array(wish, { maxLength: 8 }), (text, wishes) => {
      let notebook = parse("a.md", text);
      for (const one of wishes) {
        notebook = tried(
          notebook,
          opOf(
            one,
            notebook.blocks.map(({ id }) => id),
          ),
        );
        const whole = serialise(notebook);
        expect(serialise(parse("a.md", whole))).toBe(whole);
        const bare = (blocks: Notebook["blocks"]): unknown[] => blocks.map((block) => ({ ...block, id: "" }));
        expect(bare(notebook.blocks)).toEqual(bare(parse("a.md", whole).blocks));
        const ids = notebook.blocks.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    }),
    { numRuns: 400 },
  );
});

test("new text of a cell changes its own span, reads back as it was written, and keeps the cell's id", () => {
  fc.assert(
    fc.property(notebookText, notebookText, fc.nat(20), (text, source, pick) => {
      const notebook = parse("a.md", text);
      const cells = cellsOf(notebook);
      const cell = cells[pick % Math.max(1, cells.length)];
      if (cell === undefined) return;
      const at = notebook.blocks.indexOf(cell);
      const next = applyOp(notebook, { op: "set-source", block: cell.id, source });
      const raws = (one: Notebook): string[] => one.blocks.map(({ raw }) => raw);
      expect(raws(next).toSpliced(at, 1)).toEqual(raws(notebook).toSpliced(at, 1));
      const changed = next.blocks[at];
      expect(changed).toMatchObject({ id: cell.id, name: cell.name, attributes: cell.attributes });
      const plain = (one: string): string => one.replaceAll(/\r\n?/g, "\n");
      expect(changed?.type === "cell" ? plain(changed.source) : null).toBe(plain(source));
      expect(next.blocks.map(({ id }) => id)).toEqual(notebook.blocks.map(({ id }) => id));
    }),
    { numRuns: 600 },
  );
});

test("a fence grows when its source holds one as long", () => {
  const source = "```\nnot the end\n```";
  const notebook = after(TEXT, { op: "set-source", block: "hits", source });
  expect(serialise(notebook)).toContain("````sql hits asset\n```\nnot the end\n```\n````\n");
});

test("a notebook of Windows keeps its line ends", () => {
  const notebook = after("```js a\r\n1\r\n```\r\n", { op: "set-source", block: "a", source: "1\n2" });
  expect(serialise(notebook)).toBe("```js a\r\n1\r\n2\r\n```\r\n");
  const source = "\r\nwords";
  const words = { op: "insert", after: "a", language: "md", name: null, attributes: {}, source } as const;
  expect(serialise(after(serialise(notebook), words))).toBe(`${serialise(notebook)}\r\nwords\r\n`);
});

test("a cell that ends in half a line end keeps its last line", () => {
  const notebook = after("```js a\n\r\r\n```\n", { op: "rename", block: "a", name: "b" });
  expect(serialise(notebook)).toBe("```js b\n\n\n```\n");
});

test("a new cell stands between empty lines, and the rest stays", () => {
  const insert = {
    op: "insert",
    language: "sql",
    name: "more",
    attributes: { asset: "" },
    source: "select 2",
  } as const;
  const fence = "```sql more asset\nselect 2\n```\n";
  expect(serialise(after(TEXT, { ...insert, after: "hits" }))).toBe(
    TEXT.replace("\n\nWords", `\n\n${fence}\nWords`),
  );
  expect(serialise(after("", { ...insert, after: null }))).toBe(fence);
  expect(serialise(after("text", { ...insert, after: parse("a.md", "text").blocks[0]?.id ?? "" }))).toBe(
    `text\n\n${fence}`,
  );
});

test("deleting a cell takes one of the empty lines around it", () => {
  expect(serialise(after(TEXT, { op: "delete", block: "hits" }))).toBe(
    TEXT.replace("```sql hits asset\nselect 1\n```\n\n", ""),
  );
});

test("a cell moves with its id, and a place that is not there any more moves nothing", () => {
  const [, first, , second, , third] = parse("a.md", TEXT).blocks;
  const moved = after(TEXT, { op: "move", block: third?.id ?? "", after: first?.id ?? "" });
  expect(cellsOf(moved).map(({ id }) => id)).toEqual(["hits", third?.id, second?.id]);
  expect(serialise(after(TEXT, { op: "move", block: "hits", after: "gone" }))).toBe(TEXT);
  expect(serialise(after(TEXT, { op: "delete", block: "gone" }))).toBe(TEXT);
});

test("an unnamed cell keeps its id while its text changes, and beside a cell with the same text", () => {
  const [, , , one, , two] = parse("a.md", TEXT).blocks;
  const ids = [one?.id ?? "", two?.id ?? ""];
  const same = after(TEXT, { op: "set-source", block: ids[1] ?? "", source: "hits + 1" });
  expect(
    cellsOf(same)
      .slice(1)
      .map(({ id }) => id),
  ).toEqual(ids);
  const apart = applyOp(same, { op: "set-source", block: ids[0] ?? "", source: "3" });
  expect(
    cellsOf(apart)
      .slice(1)
      .map(({ id, source }) => [id, source]),
  ).toEqual([
    [ids[0], "3"],
    [ids[1], "hits + 1"],
  ]);
});

test("prose that opens a fence does not take in the cells below it", () => {
  const [prose] = parse("a.md", TEXT).blocks;
  const notebook = after(TEXT, {
    op: "set-source",
    block: prose?.id ?? "",
    source: "# Title\n\n```js\n1 + 1",
  });
  expect(cellsOf(notebook).map(({ source }) => source)).toEqual(["1 + 1", "select 1", "hits + 1", "2"]);
});

test("prose that was emptied can be written in again", () => {
  const id = parse("a.md", TEXT).blocks[2]?.id ?? "";
  const empty = after(TEXT, { op: "set-source", block: id, source: "" });
  expect(serialise(applyOp(empty, { op: "set-source", block: id, source: "\nMore.\n\n" }))).toBe(
    TEXT.replace("Words about ${hits.length}.", "More."),
  );
});

test("a cell becomes prose and prose becomes a cell", () => {
  const prose = after(TEXT, { op: "set-info", block: "hits", language: "md", attributes: {} });
  expect(serialise(prose)).toBe(TEXT.replace("```sql hits asset\nselect 1\n```", "select 1"));
  const block = parse("a.md", TEXT).blocks[2];
  const cell = after(TEXT, { op: "set-info", block: block?.id ?? "", language: "sql", attributes: {} });
  expect(serialise(cell)).toBe(
    TEXT.replace("Words about ${hits.length}.", "```sql\nWords about ${hits.length}.\n```"),
  );
});

test.each<[string, NotebookOp, string]>([
  [
    "text for a cell that is not there",
    { op: "set-source", block: "no", source: "" },
    "no such cell in a.md: no",
  ],
  ["a name that is taken", { op: "rename", block: "b", name: "a" }, "the name is taken: a"],
  ["a name that is none", { op: "rename", block: "b", name: "a b" }, "not a name: a b"],
  [
    "a new cell with a name that is taken",
    { op: "insert", after: null, language: "js", name: "a", attributes: {}, source: "" },
    "the name is taken: a",
  ],
  [
    "yaml without a name",
    { op: "insert", after: null, language: "yaml", name: null, attributes: {}, source: "" },
    "not a cell: yaml without a name",
  ],
  [
    "a language of two words",
    { op: "set-info", block: "a", language: "sql b", attributes: {} },
    "not a cell: sql b a",
  ],
  [
    "an attribute that would be two",
    { op: "set-info", block: "a", language: "sql", attributes: { a: "1\n```" } },
    "not a cell",
  ],
])("%s is refused", (_what, op, message) => {
  expect(() => after("```sql a\n1\n```\n\n```sql b\n2\n```\n", op)).toThrow(message);
});

test("cells that follow one another become the first of them; its name and attributes stay", () => {
  const [, , , js] = parse("a.md", TEXT).blocks;
  const others = parse("a.md", TEXT).blocks.filter(
    (block) => block.type === "cell" && block.language === "js",
  );
  const merged = after(TEXT, { op: "merge", block: others[0]?.id ?? "", with: [others[1]?.id ?? ""] });
  expect(serialise(merged)).toBe(TEXT.replace("hits + 1\n```\n\n```js\n2", "hits + 1\n2"));
  expect(merged.blocks.some(({ id }) => id === js?.id)).toBe(true);
});

test("words, another language and what stands between keep cells from being one", () => {
  const cells = cellsOf(parse("a.md", `${TEXT}\nWords.\n\n\`\`\`js\n3\n\`\`\`\n`));
  const merge = (one: number, other: number): (() => Notebook) => {
    const op = { op: "merge", block: cells[one]?.id ?? "", with: [cells[other]?.id ?? ""] } as const;
    return () => after(`${TEXT}\nWords.\n\n\`\`\`js\n3\n\`\`\`\n`, op);
  };
  expect(merge(0, 1)).toThrow("cells of different languages: sql and js");
  expect(merge(2, 3)).toThrow("there is something between the cells");
});

test("a cell cut in two is one again when both are merged", () => {
  const text = "```sql hits asset\nselect 1\nunion all\nselect 2\n```\n\nThe end.\n";
  const cut = after(text, { op: "split", block: "hits", at: "select 1\n".length });
  expect(serialise(cut)).toBe(
    "```sql hits asset\nselect 1\n```\n\n```sql hits_2 asset\nunion all\nselect 2\n```\n\nThe end.\n",
  );
  const merge = { op: "merge", block: "hits", with: ["hits_2"] } as const;
  expect(serialise(applyOp(cut, merge))).toBe(text);
});

test("words are cut by a cell between them, and are one text again without it", () => {
  const text = "```js\n1\n```\n\n# Title\n\nOne.\n\nTwo.\n\n```js\n2\n```\n";
  const notebook = parse("a.md", text);
  const prose = notebook.blocks.find((block) => block.type === "prose" && block.raw.includes("One."));
  const at = (prose?.raw.indexOf("One.") ?? 0) + "One.".length;
  const cut = applyOp(notebook, { op: "split", block: prose?.id ?? "", at });
  expect(serialise(cut)).toBe(
    "```js\n1\n```\n\n# Title\n\nOne.\n\n```sql\nselect 1\n```\n\nTwo.\n\n```js\n2\n```\n",
  );
  const cell = cellsOf(cut).find(({ language }) => language === "sql");
  expect(serialise(applyOp(cut, { op: "delete", block: cell?.id ?? "" }))).toBe(text);
});

test.each(["", "\n", "\n\n"])(
  "words cut at their start or end have the cell before or behind them (%j)",
  (last) => {
    const words = `One.${last}`;
    const notebook = parse("a.md", words);
    const block = notebook.blocks[0]?.id ?? "";
    expect(serialise(applyOp(notebook, { op: "split", block, at: 0 })).trimEnd()).toBe(
      "```sql\nselect 1\n```\n\nOne.",
    );
    expect(serialise(applyOp(notebook, { op: "split", block, at: 4 })).trimEnd()).toBe(
      "One.\n\n```sql\nselect 1\n```",
    );
  },
);

test("wherever a cell is cut, nothing of its text is lost but the line end there", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "`", " ", "~") }), fc.nat(40), (source, at) => {
      const cell = after("", {
        op: "insert",
        after: null,
        language: "js",
        name: null,
        attributes: {},
        source,
      });
      const [first] = cellsOf(cell);
      const cut = cellsOf(applyOp(cell, { op: "split", block: first?.id ?? "", at }));
      const [before = "", behind = ""] = cut.map((one) => one.source);
      const kept = first?.source ?? "";
      expect(cut).toHaveLength(2);
      expect([`${before}${behind}`, `${before}\n${behind}`, `${before}\n\n${behind}`]).toContain(kept);
    }),
  );
});
