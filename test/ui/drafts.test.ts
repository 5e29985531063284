import { describe, expect, test } from "vitest";

import { arrived, keepMine, opened, restored, sending, takeTheirs, typed } from "../../ui/editor/draft.ts";
import { Drafts } from "../../ui/editor/drafts.ts";
import { editableText, withEditableText } from "../../ui/editor/editable-text.ts";
import { cell, notebook, prose } from "./views.ts";

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
  function stage(stored: Record<string, string> = {}, first = notebook([cell("a", { source: "one" })])) {
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
        key: (at) => [...kept.keys()][at] ?? null,
        get length() {
          return kept.size;
        },
      },
    });
    drafts.sync(first);
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

  test("of words outlive the page also where the server, started again, gives the words another id", async () => {
    const first = stage({}, notebook([cell("a"), prose("md-1", "\nWords.\n")]));
    first.drafts.type("md-1", "Words and more.");
    const again = notebook([cell("a"), prose("md-2", "\nWords.\n")]);
    const second = stage(Object.fromEntries(first.kept), again);
    await second.settle();
    expect(second.drafts.draft("md-2")?.text).toBe("Words and more.");
    expect(second.sent).toEqual(["\nWords and more.\n"]);
    second.answer()?.resolve(2);
    await second.settle();
    expect([...second.kept]).toEqual([]);
  });

  test("of a cell that is renamed elsewhere while its text is on its way go on", async () => {
    const { drafts, sent, wait, answer, settle } = stage();
    drafts.type("a", "x");
    void drafts.flush("a");
    await settle();
    drafts.sync(notebook([cell("b", { source: "one" })], 2), new Map([["a", "b"]]));
    drafts.type("b", "xy");
    drafts.sync(notebook([cell("b", { source: "x" })], 3));
    answer()?.resolve(3);
    await settle();
    wait();
    await settle();
    expect(sent).toEqual(["x", "xy"]);
  });

  test("of a cell that is deleted elsewhere are told once what is on its way is refused, and then forgotten", async () => {
    const [one, other] = [cell("a", { source: "one" }), cell("b")];
    const { drafts, kept, wait, answer, settle } = stage({}, notebook([one, other]));
    drafts.type("a", "one more");
    wait();
    await settle();
    drafts.type("a", "one more word");
    expect(drafts.sync(notebook([other], 2))).toEqual([one]);
    const lost = drafts.lost(one);
    answer()?.reject(new Error("no such cell"));
    expect((await lost)?.source).toBe("one more word");
    drafts.forget("a");
    expect([drafts.pending, [...kept]]).toEqual([false, []]);
    expect(drafts.sync(notebook([], 3))).toEqual([]);
  });

  test("of words that became other cells by what was typed are not lost", async () => {
    const words = prose("p", "Words.");
    const { drafts, wait, answer, settle } = stage({}, notebook([words]));
    drafts.type("p", "```sql x\n```");
    wait();
    await settle();
    expect(drafts.sync(notebook([cell("x")], 2))).toEqual([words]);
    answer()?.resolve(2);
    expect(await drafts.lost(words)).toBeNull();
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
