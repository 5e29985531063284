import { describe, expect, test } from "vitest";

import type { ErrorInfo } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import { placeFrom, placeQuery } from "../../ui/shell/place.ts";
import type { CellState } from "../../ui/state/cell-state.ts";
import { cellState, cellStates, queueWords } from "../../ui/state/cell-state.ts";
import { initialState, reduce } from "../../ui/state/page-state.ts";
import { PERSON, asset, cell, key, record, run, snapshot, step } from "./views.ts";

const FAILURE: ErrorInfo = { code: "engine", message: "out of disk" };
const failedAsset = (name: string): AssetView =>
  asset(name, { status: { state: "failed", error: FAILURE, run: 1 } });
const ARRIVED = { rows: 12_000, log: ["chr1"] };
const TAKEN = { seq: 1, run: 3, madeAt: "2025-08-12T10:00:00Z" };
const stale = { state: "stale", causes: [{ kind: "code", asset: key("b") }] } as const;

function around(changes: Partial<Parameters<typeof cellState>[1]> = {}): Parameters<typeof cellState>[1] {
  return { assets: [], runs: [], stopping: new Set(), offline: false, ...changes };
}

describe("events", () => {
  const opened = reduce(initialState, { type: "snapshot", snapshot: snapshot({ assets: [asset("a")] }) });

  test("an event replaces what was known of its asset", () => {
    const event = { seq: 11, type: "asset", asset: asset("a", { status: stale }) } as const;
    const after = reduce(opened, { type: "workspace", event });
    expect(after.snapshot?.assets).toEqual([event.asset]);
    expect(after.snapshot?.seq).toBe(11);
  });

  test("an event that the snapshot already holds changes nothing", () => {
    const event = { seq: 10, type: "asset", asset: asset("a", { status: stale }) } as const;
    expect(reduce(opened, { type: "workspace", event }).snapshot).toEqual(opened.snapshot);
  });

  test("a dialog of one person does not stay over another's notebook", () => {
    const dialog = reduce(opened, { type: "overlay", overlay: { kind: "what-if", asset: key("a") } });
    const again = snapshot({ seq: 11, assets: [asset("a")] });
    expect(reduce(dialog, { type: "snapshot", snapshot: again }).overlay).toEqual(dialog.overlay);
    const other = { ...again, partition: "x/y" as PartitionKey };
    expect(reduce(dialog, { type: "snapshot", snapshot: other }).overlay).toBeNull();
    const elsewhere = { ...again, notebook: { ...again.notebook, path: "other.md" } };
    expect(reduce(dialog, { type: "snapshot", snapshot: elsewhere }).overlay).toBeNull();
  });

  test("what was refused of one person is not told beside another's", () => {
    const refused = reduce(opened, { type: "refused", place: "a", error: FAILURE });
    const again = snapshot({ seq: 11, assets: [asset("a")] });
    expect(reduce(refused, { type: "snapshot", snapshot: again }).refusals).toEqual({ a: FAILURE });
    const other = { ...again, partition: "x/y" as PartitionKey };
    expect(reduce(refused, { type: "snapshot", snapshot: other }).refusals).toEqual({});
  });

  test("an output that was folded is not folded in another notebook, and no cell is waited for there", () => {
    const folded = reduce(opened, { type: "output", cell: "a", shown: "folded" });
    const waiting = reduce(folded, { type: "expect", expecting: { cell: cell("new"), at: null } });
    const again = snapshot({ seq: 11, assets: [asset("a")] });
    const same = reduce(waiting, { type: "snapshot", snapshot: again });
    expect([same.outputViews, same.expecting]).toEqual([waiting.outputViews, waiting.expecting]);
    const elsewhere = { ...again, notebook: { ...again.notebook, path: "other.md" } };
    const other = reduce(waiting, { type: "snapshot", snapshot: elsewhere });
    expect([other.outputViews, other.expecting]).toEqual([{}, null]);
  });

  test("an asset of another person is not shown", () => {
    const other = asset("a", { partition: "x/y" as PartitionKey, status: stale });
    const after = reduce(opened, { type: "workspace", event: { seq: 11, type: "asset", asset: other } });
    expect(after.snapshot?.assets).toEqual(opened.snapshot?.assets);
  });

  test("an event that overtakes its snapshot is not lost", () => {
    const event = { seq: 12, type: "asset", asset: asset("a", { status: stale }) } as const;
    const early = reduce(opened, { type: "workspace", event });
    const late = snapshot({ seq: 11, assets: [asset("a")] });
    expect(reduce(early, { type: "snapshot", snapshot: late }).snapshot?.assets).toEqual([event.asset]);
  });

  test("a page that loses the server keeps what it showed, and the time since when", () => {
    const lost = reduce(opened, { type: "disconnected", at: 1000, retryAt: 1250 });
    const again = reduce(lost, { type: "disconnected", at: 2000, retryAt: 2500 });
    expect(again.snapshot).toBe(opened.snapshot);
    expect(again.connection).toEqual({ kind: "offline", since: 1000, retryAt: 2500, locked: false });
  });

  test("an edited notebook takes the place of the one that is shown, another notebook does not", () => {
    const edited = { ...snapshot().notebook, title: "B", revision: 2 };
    const other = { ...edited, path: "other.md" };
    const shown = reduce(opened, {
      type: "workspace",
      event: { seq: 11, type: "notebook", notebook: edited },
    });
    expect(shown.snapshot?.notebook.title).toBe("B");
    const kept = reduce(opened, { type: "workspace", event: { seq: 11, type: "notebook", notebook: other } });
    expect(kept.snapshot?.notebook.title).toBe("A");
  });

  test("a refusal stays where the action was taken until the next one there", () => {
    const refused = reduce(opened, { type: "refused", place: "a", error: FAILURE });
    expect(refused.refusals).toEqual({ a: FAILURE });
    expect(reduce(refused, { type: "asked", place: "a" }).refusals).toEqual({});
  });

  test("a run is no longer stopping once it has ended", () => {
    const running = reduce(opened, {
      type: "workspace",
      event: { seq: 11, type: "run", run: run(7, "running", []) },
    });
    const stopping = reduce(running, { type: "stopping", run: 7 });
    expect([...stopping.stopping]).toEqual([7]);
    const ended = { seq: 12, type: "run", run: run(7, "cancelled", []) } as const;
    expect(reduce(stopping, { type: "workspace", event: ended }).stopping.size).toBe(0);
  });
});

