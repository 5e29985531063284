import { expect, test } from "vitest";

import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import {
  PRESENT,
  asItWas,
  isPresent,
  notThereYet,
  withVersion,
  withoutVersion,
} from "../../ui/state/past.ts";
import type { Past } from "../../ui/state/past.ts";
import { cellState } from "../../ui/state/cell-state.ts";
import type { Surroundings } from "../../ui/state/cell-state.ts";
import { asset, record, snapshot } from "./views.ts";

const THEN = "2026-11-22T14:02:00.000Z";

test("assets are shown with the record that stood, and say that they are as they were", () => {
  const [now, other] = [asset("a", { record: record("a", { run: 2 }) }), asset("b", { record: record("b") })];
  const past = withVersion(PRESENT, record("a", { run: 1 }));
  const shown = asItWas(snapshot({ assets: [now, other] }), past).assets;
  expect(shown[0]).toMatchObject({ past: true, record: { run: 1 } });
  expect(shown[1]).toBe(other);
  expect(cellState(shown[0] ?? now, around(shown))).toEqual({ name: "past" });
  expect(isPresent(withoutVersion(past, "a" as AssetKey))).toBe(true);
});

test("a record of another sample is not shown for this one", () => {
  const now = asset("a", { record: record("a") });
  const past = withVersion(PRESENT, record("a", { partition: "someone/else" as PartitionKey }));
  expect(asItWas(snapshot({ assets: [now] }), past).assets).toEqual([now]);
});

test("a notebook at a time has its own cells and assets, says what was not there yet, and one step leads back", () => {
  const page = snapshot({ assets: [asset("newer", { record: record("newer") })] });
  const absent = asset("a", { record: null, past: true });
  const notebook = { ...page.notebook, cells: [cellOf("a")], at: THEN };
  const past: Past = { ...PRESENT, whole: { at: THEN, kept_by: 3, notebook, assets: [absent] } };
  const shown = asItWas(page, past);
  expect(shown.notebook).toBe(notebook);
  expect(shown.assets).toEqual([absent]);
  expect(cellState(absent, around(shown.assets))).toEqual({ name: "absent" });
  expect(notThereYet(shown)).toEqual(["a"]);
  expect(withoutVersion(past, absent.key)).toBe(PRESENT);
});

test("a notebook that was not there yet has no cells, not those of now", () => {
  const page = snapshot({ assets: [] });
  const now = { ...page, notebook: { ...page.notebook, cells: [cellOf("a")] } };
  const past: Past = { ...PRESENT, whole: { at: THEN, kept_by: 3, notebook: null, assets: [] } };
  expect(asItWas(now, past).notebook).toMatchObject({ cells: [], at: THEN });
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
