import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { AssetDefinition } from "#graph/definition.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { Graph } from "#graph/graph.ts";
import { partsOn } from "#graph/run-engine.ts";
import { codeVersion, dataVersion } from "#graph/versions.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { InputFiles, StepOrder } from "#protocol/kernel-messages.ts";
import type { AssetRecord, AssetStatus, PartitionAttributes, Produced, Progress } from "#protocol/record.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";
import type { Sparing } from "#protocol/sparing.ts";

import type { Catalog } from "../catalog/catalog.ts";
import { KernelDeath, restarted } from "../kernels/kernel-death.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { findVersion, versionsOf } from "../versions.ts";
import { earlierResult } from "./earlier-result.ts";
import type { Origin } from "./earlier-result.ts";
import { holdLease } from "./hold-lease.ts";
import { inputFiles } from "./input-files.ts";

/** What carrying out a run needs of the workspace. */
export interface RunContext {
  readonly graph: Graph;
  readonly catalog: Catalog;
  readonly home: string;
  readonly software: string;
  readonly attributes: PartitionAttributes;
  /** Externals that are not there, by key: what needs them fails with this. */
  readonly absent: ReadonlyMap<AssetKey, ErrorInfo>;
  /** Why an asset may not be made by whoever started the run; null when it may. */
  readonly refusal: (asset: AssetKey) => ErrorInfo | null;
  /** A kernel for a step; for one that is tried with less, one that is its alone, and is ended after it. */
  kernel(sparing: Sparing | null): Promise<Kernel>;
  status(asset: AssetKey): AssetStatus;
  /** Name of the engine that the run chose for an asset instead of its cell's own; null: its own. */
  engineOf(definition: AssetDefinition): string | null;
  partsOf(definition: AssetDefinition): Readonly<Record<string, string>>;
  progress(asset: AssetKey, progress: Progress): void;
  /** A step waits for another run that makes the same; null: it does no longer. */
  waits(asset: AssetKey, other: RunId | null): void;
  /** Something was written down. */
  changed(): void;
  published(record: AssetRecord): Promise<void>;
}

export type RunEnd = "done" | "failed" | "cancelled";

/**
 * Makes the planned assets, upstream first: light ones beside others, of the rest one at a time, each of which takes
 * what memory there is. A step that turns out to be fresh is skipped, as is one that is held or disabled; a step below
 * a failed one is skipped; branches that do not depend on it go on. Never rejects for what a step did: that is in the log.
 */
export async function executeRun(
  run: RunId,
  steps: readonly AssetKey[],
  partition: PartitionKey,
  context: RunContext,
  signal: AbortSignal,
): Promise<RunEnd> {
  const course: Course = { failed: new Map(context.absent), cancelled: false };
  const ended = new Map<AssetKey, Promise<unknown>>();
  let heavy: Promise<unknown> = Promise.resolve();
  for (const asset of steps) {
    const definition = context.graph.assets.get(asset);
    if (definition === undefined) continue;
    const upstream = definition.inputs.flatMap((input) => ended.get(input) ?? []);
    const step = Promise.all(definition.light ? upstream : [...upstream, heavy]).then(() =>
      takeStep(definition, run, partition, course, context, signal),
    );
    if (!definition.light) heavy = step;
    ended.set(asset, step);
  }
  await Promise.all(ended.values());
  if (course.cancelled) return "cancelled";
  return steps.some((asset) => course.failed.has(asset) && !isTolerated(asset, steps, context.graph))
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
    context.catalog.append({ type: "step_failed", ...at, error: problem });
  } else if (cause !== undefined && broken.some((input) => context.absent.has(input))) {
    failed.set(asset, cause);
    context.catalog.append({ type: "step_failed", ...at, error: cause });
  } else if (cause !== undefined && !definition.tolerant) {
    failed.set(asset, cause);
    context.catalog.append({ type: "step_skipped", ...at, reason: "upstream_failed" });
  } else if (broken.length === 0 && state === "fresh") {
    context.catalog.append({ type: "step_skipped", ...at, reason: "unchanged" });
  } else {
    const error = await makeOne(definition, at, partition, failed, context, signal);
    if (error?.code === "cancelled") course.cancelled = true;
    else if (error !== null) failed.set(asset, error);
  }
  context.changed();
}

