import fc from "fast-check";
import { expect, test } from "vitest";

import { serialise } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { apply, baseRecord, replay } from "../../server/session/apply.ts";
import type { JournalRecord, SessionOp } from "../../server/session/op.ts";
import { newSession } from "../../server/session/state.ts";
import type { SessionState } from "../../server/session/state.ts";
import { notebookText, opOf, wish } from "../notebook/random-notebook.ts";
import type { Wish } from "../notebook/random-notebook.ts";

const TEXT = "# T\n\n```sql a\n1\n```\n\n```sql b\n2\n```\n";

/** What a test can make happen: an edit, or a step back or forward, a change on disk, a save. */
type Happening =
  | { readonly type: "edit"; readonly wishes: readonly Wish[]; readonly later: number }
  | { readonly type: "undo" | "redo" | "saved" }
  | { readonly type: "disk"; readonly text: string };

const edit: fc.Arbitrary<Happening> = fc.record({
  type: fc.constant("edit"),
  wishes: fc.array(wish, { minLength: 1, maxLength: 3 }),
  later: fc.constantFrom(0, 500, 10_000),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: edit },
  fc.record({ type: fc.constantFrom("undo", "redo", "saved") }),
  fc.record({ type: fc.constant("disk"), text: notebookText }),
);

/** A session with what its shell has: the time, the lines of its journal, and the file. */
class Shell {
  state: SessionState;
  journal: JournalRecord[];
  now = 0;

  constructor(text: string) {
    this.state = newSession("a.md", text);
    this.journal = [baseRecord(this.state)];
  }

  /** False for an edit that is refused. */
  do(op: SessionOp): boolean {
    const before = this.state;
    try {
      const { state, actions } = apply(this.state, op);
      this.state = state;
      for (const action of actions) if (action.type === "journal") this.journal.push(action.record);
      const saves = actions.some(({ type }) => type === "save");
      expect(saves).toBe(
        state !== before && state.text !== state.saved && op.type !== "saved" && actions.length > 0,
      );
      return true;
    } catch (error) {
      if (!(error instanceof WorkspaceError)) throw error;
      return false;
    }
  }

  happen(what: Happening): void {
    switch (what.type) {
      case "edit": {
        const ids = this.state.notebook.blocks.map(({ id }) => id);
        this.now += what.later;
        this.do({ type: "edit", ops: what.wishes.map((one) => opOf(one, ids)), at: this.now });
        return;
      }
      case "disk":
        this.do({ type: "disk", text: what.text, at: this.now });
        return;
      case "saved":
        this.do({ type: "saved", text: this.state.text });
        return;
      case "undo":
      case "redo":
        this.do({ type: what.type });
    }
  }
}

function bare({ notebook: _notebook, former: _former, ...rest }: SessionState): unknown {
  return rest;
}

test("whatever happens, the text is that of the blocks, and revisions only rise", () => {
  fc.assert(
    fc.property(notebookText, fc.array(happening, { maxLength: 12 }), (text, all) => {
      const shell = new Shell(text);
      for (const one of all) {
        const { revision, text: before } = shell.state;
        shell.happen(one);
        const { state } = shell;
        expect(serialise(state.notebook)).toBe(state.text);
        expect(serialise(parse("a.md", state.text))).toBe(state.text);
        if (state.text !== before) expect(state.revision).toBe(revision + 1);
      }
    }),
    { numRuns: 200 },
  );
});

test("all steps taken back give the first text, all taken again the last, and the file is never written over", () => {
  fc.assert(
    fc.property(notebookText, fc.array(happening, { maxLength: 12 }), (text, all) => {
      const shell = new Shell(text);
      for (const one of all) shell.happen(one);
      for (; shell.state.redo.length > 0;) shell.do({ type: "redo" });
      const last = shell.state.text;
      const steps = shell.state.undo.length;
      for (; shell.state.undo.length > 0;) shell.do({ type: "undo" });
      expect(shell.state.text).toBe(text);
      for (let step = 0; step < steps; step++) shell.do({ type: "redo" });
      expect(shell.state.text).toBe(last);
    }),
    { numRuns: 200 },
  );
});

