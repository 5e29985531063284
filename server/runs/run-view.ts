import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { Progress } from "#protocol/record.ts";
import type { RunView, StepView } from "#protocol/view.ts";

import type { LoggedEvent } from "../catalog/events.ts";

/** How a run is at this moment; nothing of this is written down. */
export interface LiveFacts {
  /** How far its steps are, by asset. */
  readonly progress: ReadonlyMap<AssetKey, Progress>;
  /** When it was asked to stop. */
  readonly stopping: { readonly since: string | null };
  /** The runs that it waits for, and those that make what a step of it would. */
  readonly waiting: { readonly runs: readonly RunId[]; readonly steps: ReadonlyMap<AssetKey, RunId> };
}

const ENDED: LiveFacts = {
  progress: new Map(),
  stopping: { since: null },
  waiting: { runs: [], steps: new Map() },
};

/** A run as its events tell it, and while it goes on, how it is. */
export function runView(
  run: RunId,
  events: readonly LoggedEvent[],
  { progress: live, stopping, waiting }: LiveFacts = ENDED,
): RunView | null {
  const first = events[0];
  if (first?.event.type !== "run_started") return null;
  const { selection, engine, partition, kept } = first.event;
  const steps = new Map<string, Step>();
  for (const step of first.event.steps) steps.set(stepKey(step), { ...WAITING, ...step });
  let state: RunView["state"] = "running";
  let endedAt: string | null = null;
  for (const { at, event } of events) {
    if (event.type === "run_ended") [state, endedAt] = [event.state, at];
    else if (isStepEvent(event)) {
      const before = steps.get(stepKey(event)) ?? {
        ...WAITING,
        asset: event.asset,
        partition: event.partition,
      };
      steps.set(stepKey(event), advance(before, event, at));
    }
  }
  const views = [...steps.values()].map((step): StepView => {
    const progress = step.state === "running" ? (live.get(step.asset) ?? null) : null;
    const waitsFor = step.state === "pending" ? (waiting.steps.get(step.asset) ?? null) : null;
    return { ...step, progress, waitsFor };
  });
  return {
    id: run,
    selection,
    ...(engine === undefined ? {} : { engine }),
    partition,
    state,
    startedAt: first.at,
    endedAt,
    stoppingSince: state === "running" ? stopping.since : null,
    waitsFor: state === "running" ? waiting.runs : [],
    steps: views,
    ...(kept === undefined ? {} : { kept }),
  };
}

type Step = Omit<StepView, "progress" | "waitsFor">;
type StepEvent = Extract<
  LoggedEvent["event"],
  {
    type:
      | "step_started"
      | "step_lost"
      | "step_spared"
      | "step_skipped"
      | "step_failed"
      | "step_cancelled"
      | "materialised"
      | "withdrawn";
  }
>;

const WAITING = {
  state: "pending",
  reason: null,
  sparing: null,
  startedAt: null,
  seconds: null,
  error: null,
} as const;

function isStepEvent(event: LoggedEvent["event"]): event is StepEvent {
  return event.type.startsWith("step_") || event.type === "materialised" || event.type === "withdrawn";
}

function advance(step: Step, event: StepEvent, at: string): Step {
  const seconds = step.startedAt === null ? null : (Date.parse(at) - Date.parse(step.startedAt)) / 1000;
  switch (event.type) {
    case "step_started":
      return { ...step, state: "running", startedAt: at };
    case "step_lost":
      return step;
    case "step_spared":
      return { ...step, sparing: event.sparing };
    case "materialised": {
      const { takenFrom, seconds: took, engine } = event.record;
      const made = { ...step, state: "done", ...(engine === null ? {} : { engine }) } as const;
      return takenFrom === undefined ? { ...made, seconds: took } : { ...made, reason: "cached" };
    }
    case "withdrawn":
      return { ...step, state: "done" };
    case "step_skipped":
      return { ...step, state: "skipped", reason: event.reason };
    case "step_failed":
      // What was made is kept, also when its files could not be shown in the readable tree.
      return step.state === "done"
        ? { ...step, error: event.error }
        : { ...step, state: "failed", seconds, error: event.error };
    case "step_cancelled":
      return { ...step, state: "cancelled", seconds };
  }
}

function stepKey(step: { readonly asset: AssetKey; readonly partition: PartitionKey }): string {
  return `${step.asset} ${step.partition}`;
}
