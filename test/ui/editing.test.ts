import { describe, expect, test } from "vitest";

import type { CellView, NotebookView } from "#protocol/view.ts";

import { cellMarkers } from "../../ui/editor/cell-markers.ts";
import { completions } from "../../ui/editor/completions.ts";
import { arrived, keepMine, opened, restored, sending, takeTheirs, typed } from "../../ui/editor/draft.ts";
import { Drafts } from "../../ui/editor/drafts.ts";
import { editableText, withEditableText } from "../../ui/editor/editable-text.ts";
import { moduleRows, withModuleCell, withModuleRow, withoutModuleRow } from "../../ui/editor/module-rows.ts";
import { nameAt, usesOf } from "../../ui/editor/names.ts";
import { findEntries } from "../../ui/palette/entries.ts";
import { fuzzy } from "../../ui/palette/fuzzy.ts";
import { convertOps, moveOp, nameProblem } from "../../ui/state/cell-ops.ts";
import { TEMPLATES, insertOp } from "../../ui/state/cell-templates.ts";
import { followCells } from "../../ui/state/follow-cells.ts";
import { initialState, reduce } from "../../ui/state/page-state.ts";
import { asset, key, record, snapshot } from "./views.ts";

function cell(id: string, changes: Partial<CellView> = {}): CellView {
  return {
    id,
    name: id,
    language: "sql",
    kind: "sql",
    source: `select 1 as ${id}`,
    attributes: {},
    inputs: [],
    asset: key(id),
    error: null,
    disabledBy: null,
    ...changes,
  };
}

function prose(id: string, source: string): CellView {
  return cell(id, { name: null, language: "md", kind: "markdown", source, asset: null, inputs: null });
}

function notebook(cells: readonly CellView[], revision = 1): NotebookView {
  return { path: "a.md", title: "A", revision, canUndo: false, canRedo: false, untrusted: null, cells };
}

describe("a draft", () => {
  const mine = typed(opened("one"), "one two");

  test("stays when the server says what it said before, or what this page sent", () => {
    expect(arrived(mine, "one").text).toBe("one two");
    const later = typed(sending(mine), "one two three");
    expect(arrived(later, "one two")).toMatchObject({ text: "one two three", theirs: null });
  });

  test("is never overwritten: another text of the server stands beside it until a person chooses", () => {
    const both = arrived(mine, "uno");
    expect(both).toMatchObject({ text: "one two", theirs: "uno" });
    expect(keepMine(both)).toMatchObject({ base: "uno", text: "one two", theirs: null });
    expect(takeTheirs(both)).toEqual(opened("uno"));
  });

  test("that nobody touched follows the server", () => {
    expect(arrived(opened("one"), "uno")).toEqual(opened("uno"));
  });

  test("kept from before is a conflict only when the server's text changed since", () => {
    expect(restored("one", "one two", "one").theirs).toBeNull();
    expect(restored("one", "one two", "uno").theirs).toBe("uno");
    expect(restored("one", "uno", "uno")).toEqual(opened("uno"));
  });
});

describe("drafts of a notebook", () => {
  function stage(stored: Record<string, string> = {}) {
    const sent: string[] = [];
    let answer: { resolve: (revision: number) => void; reject: (error: Error) => void } | null = null;
    let wait: () => void = () => {};
    const kept = new Map(Object.entries(stored));
    const drafts = new Drafts({
      later: (run) => {
        wait = run;
        return () => (wait = () => {});
      },
      send: (_notebook, _cell, source) => {
        sent.push(source);
        return new Promise((resolve, reject) => (answer = { resolve, reject }));
      },
      storage: {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => void kept.set(name, value),
        removeItem: (name) => void kept.delete(name),
      },
    });
    drafts.sync(notebook([cell("a", { source: "one" })]));
    const settle = async (): Promise<void> => {
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    };
    return { drafts, sent, kept, wait: () => wait(), answer: () => answer, settle };
  }

  test("are sent after a pause, one at a time, and the last text in the end", async () => {
    const { drafts, sent, wait, answer, settle } = stage();
    drafts.type("a", "one 2");
    expect(sent).toEqual([]);
    wait();
    await settle();
    drafts.type("a", "one 23");
    wait();
    await settle();
    expect(sent).toEqual(["one 2"]);
    answer()?.resolve(2);
    await settle();
    expect(sent).toEqual(["one 2", "one 23"]);
    answer()?.resolve(3);
    await settle();
    expect(drafts.pending).toBe(false);
  });

  test("outlive the page, and go when the server has them", async () => {
    const first = stage();
    first.drafts.type("a", "one more");
    const second = stage(Object.fromEntries(first.kept));
    await second.settle();
    expect(second.drafts.draft("a")?.text).toBe("one more");
    expect(second.sent).toEqual(["one more"]);
    second.answer()?.resolve(2);
    await second.settle();
    expect([...second.kept]).toEqual([]);
  });

  test("that were refused stay, and go with the next try", async () => {
    const { drafts, sent, answer, settle } = stage();
    drafts.type("a", "x");
    void drafts.flush("a");
    await settle();
    answer()?.reject(new Error("no"));
    await settle();
    expect(drafts.draft("a")?.text).toBe("x");
    void drafts.flush("a");
    await settle();
    expect(sent).toEqual(["x", "x"]);
  });

  test("do not mind a picture of the notebook that is older than what was accepted", async () => {
    const { drafts, answer, settle } = stage();
    drafts.type("a", "new");
    void drafts.flush("a");
    await settle();
    answer()?.resolve(5);
    await settle();
    drafts.sync(notebook([cell("a", { source: "one" })], 4));
    expect(drafts.draft("a")).toMatchObject({ text: "new", theirs: null });
  });
});

