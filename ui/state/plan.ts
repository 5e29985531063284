import type { AssetKey } from "#protocol/ids.ts";
import { MIB, bytes, counted, duration } from "#protocol/numerals.ts";
import { readBytes, storedBytes } from "#protocol/read-bytes.ts";
import type { ReadBytes } from "#protocol/read-bytes.ts";
import type { AssetView, Snapshot } from "#protocol/view.ts";

import type { CellState } from "./cell-state.ts";
import { wantsRun } from "./cell-state.ts";
import { depths, downstreamOf, upstreamOf } from "./depth.ts";

/** What a press of a Run button will do. */
export interface Plan {
  /** In an order in which they can run. */
  readonly assets: readonly AssetKey[];
  /** As the server reads it. */
  readonly selection: string;
  /** By what each took the last time; null when none has run yet. */
  readonly seconds: number | null;
  /** Most memory that a kernel held for one of them the last time, in MiB; null when none has run yet. */
  readonly peakMb: number | null;
  /** Of the inputs of each, as they stand now. */
  readonly reads: ReadBytes;
  /** Whether an asset of the plan has never run, so that the time is a lower bound. */
  readonly partial: boolean;
}

export interface Summary {
  readonly fresh: number;
  readonly stale: number;
  readonly failed: number;
  readonly missing: number;
  readonly running: number;
}

/** The assets that a notebook is about: those of its cells, those that its live SQL reads, and what they are made from. */
export function notebookAssets({ notebook, assets }: Snapshot): AssetView[] {
  const named = notebook.cells.flatMap((cell) => [cell.asset ?? [], cell.inputs ?? []].flat() as AssetKey[]);
  const above = upstreamOf(assets, ...named);
  return assets.filter((asset) => above.has(asset.key));
}

/** Everything that is missing, stale or failed. */
export function stalePlan(assets: readonly AssetView[], states: ReadonlyMap<AssetKey, CellState>): Plan {
  const wanted = assets.filter((asset) => wants(asset, states)).map((asset) => asset.key);
  return plan(assets, new Set(wanted), wanted.toSorted().join(" or "));
}

/** One asset with what it needs first. */
export function assetPlan(
  assets: readonly AssetView[],
  states: ReadonlyMap<AssetKey, CellState>,
  asset: AssetKey,
): Plan {
  const above = upstreamOf(assets, asset);
  const wanted = assets.filter((one) => above.has(one.key) && wants(one, states)).map((one) => one.key);
  return plan(assets, new Set(wanted), `+${asset}`);
}

/** One asset with what it needs, and everything that is made from it. */
export function belowPlan(
  assets: readonly AssetView[],
  states: ReadonlyMap<AssetKey, CellState>,
  asset: AssetKey,
): Plan {
  return cellsPlan(assets, states, downstreamOf(assets, asset));
}

/** Several assets with what they need; nothing that is fresh. */
export function cellsPlan(
  assets: readonly AssetView[],
  states: ReadonlyMap<AssetKey, CellState>,
  chosen: ReadonlySet<AssetKey>,
): Plan {
  const above = upstreamOf(assets, ...chosen);
  const wanted = assets.filter((one) => above.has(one.key) && wants(one, states)).map((one) => one.key);
  const asked = assets.filter((one) => chosen.has(one.key) && !one.external).map((one) => `+${one.key}`);
  return plan(assets, new Set(wanted), asked.toSorted().join(" or "));
}

/** Counts of what can be run; what is only observed, disabled, or shown as it was is in none. */
export function summarise(assets: readonly AssetView[], states: ReadonlyMap<AssetKey, CellState>): Summary {
  const summary = { fresh: 0, stale: 0, failed: 0, missing: 0, running: 0 };
  for (const asset of assets) {
    const name = asset.external ? undefined : states.get(asset.key)?.name;
    if (name === undefined || name === "disabled" || name === "past" || name === "absent") continue;
    if (name === "fresh" || name === "cached" || name === "observed" || name === "held") summary.fresh++;
    else if (name === "failed" || name === "killed") summary.failed++;
    else if (name.startsWith("stale")) summary.stale++;
    else if (
      name === "missing" ||
      name === "unknown" ||
      name === "cancelled" ||
      name === "blocked" ||
      name === "untrusted"
    ) {
      // A result of before that stands is not current, and was run.
      if (asset.record === null) summary.missing++;
      else summary.stale++;
    } else summary.running++;
  }
  return summary;
}

/** Assets of a plan that words name; the others are counted. */
const MOST_NAMED = 8;

/** `runs 4 assets, ≈ 38 s, ≈ 412 MB of memory, ≈ 2.1 GB to read: a, b, c, d`. */
export function planWords(plan: Plan): string {
  if (plan.assets.length === 0) return "everything it needs is fresh";
  const cost = costWords(plan);
  const memory = memoryWords(plan);
  const costs = [cost, memory, readWords(plan)]
    .filter((words) => words !== null)
    .map((words) => `, ${words}`);
  const what = `runs ${counted(plan.assets.length, "asset")}${costs.join("")}`;
  const more = plan.assets.length - MOST_NAMED;
  const names = plan.assets.slice(0, MOST_NAMED).join(", ");
  return `${what}: ${names}${more > 0 ? ` and ${more} more` : ""}`;
}

/** `≈ 1.2 s`, `> 1.2 s` when something has never run; null when nothing is known. */
export function costWords(plan: Plan): string | null {
  return plan.seconds === null ? null : `${plan.partial ? ">" : "≈"} ${duration(plan.seconds)}`;
}

/** `≈ 412 MB of memory`; null when nothing is known. */
export function memoryWords({ peakMb, partial }: Plan): string | null {
  return peakMb === null ? null : `${partial ? ">" : "≈"} ${bytes(peakMb * MIB)} of memory`;
}

/** `≈ 2.1 GB to read`; null when nothing is known. */
export function readWords({ reads }: Pick<Plan, "reads">): string | null {
  return reads.bytes === null ? null : `${reads.isPartial ? ">" : "≈"} ${bytes(reads.bytes)} to read`;
}

function wants(asset: AssetView, states: ReadonlyMap<AssetKey, CellState>): boolean {
  const state = states.get(asset.key);
  return !asset.external && state !== undefined && wantsRun(state);
}

function plan(assets: readonly AssetView[], wanted: ReadonlySet<AssetKey>, selection: string): Plan {
  const depth = depths(assets);
  const chosen = assets
    .filter((asset) => wanted.has(asset.key))
    .toSorted((a, b) => (depth.get(a.key) ?? 0) - (depth.get(b.key) ?? 0));
  const known = chosen.flatMap(({ record }) => record ?? []);
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  return {
    assets: chosen.map((asset) => asset.key),
    selection,
    seconds: known.length === 0 ? null : known.reduce((sum, { seconds }) => sum + seconds, 0),
    peakMb: known.length === 0 ? null : Math.max(...known.map(({ peakRssMb }) => peakRssMb)),
    reads: readBytes(
      chosen.map(({ upstream }) => upstream),
      (input) => storedBytes(byKey.get(input)?.record ?? null, byKey.get(input)?.observedBytes),
    ),
    partial: known.length < chosen.length,
  };
}
