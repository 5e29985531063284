import { expect, test } from "vitest";

import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import {
  PRESENT,
  asItWas,
  isPresent,
  notThereYet,
  pastOf,
  withVersion,
  withoutVersion,
} from "../../ui/state/past.ts";
import { cellState } from "../../ui/state/cell-state.ts";
import type { Surroundings } from "../../ui/state/cell-state.ts";
import { asset, record, snapshot } from "./views.ts";

const THEN = "2026-11-22T14:02:00.000Z";

test("assets are shown with the record that stood, and say that they are as they were", () => {
  const [now, other] = [asset("a", { record: record("a", { run: 2 }) }), asset("b", { record: record("b") })];
  const past = withVersion(PRESENT, record("a", { run: 1 }));
  const shown = asItWas([now, other], past);
  expect(shown[0]).toMatchObject({ past: true, record: { run: 1 } });
  expect(shown[1]).toBe(other);
  expect(cellState(shown[0] ?? now, around(shown))).toEqual({ name: "past" });
  expect(isPresent(withoutVersion(past, "a" as AssetKey))).toBe(true);
});

test("a record of another sample is not shown for this one", () => {
  const now = asset("a", { record: record("a") });
  const past = withVersion(PRESENT, record("a", { partition: "someone/else" as PartitionKey }));
  expect(asItWas([now], past)).toEqual([now]);
});

test("of a notebook at a time, what was not there yet says so, and one step leads back to all of it", () => {
  const now = asset("a", { record: record("a") });
  const past = pastOf({
    at: THEN,
    assets: [{ asset: now.key, partition: now.partition, record: null, observed: null }],
  });
  const shown = asItWas([now], past);
  expect(cellState(shown[0] ?? now, around(shown))).toEqual({ name: "absent" });
  const page = snapshot({ assets: shown });
  expect(notThereYet({ ...page, notebook: { ...page.notebook, cells: [cellOf("a")] } })).toEqual(["a"]);
  expect(withoutVersion(past, now.key)).toBe(PRESENT);
});

function around(assets: readonly AssetView[]): Surroundings {
  return { assets, runs: [], stopping: new Set(), offline: false };
}

function cellOf(key: string): ReturnType<typeof snapshot>["notebook"]["cells"][number] {
  return {
    id: key,
    name: key,
    language: "sql",
    kind: "sql",
    source: "",
    attributes: {},
    inputs: [],
    asset: key as AssetKey,
    error: null,
    disabledBy: null,
  };
}
