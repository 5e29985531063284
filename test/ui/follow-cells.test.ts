import { describe, expect, test } from "vitest";

import type { CellView } from "#protocol/view.ts";

import { changedCell, followCells } from "../../ui/state/follow-cells.ts";
import { initialState, reduce } from "../../ui/state/page-state.ts";
import { selectedCells } from "../../ui/state/selection.ts";
import { cell, notebook, prose, snapshot } from "./views.ts";

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

  test.each([
    ["came back", [...before.slice(0, 1), cell("x"), ...before.slice(1)], "x"],
    ["has another text", [cell("a"), { ...cell("b"), source: "select 2" }, cell("c")], "b"],
    ["has another name", [cell("a"), cell("beta"), cell("c")], "beta"],
    ["moved", [cell("b"), cell("a"), cell("c")], "b"],
    ["only went", before.slice(1), null],
  ])("what a change is seen by: a cell that %s", (_what, after, changed) => {
    expect(changedCell(before, after)?.id ?? null).toBe(changed);
  });

  test("words with other blank lines around them are not what changed", () => {
    const after = [prose("q", "\nWords.\n\n"), cell("x"), cell("a")];
    expect(changedCell([prose("p", "\nWords.\n"), cell("a")], after)?.id).toBe("x");
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
    state = reduce(state, { type: "expect", expecting: { at: { line: 1, column: 1 }, cell: cell("d") } });
    // One that came from another page meanwhile is not it.
    state = reduce(state, change([cell("a"), cell("other"), cell("c")], first.seq + 3));
    expect(at(state)).toEqual({ focused: "c", editing: null });
    state = reduce(state, change([cell("a"), cell("other"), cell("c"), cell("d")], first.seq + 4));
    expect(at(state)).toEqual({ focused: "d", editing: "d" });
  });

  test("of several cells that go, the focus goes to the next one; they are not selected when they come back", () => {
    const cells = ["a", "b", "c", "d", "e", "f"].map((id) => cell(id));
    const first = snapshot({ notebook: notebook(cells) });
    const change = (now: readonly CellView[], seq: number) =>
      ({ type: "workspace", event: { seq, type: "notebook", notebook: notebook(now, seq) } }) as const;
    let state = reduce(initialState, { type: "snapshot", snapshot: first });
    state = reduce(state, { type: "focus", cell: "b" });
    state = reduce(state, { type: "focus", cell: "d", extend: true });
    expect(selectedCells(state).map(({ id }) => id)).toEqual(["b", "c", "d"]);
    const left = cells.filter(({ id }) => !"bcd".includes(id));
    state = reduce(state, change(left, first.seq + 1));
    expect(state.focusedCell).toBe("e");
    state = reduce(state, change(cells, first.seq + 2));
    expect(selectedCells(state).map(({ id }) => id)).toEqual(["e"]);
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
});