test("prose is edited without the blank lines that hold it off its neighbours, and keeps them", () => {
  const text = prose("p", "\n## Title\n\nWords.\n\n");
  expect(editableText(text)).toBe("## Title\n\nWords.");
  expect(withEditableText(text, "## Other")).toBe("\n## Other\n\n");
  expect(withEditableText(cell("a"), "select 2\n")).toBe("select 2\n");
});

describe("cells that come, go and are renamed", () => {
  const before = [cell("a"), cell("b"), cell("c")];

  test("a renamed cell is the same cell", () => {
    expect([...followCells(before, [cell("a"), cell("beta"), cell("c")])]).toEqual([["b", "beta"]]);
    expect([...followCells(before, [cell("a"), cell("c")])]).toEqual([]);
  });

  test("words that moved are the same words, whatever blank lines they have there", () => {
    const [words, gap] = [prose("p", "\nWords.\n"), cell("d")];
    const after = [cell("a"), prose("q", "\nWords.\n\n"), cell("b"), cell("c"), gap];
    expect([...followCells([...before, gap, words], after)]).toEqual([["p", "q"]]);
  });

  test("the focus goes with a rename, to the next cell after a deletion, to what was inserted", () => {
    const first = snapshot({ notebook: notebook(before) });
    const at = (state = initialState) => ({
      focused: state.focusedCell,
      editing: state.editing?.cell ?? null,
    });
    const change = (cells: readonly CellView[], seq: number) =>
      ({ type: "workspace", event: { seq, type: "notebook", notebook: notebook(cells, seq) } }) as const;
    let state = reduce(initialState, { type: "snapshot", snapshot: first });
    state = reduce(state, { type: "focus", cell: "b" });
    state = reduce(state, change([cell("a"), cell("beta"), cell("c")], first.seq + 1));
    expect(at(state)).toEqual({ focused: "beta", editing: null });
    state = reduce(state, change([cell("a"), cell("c")], first.seq + 2));
    expect(at(state).focused).toBe("c");
    state = reduce(state, { type: "expect", edit: true, language: "sql" });
    state = reduce(state, change([cell("a"), cell("c"), cell("d")], first.seq + 3));
    expect(at(state)).toEqual({ focused: "d", editing: "d" });
  });

  test("a change of another cell does not ask the editor to go anywhere", () => {
    const first = snapshot({ notebook: notebook(before) });
    let state = reduce(initialState, { type: "snapshot", snapshot: first });
    state = reduce(state, { type: "edit", editing: { cell: "b", at: { x: 10, y: 20 } } });
    const { editing } = state;
    const cells = [cell("a", { source: "other" }), cell("b"), cell("c")];
    const event = { seq: first.seq + 1, type: "notebook", notebook: notebook(cells, first.seq + 1) } as const;
    state = reduce(state, { type: "workspace", event });
    expect(state.editing).toBe(editing);
  });

  test("moves go by one place and stop at the ends", () => {
    expect(moveOp(before, "c", "up")).toEqual({ op: "move", block: "c", after: "a" });
    expect(moveOp(before, "b", "up")).toEqual({ op: "move", block: "b", after: null });
    expect(moveOp(before, "a", "down")).toEqual({ op: "move", block: "a", after: "b" });
    expect(moveOp(before, "a", "up")).toBeNull();
    expect(moveOp(before, "c", "down")).toBeNull();
  });

  test("a cell that is made text is another block in its place", () => {
    expect(convertOps(before, cell("b"), "md").map((op) => op.op)).toEqual(["insert", "delete"]);
    expect(convertOps(before, cell("b"), "js")).toEqual([
      { op: "set-info", block: "b", language: "js", attributes: {} },
    ]);
  });

  test("a new cell has a name that is free and reads the table above it", () => {
    const template = TEMPLATES.find((one) => one.id === "sql-asset");
    if (template === undefined) throw new Error("no such template");
    const cells = [cell("table"), cell("b")];
    expect(insertOp(template, "table", cells, [asset("table")])).toMatchObject({
      name: "table_2",
      source: "select *\nfrom table",
    });
    expect(insertOp(template, null, cells, [asset("table")]).source).toBe("select 1 as one");
  });

  test.each([
    ["1a", /starts with a letter/],
    ["c", /already/],
    ["Upper", /lower case/],
  ])("no cell is called %s", (name, why) => {
    expect(nameProblem(name, cell("b"), before)).toMatch(why);
  });
});

