import { describe, expect, test } from "vitest";

import type { ErrorInfo } from "#protocol/error.ts";

import { announcements } from "../../ui/state/announcements.ts";
import type { CellState } from "../../ui/state/cell-state.ts";
import { key, run, step } from "./views.ts";

const FAILURE: ErrorInfo = { code: "engine", message: "out of disk" };
const TAKEN = { seq: 1, run: 3, madeAt: "2025-08-12T10:00:00Z" };

describe("a screen reader", () => {
  const states = (a: CellState, b: CellState): Map<ReturnType<typeof key>, CellState> =>
    new Map([
      [key("a"), a],
      [key("b"), b],
    ]);
  const running: CellState = { name: "running", run: 1, progress: null, sparing: null };
  const streaming: CellState = {
    name: "streaming",
    run: 1,
    progress: { phase: "", fraction: 0.5 },
    sparing: null,
  };
  const queued: CellState = { name: "queued", run: 1, place: 1, waitsFor: null, behind: [] };
  const two = [step("a"), step("b")];

  test("is told how the cell with the focus is, what failed, and nothing else", () => {
    const before = { states: states(running, { name: "fresh" }), runs: [] };
    const now = { states: states({ name: "cached", from: TAKEN }, { name: "missing" }), runs: [] };
    expect(announcements(before, now, key("a"))).toEqual(["a finished"]);
    expect(announcements(before, now, key("b"))).toEqual(["b not yet run"]);
    expect(announcements(before, now, null)).toEqual([]);
    const failed = {
      states: states({ name: "killed", error: FAILURE }, { name: "failed", error: FAILURE }),
      runs: [],
    };
    expect(announcements(before, failed, null)).toEqual(["a failed: out of disk", "b failed: out of disk"]);
    const further = { states: states(streaming, { name: "fresh" }), runs: [] };
    expect(announcements(before, further, key("a"))).toEqual([]);
    const stopping: CellState = { name: "stopping", run: 1, since: null };
    const asked = { states: states(stopping, { name: "fresh" }), runs: [] };
    expect(announcements(asked, before, key("a"))).toEqual([]);
  });

  test("is told once where a run begins and ends, but not of what the cell with the focus tells", () => {
    const idle = { states: states({ name: "missing" }, { name: "missing" }), runs: [] };
    const atWork = { states: states(running, queued), runs: [run(1, "running", two)] };
    const done = { states: states({ name: "fresh" }, { name: "fresh" }), runs: [run(1, "done", two)] };
    expect(announcements(idle, atWork, null)).toEqual(["run 1 began: 2 steps"]);
    expect(announcements(idle, atWork, key("b"))).toEqual(["b queued"]);
    expect(announcements(atWork, atWork, null)).toEqual([]);
    expect(announcements(atWork, done, null)).toEqual(["run 1 finished"]);
    const failed = { ...done, runs: [run(1, "failed", two)] };
    expect(announcements(atWork, failed, null)).toEqual([]);
    const alone = { ...done, runs: [run(1, "done", [step("b")])] };
    expect(announcements(atWork, alone, key("b"))).toEqual(["b finished"]);
  });
});
