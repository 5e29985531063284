import type { AssetDefinition } from "#graph/definition.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";

import { makeAsset } from "./make-asset.ts";
import type { RunContext } from "./run-context.ts";

export type RunEnd = "done" | "failed" | "cancelled";

/** An asset that a run was planned to make. */
export interface PlannedStep {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

/**
 * Makes the planned assets, upstream first: light ones beside others, of the rest one at a time, each of which takes
 * what memory there is. A step that turns out to be fresh is skipped, as is one that is held or disabled; a step below
 * a failed one is skipped; branches that do not depend on it go on. A step that no cell defines any more has failed. Never
 * rejects for what a step did: that is in the log.
 */
export async function executeRun(
  run: RunId,
  steps: readonly PlannedStep[],
  partition: PartitionKey,
  context: RunContext,
  signal: AbortSignal,
): Promise<RunEnd> {
  const course: Course = { failed: new Map(context.absent), cancelled: false };
  const ended = new Map<AssetKey, Promise<unknown>>();
  let heavy: Promise<unknown> = Promise.resolve();
  for (const { asset, partition: of } of steps) {
    const definition = context.graph.assets.get(asset);
    if (definition === undefined) {
      const error = gone(asset);
      course.failed.set(asset, error);
      context.catalog.append({ type: "step_failed", run, asset, partition: of, error, ofDefinition: true });
      continue;
    }
    const upstream = definition.inputs.flatMap((input) => ended.get(input) ?? []);
    const step = Promise.all(definition.light ? upstream : [...upstream, heavy]).then(() =>
      takeStep(definition, run, partition, course, context, signal),
    );
    if (!definition.light) heavy = step;
    ended.set(asset, step);
  }
  // What could not be written down of one stops the run, when nothing of it goes on.
  await Promise.allSettled(ended.values());
  await Promise.all(ended.values());
  if (course.cancelled) return "cancelled";
  return steps.some(({ asset }) => course.failed.has(asset) && !isTolerated(asset, context))
    ? "failed"
    : "done";
}

/** What became of the steps of a run so far. */
interface Course {
  readonly failed: Map<AssetKey, ErrorInfo>;
  cancelled: boolean;
}

/** Makes an asset, or writes down why it is not made. */
async function takeStep(
  definition: AssetDefinition,
  run: RunId,
  partition: PartitionKey,
  course: Course,
  context: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { failed } = course;
  const { key: asset } = definition;
  const at = { run, asset, partition: partitionOf(context.graph, asset, partition) };
  const problem = context.graph.problems.get(asset) ?? context.refusal(asset) ?? undefined;
  const { state } = context.status(asset);
  const broken = definition.inputs.filter((input) => failed.has(input));
  const cause = broken[0] === undefined ? undefined : failed.get(broken[0]);
  if (course.cancelled || signal.aborted) {
    course.cancelled = true;
    context.catalog.append({ type: "step_cancelled", ...at });
  } else if (state === "held" || state === "disabled") {
    context.catalog.append({ type: "step_skipped", ...at, reason: state });
  } else if (problem !== undefined) {
    failed.set(asset, problem);
    context.catalog.append({ type: "step_failed", ...at, error: problem, ofDefinition: true });
  } else if (cause !== undefined && broken.some((input) => context.absent.has(input))) {
    failed.set(asset, cause);
    context.catalog.append({ type: "step_failed", ...at, error: cause });
  } else if (cause !== undefined && !definition.tolerant) {
    failed.set(asset, cause);
    const reason = cause.code === "check" ? "check_blocked" : "upstream_failed";
    context.catalog.append({ type: "step_skipped", ...at, reason });
  } else if (broken.length === 0 && state === "fresh") {
    context.catalog.append({ type: "step_skipped", ...at, reason: "unchanged" });
  } else {
    const error = await makeAsset(definition, at, partition, failed, context, signal);
    if (error?.code === "cancelled") course.cancelled = true;
    else if (error !== null) failed.set(asset, error);
  }
  context.changed();
}

function gone(asset: AssetKey): ErrorInfo {
  return {
    code: "asset",
    message: `no cell defines ${asset} any more`,
    hint: "It was deleted or renamed while the run waited: undo that, or run what is there.",
  };
}

/** Whether all that the run is for and that reads an asset goes on without it: one broken module is no broken run. */
function isTolerated(asset: AssetKey, { graph, wanted }: RunContext): boolean {
  const readers = (graph.downstream.get(asset) ?? []).filter((reader) => wanted.has(reader));
  return readers.length > 0 && readers.every((reader) => graph.assets.get(reader)?.tolerant === true);
}