/** Whether everything in this run that reads an asset goes on without it: one broken module is no broken run. */
function isTolerated(asset: AssetKey, steps: readonly AssetKey[], graph: Graph): boolean {
  const readers = (graph.downstream.get(asset) ?? []).filter((reader) => steps.includes(reader));
  return readers.length > 0 && readers.every((reader) => graph.assets.get(reader)?.tolerant === true);
}

interface At {
  readonly run: RunId;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

/** Makes one asset under its lease and writes down what came of it. Returns the failure, null when it is made. */
async function makeOne(
  definition: AssetDefinition,
  at: At,
  partition: PartitionKey,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
  context: RunContext,
  signal: AbortSignal,
): Promise<ErrorInfo | null> {
  const { catalog, graph } = context;
  const lease = await holdLease(catalog.leases, `${at.asset} ${at.partition}`, at.run, signal, (other) => {
    context.waits(at.asset, other);
  }).catch(errorInfo);
  context.waits(at.asset, null);
  if ("code" in lease) {
    catalog.append({ type: "step_cancelled", ...at });
    return lease;
  }
  try {
    // Another run may have made it while we waited, or a person pinned it.
    const { state } = context.status(at.asset);
    if (state === "held" || (lease.waited && state === "fresh")) {
      catalog.append({ type: "step_skipped", ...at, reason: state === "held" ? state : "unchanged" });
      return null;
    }
    const madeAt = new Date().toISOString();
    const inputs = inputsOf(graph, definition, partition, context, failed);
    const engine = context.engineOf(definition);
    const parts = partsOn(definition, context.partsOf(definition), engine);
    const chosen = engine === null ? {} : { runEngine: engine };
    const origin: Origin = {
      asset: at.asset,
      partition: at.partition,
      codeVersion: codeVersion(definition.kind, parts),
      inputs: inputs.map(({ asset, partition: of, dataVersion: version }) => ({
        asset,
        partition: of,
        dataVersion: version,
      })),
    };
    const earlier = followsFromIts(definition, failed) ? earlierResult(catalog, context.home, origin) : null;
    if (earlier !== null) {
      const { seq: from, ...known } = earlier;
      const takenFrom = { seq: from, run: known.run, madeAt: known.madeAt };
      const record = { ...known, ...at, parts, madeAt, takenFrom };
      await conclude(record, at, context);
      return null;
    }
    catalog.append({ type: "step_started", ...at });
    context.changed();
    const order: StepOrder & { readonly run: RunId } = {
      ...at,
      kind: definition.kind,
      cell: { name: definition.key, ...definition.cell },
      attributes: context.attributes,
      inputs,
      earlier: earlierOf(graph, definition, partition, context),
      engine,
      absent: definition.inputs.flatMap((asset) => {
        const error = failed.get(asset);
        return error === undefined ? [] : [{ asset, error }];
      }),
      madeAt,
      staging: join(context.home, "staging", `${at.run}-${encodeURIComponent(at.asset)}`),
      objects: join(context.home, "objects"),
    };
    const produced = await perform(order, context, signal);
    const record = {
      ...produced,
      ...at,
      ...origin,
      inputs: [...origin.inputs, ...otherSide(definition, order.earlier)],
      parts,
      dataVersion: dataVersion(produced.files),
      bytes: produced.files.reduce((sum, file) => sum + file.bytes, 0),
      software: context.software,
      madeAt,
      ...chosen,
    };
    await conclude(record, at, context);
    return null;
  } catch (error) {
    const info = errorInfo(error);
    catalog.append(
      info.code === "cancelled"
        ? { type: "step_cancelled", ...at }
        : { type: "step_failed", ...at, error: info },
    );
    return info;
  } finally {
    lease.release();
  }
}

/** Writes a materialisation down, which moves the head, and shows its files. */
async function conclude(record: Omit<AssetRecord, "seq">, at: At, context: RunContext): Promise<void> {
  const seq = context.catalog.append({ type: "materialised", ...at, record });
  await context.published({ seq, ...record });
}

/** Whether the result follows from code and inputs alone: not from what failed, nor from what was there before. */
function followsFromIts(
  { inputs, earlier }: AssetDefinition,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
): boolean {
  return earlier === null && !inputs.some((input) => failed.has(input));
}

/**
 * A step whose kernel died by itself is tried once more in a new one: the death may not have been its doing. One that
 * did not fit into memory would not again, unless with less: once, in a kernel of its own.
 */
async function perform(
  order: StepOrder & { readonly run: RunId },
  context: RunContext,
  signal: AbortSignal,
): Promise<Produced> {
  const { run, asset, partition } = order;
  let sparing: Sparing | null = null;
  let isLost = false;
  for (;;) {
    const tried = sparing;
    const kernel = await context.kernel(tried);
    try {
      const reply = await kernel.request(
        { type: "step", step: order },
        { signal, progress: (progress) => context.progress(asset, progress) },
      );
      if (reply === null || !("produced" in reply))
        throw new Error("the kernel did not say what it produced");
      return reply.produced;
    } catch (error) {
      // What a dead kernel had begun to write it cannot remove.
      if (!kernel.alive) await removeStaged(order);
      if (signal.aborted)
        throw new WorkspaceError({ code: "cancelled", message: "stopped" }, { cause: error });
      const less = sparingFor(error);
      if (less !== null) {
        const named = namedByInput(error, order, tried, context.catalog);
        if (tried !== null) throw named;
        sparing = less;
        context.catalog.append({ type: "step_spared", run, asset, partition, error: named.info, sparing });
      } else if (error instanceof KernelDeath && !isLost) {
        isLost = true;
        context.catalog.append({ type: "step_lost", run, asset, partition, error: error.info });
      } else throw error;
      context.changed();
    } finally {
      if (tried !== null) kernel.kill(restarted());
    }
  }
}

/** With what a step that failed is worth another try; null when it was not for memory. */
function sparingFor(error: unknown): Sparing | null {
  if (!(error instanceof WorkspaceError)) return null;
  if (error instanceof KernelDeath) return error.kind === "memory" ? "memory" : null;
  // With a lower limit the engine would only give up sooner: what it cannot spill is what its threads work on.
  return error.info.code === "memory" ? "threads" : null;
}

async function removeStaged({ staging }: StepOrder): Promise<void> {
  for (const path of [staging, `${staging}.inputs`]) await rm(path, { recursive: true, force: true });
}

/** What did not fit, with the largest of its inputs, and whether it was tried with less. */
function namedByInput(
  error: unknown,
  { inputs }: StepOrder,
  sparing: Sparing | null,
  catalog: Catalog,
): WorkspaceError {
  const info = errorInfo(error);
  const sizes = inputs.map(({ asset, partition }) => {
    const head = catalog.head(asset, partition);
    return { asset, bytes: head?.kind === "record" ? head.record.bytes : 0 };
  });
  const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes);
  const words = [
    info.message,
    sparing === null ? null : SPARING_WORDS[sparing],
    largest === undefined || largest.bytes === 0
      ? null
      : `largest input: ${largest.asset}, ${(largest.bytes / 1e6).toFixed(0)} MB`,
  ];
  const message = words.filter((part) => part !== null).join("; ");
  return new WorkspaceError({ ...info, message }, { cause: error });
}