describe("names in texts", () => {
  const cells = [
    cell("table_a"),
    cell("b", { source: "select * from table_a\nwhere table_ab = 1 -- table_a" }),
    prose("p", "table_a in words, and ${table_a} in braces"),
  ];

  test("a use is the whole name, with its line and column; in prose only what is computed", () => {
    expect(usesOf(cells, "table_a").map((use) => [use.cell.id, use.line, use.column])).toEqual([
      ["b", 1, 15],
      ["b", 2, 23],
      ["p", 1, 25],
    ]);
    expect(usesOf([prose("p", "table_a in words")], "table_a")).toEqual([]);
  });

  test("the name at the caret is found from either end", () => {
    expect(nameAt("from table_a where", 6)).toBe("table_a");
    expect(nameAt("from table_a where", 13)).toBe("table_a");
    expect(nameAt("  =  ", 3)).toBeNull();
  });
});

describe("completions", () => {
  const column = (name: string, type: string) => ({ name, type });
  const variants = asset("variants", {
    record: record("variants", {
      columns: [column("rsid", "VARCHAR"), column("weight", "DOUBLE")] as never,
    }),
  });
  const ground = {
    cells: [cell("variants"), cell("limits", { language: "yaml", kind: "config", asset: null })],
    assets: [variants, asset("modules/heart", { output: "table" })],
    cell: "here",
  };
  const offered = (language: string, before: string, after = ""): string[] =>
    completions(language, before, after, ground).map((one) => one.label);

  test("after FROM: tables, and no module folder", () => {
    expect(offered("sql", "select * from ")).toEqual(["variants"]);
  });

  test("after a table's alias: its columns", () => {
    expect(offered("sql", "select v.", "\nfrom variants v")).toEqual(["rsid", "weight"]);
  });

  test("elsewhere: columns of the tables that are read, then functions and keywords", () => {
    const all = completions("sql", "select ", " from variants", ground);
    expect(all.find((one) => one.label === "weight")?.rank).toBe(1);
    expect(all.find((one) => one.label === "median")?.insert).toBe("median($0)");
  });

  test("in a text or a comment: nothing", () => {
    expect(offered("sql", "select 'fro")).toEqual([]);
    expect(offered("sql", "select 1 -- fro")).toEqual([]);
  });

  test("in a ${}: names of cells", () => {
    expect(offered("sql", "select ${li")).toEqual(["variants", "limits"]);
    expect(offered("markdown", "there are ${")).toEqual(["variants", "limits"]);
  });

  test("as a value of YAML: cells and modules; as a key: nothing", () => {
    expect(offered("yaml", "source: va")).toEqual(["variants", "limits", "heart"]);
    expect(offered("yaml", "sou")).toEqual([]);
  });

  test("as a column of a join: those of its reference, written in one line or in several", () => {
    const facts = { columns: ["maf", "tsa"] };
    const reference = asset("known", { record: record("known", { facts }) });
    const labels = (before: string, after = ""): string[] =>
      completions("yaml", before, after, { ...ground, assets: [reference] }).map(({ label }) => label);
    const lead = "variants: variants\nreference: known\ncolumns:";
    expect(labels(`${lead} [m`)).toEqual(["maf", "tsa"]);
    expect(labels(`${lead} [maf, `)).toEqual(["maf", "tsa"]);
    expect(labels(`${lead}\n  - maf\n  - `)).toEqual(["maf", "tsa"]);
    expect(labels("columns: [", "]\nreference: known")).toEqual(["maf", "tsa"]);
    expect(labels(`${lead} [maf]\nengine: `)).not.toContain("maf");
  });
});