describe("the state of a cell", () => {
  const a = asset("a");
  const b = asset("b", { upstream: [key("a")] });
  const assets = [a, b];
  const atWork = run(1, "running", [
    step("a", { state: "running", progress: { phase: "reading" } }),
    step("b", { state: "pending" }),
  ]);

  test.each<[string, CellState["name"], Parameters<typeof cellState>]>([
    ["a fresh asset", "fresh", [a, around()]],
    [
      "a fresh asset that took over an earlier result",
      "cached",
      [asset("a", { record: record("a", { takenFrom: TAKEN }) }), around()],
    ],
    [
      "such an asset whose code changed since",
      "stale-code",
      [asset("b", { record: record("b", { takenFrom: TAKEN }), status: stale }), around()],
    ],
    ["something observed", "observed", [asset("x", { external: true }), around()]],
    [
      "something to observe that is not there",
      "missing",
      [asset("x", { external: true, status: { state: "unknown", upstream: key("x") } }), around()],
    ],
    [
      "an asset above which something is not there",
      "unknown",
      [asset("y", { status: { state: "unknown", upstream: key("x") } }), around()],
    ],
    ["an asset whose code changed", "stale-code", [asset("b", { status: stale }), around()]],
    ["an asset below it", "stale-input", [asset("c", { status: stale }), around()]],
    ["a running step", "running", [a, around({ assets, runs: [atWork] })]],
    [
      "a running step of which something is there",
      "streaming",
      [
        a,
        around({
          assets,
          runs: [
            run(1, "running", [step("a", { state: "running", progress: { phase: "", arrived: ARRIVED } })]),
          ],
        }),
      ],
    ],
    ["a step that waits", "queued", [b, around({ assets, runs: [atWork] })]],
    [
      "a run that was asked to stop",
      "stopping",
      [a, around({ assets, runs: [atWork], stopping: new Set([1]) })],
    ],
    ["a run behind a lost connection", "offline", [a, around({ assets, runs: [atWork], offline: true })]],
    ["a fresh asset behind a lost connection", "fresh", [a, around({ offline: true })]],
    ["a failed asset", "failed", [failedAsset("a"), around()]],
    [
      "a stopped step",
      "cancelled",
      [
        asset("a", { status: { state: "missing" } }),
        around({ runs: [run(1, "cancelled", [step("a", { state: "cancelled" })])] }),
      ],
    ],
    [
      "an asset made after it was stopped",
      "fresh",
      [a, around({ runs: [run(1, "cancelled", [step("a", { state: "cancelled" })])] })],
    ],
  ])("%s is %s", (_, name, [view, world]) => expect(cellState(view, world).name).toBe(name));

  test("a skipped step is blocked by the asset that failed, not by the one between", () => {
    const chain = [failedAsset("a"), b, asset("c", { upstream: [key("b")], status: { state: "missing" } })];
    const failed = run(1, "failed", [
      step("a", { state: "failed", error: FAILURE }),
      step("b", { state: "skipped", reason: "upstream_failed" }),
      step("c", { state: "skipped", reason: "upstream_failed" }),
    ]);
    const states = cellStates(around({ assets: chain, runs: [failed] }));
    expect(states.get(key("c"))).toEqual({ name: "blocked", upstream: key("a"), byCheck: false });
  });

  test.each<[string, Partial<AssetView>]>([
    ["edited", { status: { state: "missing" }, failedBefore: FAILURE }],
    ["made", { status: { state: "fresh" } }],
  ])("nothing is blocked by what failed and was %s since", (_, changes) => {
    const chain = [asset("a", changes), asset("b", { upstream: [key("a")], status: { state: "missing" } })];
    const failed = run(1, "failed", [
      step("a", { state: "failed", error: FAILURE }),
      step("b", { state: "skipped", reason: "upstream_failed" }),
    ]);
    const states = cellStates(around({ assets: chain, runs: [failed] }));
    expect(states.get(key("b"))).toEqual({ name: "missing" });
  });

  test("what was made without an input that failed blocks nothing: what did fail does", () => {
    const assets = [
      failedAsset("module"),
      asset("modules", { upstream: [key("module")] }),
      failedAsset("genome"),
      asset("matches", { upstream: [key("modules"), key("genome")], status: stale }),
    ];
    const steps = [
      step("module", { state: "failed" }),
      step("modules", { state: "done" }),
      step("genome", { state: "failed" }),
      step("matches", { state: "skipped", reason: "upstream_failed" }),
    ];
    const states = cellStates(around({ assets, runs: [run(1, "failed", steps)] }));
    expect(states.get(key("matches"))).toEqual({ name: "blocked", upstream: key("genome"), byCheck: false });
  });

  test("a step is blocked by a check, too, and says so", () => {
    const chain = [failedAsset("a"), asset("b", { upstream: [key("a")], status: { state: "missing" } })];
    const failed = run(1, "failed", [
      step("a", { state: "failed", error: FAILURE }),
      step("b", { state: "skipped", reason: "check_blocked" }),
    ]);
    const state = cellStates(around({ assets: chain, runs: [failed] })).get(key("b"));
    expect(state).toEqual({ name: "blocked", upstream: key("a"), byCheck: true });
  });

  test("a queued cell says its place and what it waits for", () => {
    const state = cellState(b, around({ assets, runs: [atWork] }));
    expect(state.name === "queued" && queueWords(state)).toBe("queued, next · waits for `a`");
  });

  test.each([
    ["its run", run(3, "running", [step("b")]), { waitsFor: [1, 2] }, "queued, next · waits for run 1 or 2"],
    [
      "another run that makes it",
      run(3, "running", [step("b", { waitsFor: 2 })]),
      {},
      "queued, next · waits for run 2",
    ],
  ])("a queued cell names the run that %s waits for", (_who, waiting, more, words) => {
    const state = cellState(b, around({ assets, runs: [{ ...waiting, ...more }] }));
    expect(state.name === "queued" && queueWords(state)).toBe(words);
  });

  test("a cell that is tried again with less says with what", () => {
    const again = run(1, "running", [step("a", { state: "running", sparing: "memory" })]);
    expect(cellState(a, around({ assets, runs: [again] }))).toMatchObject({
      name: "running",
      sparing: "memory",
    });
  });
});

test("the address keeps notebook, person and time, and what is no person is none", () => {
  const place = { notebook: "a.md", partition: PERSON, at: null };
  expect(placeQuery(place)).toBe("?notebook=a.md&partition=demo/genome");
  expect(placeFrom(placeQuery(place))).toEqual(place);
  const then = { ...place, at: "2026-11-22T14:02:00.000Z" };
  expect(placeFrom(placeQuery(then))).toEqual(then);
  expect(placeFrom("?partition=../x/y")).toEqual({ notebook: null, partition: null, at: null });
});