test("the journal gives the session again, as it was written and as its one base line", () => {
  fc.assert(
    fc.property(notebookText, fc.array(happening, { maxLength: 12 }), (text, all) => {
      const shell = new Shell(text);
      for (const one of all) shell.happen(one);
      const lines = (records: readonly JournalRecord[]): JournalRecord[] =>
        records.map((record) => JSON.parse(JSON.stringify(record)) as JournalRecord);
      const { saved } = shell.state;
      expect(bare(replay("a.md", lines(shell.journal), saved))).toEqual(bare(shell.state));
      const again = replay("a.md", lines([...shell.journal, baseRecord(shell.state)]), saved);
      expect(bare(again)).toEqual(bare(shell.state));
    }),
    { numRuns: 200 },
  );
});

test("typing in one cell is one step for some seconds; another cell, or a pause, begins the next", () => {
  const shell = new Shell(TEXT);
  const type = (block: string, source: string, at: number): void => {
    shell.do({ type: "edit", ops: [{ op: "set-source", block, source }], at });
  };
  type("a", "10", 0);
  type("a", "100", 400);
  type("b", "20", 800);
  type("a", "1000", 1_200);
  type("a", "10000", 60_000);
  expect(shell.state.undo.length).toBe(4);
  const undone = (): string => {
    shell.do({ type: "undo" });
    return shell.state.text;
  };
  expect(undone()).toBe(TEXT.replace("\n1\n", "\n1000\n").replace("\n2\n", "\n20\n"));
  expect(undone()).toBe(TEXT.replace("\n1\n", "\n100\n").replace("\n2\n", "\n20\n"));
  expect(undone()).toBe(TEXT.replace("\n1\n", "\n100\n"));
  expect(undone()).toBe(TEXT);
});

test("a thousand steps can be taken back", () => {
  const shell = new Shell(TEXT);
  for (let step = 0; step < 1_200; step++) {
    shell.do({ type: "edit", ops: [{ op: "set-source", block: "a", source: `${step}` }], at: step * 60_000 });
  }
  for (let step = 0; step < 1_200; step++) shell.do({ type: "undo" });
  expect(shell.state.text).toBe(TEXT);
});

test("an op with the name that a cell had before still reaches it", () => {
  const shell = new Shell(TEXT);
  shell.do({ type: "edit", ops: [{ op: "rename", block: "a", name: "first" }], at: 0 });
  shell.do({ type: "edit", ops: [{ op: "set-source", block: "a", source: "10" }], at: 1 });
  expect(shell.state.text).toBe(TEXT.replace("sql a\n1", "sql first\n10"));
});

test("of several ops all happen or none", () => {
  const shell = new Shell(TEXT);
  const done = shell.do({
    type: "edit",
    ops: [
      { op: "delete", block: "a" },
      { op: "set-source", block: "a", source: "" },
    ],
    at: 0,
  });
  expect([done, shell.state.text, shell.state.undo]).toEqual([false, TEXT, []]);
});

test("a change on disk of one cell and a change here of another both hold, and both can be taken back", () => {
  const shell = new Shell(TEXT);
  shell.do({ type: "edit", ops: [{ op: "set-source", block: "a", source: "10" }], at: 0 });
  shell.do({ type: "disk", text: TEXT.replace("\n2\n", "\n20\n"), at: 1 });
  expect(shell.state.text).toBe(TEXT.replace("\n1\n", "\n10\n").replace("\n2\n", "\n20\n"));
  shell.do({ type: "undo" });
  shell.do({ type: "undo" });
  expect(shell.state.text).toBe(TEXT);
});

test("what was written just before the end of the process is not taken for a change of another program", () => {
  const shell = new Shell(TEXT);
  shell.do({ type: "edit", ops: [{ op: "set-source", block: "a", source: "10" }], at: 0 });
  const written = shell.state.text;
  shell.do({ type: "edit", ops: [{ op: "set-source", block: "a", source: "100" }], at: 1 });
  const again = replay("a.md", shell.journal, written);
  expect([again.saved, again.text]).toEqual([written, shell.state.text]);
});