describe("the palette", () => {
  const cells = [cell("user_vcf_normalized"), prose("p", "# The file\n\nWords.")];
  const all = snapshot({ notebook: notebook(cells), assets: [asset("user_vcf_normalized")] });
  const labels = (query: string): string[] => findEntries(query, all).map((entry) => entry.label);

  test.each([
    ["uvn", "user_vcf_normalized"],
    ["norm", "user_vcf_normalized"],
    ["@file", "The file"],
    ["#user", "user_vcf_normalized"],
    ["run stale", "Run everything stale"],
    [">undo", "Undo the last change of the notebook"],
  ])("%s finds %s first", (query, label) => {
    expect(labels(query)[0]).toBe(label);
  });

  test("letters have their order, starts of words come first", () => {
    expect(fuzzy("zx", "xyz")).toBeNull();
    expect(fuzzy("rs", "run_stale")?.at).toEqual([0, 4]);
  });
});

test("an error is underlined where it is, in the cell and the text that it is of", () => {
  const span = { line: 1, column: 8, length: 3 };
  const error = { code: "notebook", message: "column not found: foo", span } as const;
  const one = cell("a", { source: "select foo" });
  expect(cellMarkers({ ...one, error }, null, "select foo")).toEqual([
    { ...span, message: "column not found: foo" },
  ]);
  expect(cellMarkers({ ...one, error: { ...error, cell: "b" } }, null, "select foo")).toEqual([]);
  expect(cellMarkers({ ...one, error }, null, "x")).toEqual([]);
  const failed = asset("a", { status: { state: "failed", error, run: 1 } });
  expect(cellMarkers(one, failed, "select foo")).toHaveLength(1);
});

describe("the variants of a module as a table", () => {
  const text = `# mine
module: {title: Panel}   # kept
variants:
  - {rsid: rs1, gene: A, genotype: A/A, weight: -1.2, state: risk} # first
  # between
  - rsid: rs2
    genotype: 'C/T'
    weight: 0.5

studies: []
`;

  test("are read whatever their layout", () => {
    expect(moduleRows(text)?.map((row) => [row.rsid, row.genotype, row.weight, row.gene])).toEqual([
      ["rs1", "A/A", "-1.2", "A"],
      ["rs2", "C/T", "0.5", ""],
    ]);
    expect(moduleRows("variants: 3")).toBeNull();
    expect(moduleRows("module: {title: x}")).toEqual([]);
  });

  test("a changed value changes nothing beside it", () => {
    expect(withModuleCell(text, 0, "weight", "-0.8")).toBe(text.replace("-1.2", "-0.8"));
    expect(withModuleCell(text, 1, "genotype", "T/T")).toBe(text.replace("'C/T'", "T/T"));
    expect(withModuleCell(text, 0, "conclusion", "Likely: more")).toBe(
      text.replace("state: risk}", 'state: risk, conclusion: "Likely: more"}'),
    );
    expect(withModuleCell(text, 1, "gene", "B")).toBe(
      text.replace("weight: 0.5", "weight: 0.5\n    gene: B"),
    );
  });

  test("a row comes at the end of the list, and goes with its line", () => {
    const more = withModuleRow(text);
    expect(moduleRows(more)?.map((row) => row.rsid)).toEqual(["rs1", "rs2", "rs0"]);
    expect(withoutModuleRow(more, 2)).toBe(text);
    expect(moduleRows(withoutModuleRow(text, 0))?.map((row) => row.rsid)).toEqual(["rs2"]);
    expect(moduleRows(withoutModuleRow(text, 1))?.map((row) => row.rsid)).toEqual(["rs1"]);
    expect(moduleRows(withModuleRow("module: {title: x}\nvariants: []\n"))).toHaveLength(1);
  });

  test.each(["yes", "1e3", " padded", "a: b", "#5", "plain words", "−1", "[x]"])(
    "%s is read back as it was written",
    (value) => {
      expect(moduleRows(withModuleCell(text, 0, "conclusion", value))?.[0]?.conclusion).toBe(value);
    },
  );
});
