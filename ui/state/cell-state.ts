import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, Progress, StaleCause } from "#protocol/record.ts";
import type { Sparing } from "#protocol/sparing.ts";
import { isBlocked } from "#protocol/view.ts";
import type { AssetView, RunView, StepView } from "#protocol/view.ts";
import { waitWords } from "#protocol/wait-words.ts";

import type { StaleKind } from "../words/cause.ts";
import { staleKind } from "../words/cause.ts";
import { ordinal } from "../words/numbers.ts";
import { upstreamOf } from "./depth.ts";

/** The state of an asset as its cell shows it: one of the rows of the table of states, with what it needs. */
export type CellState =
  /** `erased`: it was there, and what it was made from was erased. */
  | { readonly name: "missing"; readonly erased?: true }
  | { readonly name: "fresh" }
  /** As fresh, and an earlier result was taken over instead of computing it again. */
  | { readonly name: "cached"; readonly from: NonNullable<AssetRecord["takenFrom"]> }
  | { readonly name: "observed" }
  | { readonly name: StaleKind; readonly causes: readonly StaleCause[] }
  | { readonly name: "held"; readonly behind: number; readonly causes: readonly StaleCause[] }
  | { readonly name: "disabled"; readonly by: AssetKey }
  | { readonly name: "unknown"; readonly upstream: AssetKey }
  | {
      readonly name: "queued";
      readonly run: RunId;
      readonly place: number;
      readonly waitsFor: AssetKey | null;
      /** Runs of which one must end first: before this run has a turn, or because it makes the same. */
      readonly behind: readonly RunId[];
    }
  | {
      readonly name: "running";
      readonly run: RunId;
      readonly progress: Progress | null;
      readonly sparing: Sparing | null;
    }
  /** Rows of the result, or lines that it writes, are there before the end. */
  | {
      readonly name: "streaming";
      readonly run: RunId;
      readonly progress: Progress;
      readonly sparing: Sparing | null;
    }
  /** `since`: when it was asked to, ISO 8601; null until the server has said so. */
  | { readonly name: "stopping"; readonly run: RunId; readonly since: string | null }
  | { readonly name: "offline" }
  | { readonly name: "cancelled" }
  | { readonly name: "failed"; readonly error: ErrorInfo }
  /** The kernel that made it is gone: out of memory, by a signal, by its own end. */
  | { readonly name: "killed"; readonly error: ErrorInfo }
  /** `byCheck`: the table upstream does not hold to its check. */
  | { readonly name: "blocked"; readonly upstream: AssetKey; readonly byCheck: boolean }
  | { readonly name: "untrusted" }
  /** Shown as it was; `absent`: there was none yet. */
  | { readonly name: "past" | "absent" };

export type StateName = CellState["name"];

/** What a state is beside its colour: a mark and a word. `tone` names the colour. */
export interface StateLook {
  readonly word: string;
  readonly tone: "fresh" | "cached" | "stale" | "failed" | "running" | "quiet";
}

export const STATE_LOOKS: Readonly<Record<StateName, StateLook>> = {
  missing: { word: "not yet run", tone: "quiet" },
  fresh: { word: "fresh", tone: "fresh" },
  cached: { word: "from cache", tone: "cached" },
  observed: { word: "observed", tone: "fresh" },
  "stale-code": { word: "stale", tone: "stale" },
  "stale-input": { word: "stale", tone: "stale" },
  "stale-software": { word: "stale", tone: "stale" },
  held: { word: "held", tone: "running" },
  disabled: { word: "disabled", tone: "quiet" },
  unknown: { word: "waiting", tone: "quiet" },
  queued: { word: "queued", tone: "running" },
  running: { word: "running", tone: "running" },
  streaming: { word: "streaming", tone: "running" },
  stopping: { word: "stopping", tone: "running" },
  offline: { word: "not seen", tone: "quiet" },
  cancelled: { word: "stopped", tone: "stale" },
  failed: { word: "failed", tone: "failed" },
  killed: { word: "kernel died", tone: "failed" },
  blocked: { word: "blocked", tone: "failed" },
  untrusted: { word: "not run", tone: "stale" },
  past: { word: "as it was", tone: "running" },
  absent: { word: "not there yet then", tone: "quiet" },
};

/** What the state of a cell is decided from. */
export interface Surroundings {
  readonly assets: readonly AssetView[];
  /** The latest first. */
  readonly runs: readonly RunView[];
  readonly stopping: ReadonlySet<RunId>;
  readonly offline: boolean;
}

/**
 * A step of a running run says more than the asset's status; what the last run says of a step that gave
 * nothing (stopped, blocked) holds until the asset is made or changes its mind.
 */
