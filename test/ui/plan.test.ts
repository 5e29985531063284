import { describe, expect, test } from "vitest";

import type { AssetKey, ObjectHash } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import type { CellState } from "../../ui/state/cell-state.ts";
import { cellStates } from "../../ui/state/cell-state.ts";
import {
  assetPlan,
  costWords,
  notebookAssets,
  planWords,
  readWords,
  stalePlan,
  summarise,
} from "../../ui/state/plan.ts";
import { asset, cell, key, notebook, record, snapshot } from "./views.ts";

const stale = { state: "stale", causes: [{ kind: "code", asset: key("b") }] } as const;

function statesOf(assets: readonly AssetView[]): ReadonlyMap<AssetKey, CellState> {
  return cellStates({ assets, runs: [], stopping: new Set(), offline: false });
}

describe("plans", () => {
  const assets = [
    asset("late", { upstream: [key("early")], status: stale }),
    asset("early", { upstream: [key("file")], status: { state: "missing" }, record: null }),
    asset("file", { external: true }),
    asset("good", {}),
  ];
  const states = statesOf(assets);

  test("what is stale runs in the order of the data, and the time is a lower bound when one never ran", () => {
    const plan = stalePlan(assets, states);
    expect(plan).toMatchObject({
      assets: ["early", "late"],
      selection: "early or late",
      seconds: 2,
      partial: true,
    });
    expect(costWords(plan)).toBe("> 2.0 s");
    expect(planWords(plan)).toBe("runs 2 assets, > 2.0 s, > 105 MB of memory: early, late");
  });

  test("what is read is what its inputs hold, and a lower bound where one of them is not known", () => {
    const file = { name: "made.parquet", hash: "0b" as ObjectHash, bytes: 3_000_000 };
    const table = record("made", { files: [file], bytes: file.bytes });
    const reading = (file: Partial<AssetView>): string | null => {
      const all = [
        asset("late", { upstream: [key("made"), key("file")], status: stale }),
        asset("made", { record: table }),
        asset("file", { external: true, record: null, ...file }),
      ];
      return readWords(stalePlan(all, statesOf(all)));
    };
    expect(reading({ observedBytes: 5_000_000 })).toBe("≈ 8.0 MB to read");
    expect(reading({})).toBe("> 3.0 MB to read");
    // A table that lies elsewhere, such as a reference in the cache.
    expect(reading({ external: false, record: { ...table, files: [] } })).toBe("> 3.0 MB to read");
    const plan = stalePlan([...assets.slice(0, 2), asset("file", { external: true, record: null })], states);
    expect(readWords(plan)).toBeNull();
  });

  test("a cell runs with what it needs, and says so when that is nothing", () => {
    expect(assetPlan(assets, states, key("early"))).toMatchObject({ assets: ["early"], selection: "+early" });
    expect(planWords(assetPlan(assets, states, key("good")))).toBe("everything it needs is fresh");
  });

  test("a notebook is about what its live SQL reads, too, and what that is made from", () => {
    const live = { ...cell("live"), asset: null, inputs: ["late", "another_live"] };
    const about = notebookAssets(snapshot({ notebook: notebook([live]), assets }));
    expect(about.map((one) => one.key)).toEqual(["late", "early", "file"]);
  });

  test("what was stopped or is blocked was run before where a result of before stands", () => {
    const some = [asset("a"), asset("b", { record: null }), asset("c")];
    const stopped: CellState = { name: "cancelled" };
    const all = new Map<AssetKey, CellState>([
      [key("a"), stopped],
      [key("b"), stopped],
      [key("c"), { name: "blocked", upstream: key("a"), byCheck: false }],
    ]);
    expect(summarise(some, all)).toEqual({ fresh: 0, stale: 2, failed: 0, missing: 1, running: 0 });
  });

  test("what is only observed is in no count", () => {
    expect(summarise(assets, states)).toEqual({ fresh: 1, stale: 1, failed: 0, missing: 1, running: 0 });
  });
});

test("a record of nothing is part of no plan's time", () => {
  const one = asset("a", { status: stale, record: record("a", { seconds: 0.4 }) });
  expect(costWords(stalePlan([one], statesOf([one])))).toBe("≈ 400 ms");
});
