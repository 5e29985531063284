import { WHOLE } from "./ids.ts";
import { isBlocked } from "./view.ts";
import type { RunView, StepView } from "./view.ts";

/** Assets that are named one by one. */
const NAMED = 4;

/**
 * What came of a run that did not come to its end, one line each: what is made and stays, of what nothing was kept,
 * what was never begun. Empty while it runs, and of one that did all it was to do.
 */
export function endedWords({ state, steps }: Pick<RunView, "state" | "steps">): string[] {
  if (state === "running" || state === "done") return [];
  const made = steps.filter((step) => step.state === "done");
  const left = steps.filter(isLeft);
  const lost = steps.filter(
    (step) => ["failed", "cancelled", "running"].includes(step.state) && !isLeft(step),
  );
  const partitions = new Set(steps.map(({ partition }) => partition));
  partitions.delete(WHOLE);
  const several = partitions.size > 1;
  const name = (some: readonly StepView[]): string => named(some, several);
  return [
    made.length === 0 ? null : `${name(made)}: made, and kept.`,
    lost.length === 0 ? null : `${name(lost)}: nothing of this attempt is kept; what was there before is.`,
    left.length === 0 ? null : `${name(left)}: not begun.`,
  ].filter((line) => line !== null);
}

/** Whether a step of a run that has ended was still to come. */
function isLeft(step: StepView): boolean {
  const { state, startedAt } = step;
  if (state === "skipped") return isBlocked(step);
  return state === "pending" || (state === "cancelled" && startedAt === null);
}

function named(steps: readonly StepView[], several: boolean): string {
  const more = steps.length - NAMED;
  const names = steps
    .slice(0, NAMED)
    .map(({ asset, partition }) => (several && partition !== WHOLE ? `${asset} of ${partition}` : asset));
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