function inputsOf(
  graph: Graph,
  definition: AssetDefinition,
  partition: PartitionKey,
  context: RunContext,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
): InputFiles[] {
  return definition.inputs.flatMap((asset) => {
    if (failed.has(asset)) return [];
    const of = partitionOf(graph, asset, partition);
    const head = context.catalog.head(asset, of);
    if (head === null) return [];
    if (head.kind === "observation") {
      const { dataVersion: version, facts } = head.observation;
      return [{ asset, partition: of, dataVersion: version, files: {}, table: null, facts }];
    }
    return [inputFiles(head.record, context.home)];
  });
}

/** What was compared with, when it is of another sample: an input like the others, by whose version this goes stale. */
function otherSide({ earlier }: AssetDefinition, files: InputFiles | null): AssetRecord["inputs"] {
  if (files === null || earlier === null || earlier.sample === null) return [];
  const { asset, partition, dataVersion: version } = files;
  return [{ asset, partition, dataVersion: version, compared: true }];
}

/** @throws {WorkspaceError} `usage` for a version that there is not */
function earlierOf(
  graph: Graph,
  { earlier }: AssetDefinition,
  partition: PartitionKey,
  { catalog, home }: RunContext,
): InputFiles | null {
  if (earlier === null) return null;
  const asset = earlier.asset as AssetKey;
  const of = partitionOf(graph, asset, earlier.sample === null ? partition : parsePartition(earlier.sample));
  return inputFiles(findVersion(versionsOf(catalog, asset, of), earlier.version), home);
}
