/** Where the steps of a run stand on its time line. Pure. */
import type { RunView, StepView } from "#protocol/view.ts";

export interface Bar {
  readonly step: StepView;
  /** Part of the line, 0 to 1; null for a step that has not begun. */
  readonly place: { readonly left: number; readonly width: number } | null;
}

/** Seconds from the start of the run to its end, or to `now` (milliseconds) while it runs. */
export function runSeconds(run: RunView, now: number): number {
  const end = run.endedAt === null ? now : Date.parse(run.endedAt);
  return Math.max(0, (end - Date.parse(run.startedAt)) / 1000);
}

/** In the order of the run. A step that is too short to be seen is still a sliver. */
export function bars(run: RunView, now: number): Bar[] {
  const start = Date.parse(run.startedAt);
  const total = Math.max(runSeconds(run, now), 0.001);
  return run.steps.map((step) => {
    if (step.startedAt === null) return { step, place: null };
    const from = Math.min(total, Math.max(0, (Date.parse(step.startedAt) - start) / 1000));
    const seconds = step.seconds ?? (step.state === "running" ? total - from : 0);
    const width = Math.min(1, Math.max(0.004, seconds / total));
    return { step, place: { left: Math.min(from / total, 1 - width), width } };
  });
}