export function cellState(asset: AssetView, around: Surroundings): CellState {
  if (asset.past === true)
    return { name: asset.record === null && asset.observed === null ? "absent" : "past" };
  const found = lastStep(asset, around.runs);
  if (found?.run.state === "running" && (found.step.state === "running" || found.step.state === "pending")) {
    return active(found.run, found.step, around);
  }
  const { status } = asset;
  switch (status.state) {
    case "failed":
      return {
        name: status.error.code === "killed" ? "killed" : "failed",
        error: status.error,
      };
    case "running":
      // The run that holds it is older than the runs we were told of.
      return around.offline
        ? { name: "offline" }
        : { name: "running", run: status.run, progress: null, sparing: null };
    case "untrusted":
      return { name: "untrusted" };
    case "fresh":
      if (asset.external) return { name: "observed" };
      return asset.record?.takenFrom === undefined
        ? { name: "fresh" }
        : { name: "cached", from: asset.record.takenFrom };
    case "held":
      return { name: "held", behind: status.behind, causes: status.causes };
    case "disabled":
      return { name: "disabled", by: status.by };
    case "unknown":
      return status.upstream === asset.key
        ? { name: "missing" }
        : { name: "unknown", upstream: status.upstream };
    case "missing":
    case "stale": {
      if (found !== null && isBlocked(found.step)) {
        const root = failedAbove(asset, found.run, around.assets);
        const byCheck = found.step.reason === "check_blocked";
        if (root !== null) return { name: "blocked", upstream: root, byCheck };
      }
      if (found?.step.state === "cancelled") return { name: "cancelled" };
      if (status.state === "missing")
        return status.because === "erased" ? { name: "missing", erased: true } : { name: "missing" };
      return { name: staleKind(status.causes, asset.key), causes: status.causes };
    }
  }
}

/** The state of every asset. */
export function cellStates(around: Surroundings): Map<AssetKey, CellState> {
  return new Map(around.assets.map((asset) => [asset.key, cellState(asset, around)]));
}

/** Whether what is shown is the newest there is to show, made of what stands now. */
export function isCurrent({ name }: CellState): boolean {
  return name === "fresh" || name === "cached";
}

export function isRunning(state: CellState): state is CellState & { name: "running" | "streaming" } {
  return state.name === "running" || state.name === "streaming";
}

/** Whether a run has still to come to it or to its end; of one that is not seen, it had when it last was. */
export function isAtWork(state: CellState): boolean {
  return isRunning(state) || ["queued", "stopping", "offline"].includes(state.name);
}

/** Whether a person would want it run. */
export function wantsRun(state: CellState): boolean {
  return (
    state.name === "missing" ||
    state.name === "failed" ||
    state.name === "killed" ||
    state.name === "blocked" ||
    state.name === "cancelled" ||
    state.name.startsWith("stale")
  );
}

/** The run that a Stop on this cell stops; null when nothing runs for it. */
export function stoppableRun(state: CellState): RunId | null {
  return state.name === "queued" || isRunning(state) ? state.run : null;
}

/** `queued 2nd · waits for …` */
export function queueWords(state: CellState & { name: "queued" }): string {
  const place = state.place <= 1 ? "queued, next" : `queued ${ordinal(state.place)}`;
  if (state.behind.length > 0) return `${place} · ${waitWords(state.behind)}`;
  return state.waitsFor === null ? place : `${place} · waits for \`${state.waitsFor}\``;
}

interface FoundStep {
  readonly run: RunView;
  readonly step: StepView;
}

function lastStep(asset: AssetView, runs: readonly RunView[]): FoundStep | null {
  for (const run of runs) {
    const step = run.steps.find((one) => one.asset === asset.key && one.partition === asset.partition);
    if (step !== undefined) return { run, step };
  }
  return null;
}

function active(run: RunView, step: StepView, around: Surroundings): CellState {
  if (around.offline) return { name: "offline" };
  if (run.stoppingSince !== null || around.stopping.has(run.id)) {
    return { name: "stopping", run: run.id, since: run.stoppingSince };
  }
  if (step.state === "running") {
    const { progress, sparing } = step;
    return progress?.arrived === undefined
      ? { name: "running", run: run.id, progress, sparing }
      : { name: "streaming", run: run.id, progress, sparing };
  }
  const waiting = run.steps.filter((one) => one.state === "pending");
  const running = run.steps.filter((one) => one.state === "running").map((one) => one.asset);
  const above = upstreamOf(around.assets, step.asset);
  return {
    name: "queued",
    run: run.id,
    place: waiting.indexOf(step) + 1,
    waitsFor: running.find((key) => above.has(key)) ?? running[0] ?? null,
    behind: step.waitsFor === null ? run.waitsFor : [step.waitsFor],
  };
}

/**
 * The failed step that holds an asset up: found through steps that gave nothing, as one that was made without a failed
 * input holds nothing up.
 */
function failedAbove(asset: AssetView, run: RunView, assets: readonly AssetView[]): AssetKey | null {
  const known = new Map(assets.map((one) => [one.key, one]));
  const way = new Set([asset]);
  for (const { upstream } of way) {
    for (const name of upstream) {
      const input = known.get(name);
      const step = run.steps.find((one) => one.asset === name && one.partition === input?.partition);
      // It may have been made since, or edited, and then nobody knows.
      if (step?.state === "failed" && input?.status.state === "failed") return name;
      if (input !== undefined && step !== undefined && isBlocked(step)) way.add(input);
    }
  }
  return null;
}
