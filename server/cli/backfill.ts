import * as z from "zod";

import type { AssetDefinition } from "#graph/definition.ts";
import { matchesGlob } from "#graph/glob.ts";
import { engineInstead, runEngine } from "#graph/run-engine.ts";
import type { RunEngine } from "#graph/run-engine.ts";
import { partitionOf } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import { counted, duration } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { RunView } from "#protocol/view.ts";

import { objectPath } from "../runs/published-tree.ts";
import type { RunOptions } from "../workspace.ts";
import { table } from "./format.ts";
import { endOfRun } from "./follow-run.ts";
import { kernelCall } from "./kernel-call.ts";
import { ENGINE_OPTION } from "./runs.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const PARAMETERS = z.strictObject({
  select: z.string(),
  /** Glob over keys of partitions, such as `anton/*`. */
  partitions: z.string(),
  engine: z.string().optional(),
});

interface BackfillResult {
  readonly partitions: readonly {
    readonly partition: PartitionKey;
    readonly run: RunId;
    readonly state: RunView["state"];
    /** Of the first step that failed. */
    readonly error: ErrorInfo | null;
  }[];
  /** Partitions that were removed before they were made. */
  readonly removed: readonly PartitionKey[];
  /** Joins that several partitions shared one pass over the reference for. */
  readonly shared: readonly {
    readonly asset: AssetKey;
    readonly samples: number;
    readonly seconds: number;
  }[];
  /** Joins whose pass for several partitions failed: each partition looked up for itself. */
  readonly alone: readonly { readonly asset: AssetKey; readonly error: ErrorInfo }[];
}

const TOGETHER = z.object({ samples: z.number(), seconds: z.number() });

/**
 * Makes a selection in many partitions, one run and one record each. What the partitions join with one reference
 * is looked up for all of them in one pass.
 */
export const backfill: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, BackfillResult>({
  name: "backfill",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("backfill")
      .description("make what is selected in many partitions, each with its own record")
      .requiredOption("--select <selection>", "such as user_annotated_vcf_duckdb")
      .requiredOption("--partitions <glob>", "such as 'anton/*'")
      .option(...ENGINE_OPTION)
      .action((options) => ask(options));
  },
  async run({ select, partitions, ...how }, scope) {
    const { workspace } = scope;
    const keys = matching(partitions, scope);
    const { graph } = await workspace.definitions();
    const selected = new Map<PartitionKey, readonly AssetKey[]>();
    for (const key of keys) {
      selected.set(key, await workspace.selected(select, await workspace.graphOf(key), key, scope.signal));
    }
    const targets = new Set([...selected.values()].flat());
    const engine = how.engine === undefined ? null : runEngine(how.engine, graph, [...targets]);
    const joins = [...graph.assets.values()].filter(({ key, kind }) => kind === "join" && targets.has(key));
    const shared: BackfillResult["shared"][number][] = [];
    const alone: BackfillResult["alone"][number][] = [];
    try {
      for (const join of joins) {
        const those = keys.filter((key) => selected.get(key)?.includes(join.key));
        if (those.length < 2) continue;
        try {
          const done = await joinTogether(join, those, engine, scope);
          if (done !== null) shared.push(done);
        } catch (error) {
          // What one pass has no room for, a partition by itself may have; and what ails all of them, each run says.
          if (scope.signal.aborted || !(error instanceof WorkspaceError)) throw error;
          alone.push({ asset: join.key, error: error.info });
        }
      }
      const views = await sideBySide(keys, scope, (partition) => carryOut(select, partition, how, scope));
      const runs = views.flatMap((view) => {
        if (view === null) return [];
        const { partition, id, state, steps } = view;
        const error = steps.find((step) => step.error !== null)?.error ?? null;
        return [{ partition, run: id, state, error }];
      });
      const removed = keys.filter((key) => !runs.some(({ partition }) => partition === key));
      return { partitions: runs, removed, shared, alone };
    } finally {
      await kernelCall("drop-joined", {}, { ...scope, signal: new AbortController().signal });
    }
  },
  failed: ({ partitions }) => partitions.some(({ state }) => state !== "done"),
  print: ({ partitions, removed, shared, alone }) =>
    [
      table(
        partitions.map(({ partition, run, state, error }) => [
          state,
          partition,
          `run ${run}`,
          error === null ? "" : error.message,
        ]),
      ),
      ...removed.map((key) => `${key} was removed meanwhile.`),
      ...shared.map(
        (one) => `${one.asset}: one pass for ${counted(one.samples, "sample")}, ${duration(one.seconds)}.`,
      ),
      ...alone.map(({ asset, error }) => `${asset}: one by one, as one pass failed: ${error.message}`),
    ].join("\n"),
});

function matching(glob: string, { workspace }: VerbScope): PartitionKey[] {
  const all = workspace.catalog.partitions.all().map(({ key }) => key);
  const keys = all.filter((key) => matchesGlob(glob, key));
  if (keys.length > 0) return keys;
  throw new WorkspaceError({
    code: "usage",
    message: `no partition matches ${glob}`,
    hint:
      all.length === 0
        ? "Add one: karyon partitions add USER/SAMPLE --vcf FILE"
        : `There are ${all.slice(0, 10).join(", ")}.`,
  });
}

/** Brings what a join reads up to date in every partition, and looks up all that are not fresh together. */
async function joinTogether(
  join: AssetDefinition,
  keys: readonly PartitionKey[],
  engine: RunEngine | null,
  scope: VerbScope,
): Promise<BackfillResult["shared"][number] | null> {
  const { workspace } = scope;
  const { graph } = await workspace.definitions();
  const [variants, reference] = join.inputs;
  if (variants === undefined || reference === undefined) return null;
  const samples = new Map<string, { path: string; hash: string }>();
  let facts: unknown = null;
  const made = await sideBySide(keys, scope, (partition) =>
    carryOut(`${variants}, ${reference}`, partition, engine === null ? {} : { engine }, scope),
  );
  for (const view of made) {
    if (view?.state !== "done") continue;
    const { partition } = view;
    if ((await workspace.statuses(partition, engine)).get(join.key)?.state === "fresh") continue;
    const record = (asset: AssetKey): AssetRecord | null =>
      workspace.catalog.versions.headRecord(asset, partitionOf(graph, asset, partition));
    const table = record(variants);
    const file = table?.files.find(({ name }) => name === table.table);
    facts = record(reference)?.facts ?? null;
    if (file === undefined || facts === null) continue;
    samples.set(file.hash, { path: objectPath(workspace.paths.home, file.hash), hash: file.hash });
  }
  if (samples.size < 2) return null;
  const cell = { name: join.key, ...join.cell };
  const request = {
    cell,
    samples: [...samples.values()],
    reference: facts,
    engine: engineInstead(join, engine?.name ?? null),
  };
  const done = TOGETHER.parse(await kernelCall("join-together", request, scope));
  return done.samples < 2 ? null : { asset: join.key, ...done };
}

/** Begins as many at a time as runs are carried out at once: a run that only waits says nothing, and is no use. */
async function sideBySide<Result>(
  keys: readonly PartitionKey[],
  { workspace }: VerbScope,
  work: (partition: PartitionKey) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Result>[] = [];
  let failed = false;
  const left = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of left) {
      if (failed) return;
      const result = work(key);
      results.push(result);
      await result.catch(() => (failed = true));
    }
  };
  await Promise.all(Array.from({ length: await workspace.kernels.runsAtOnce() }, worker));
  return Promise.all(results);
}

/** Null of a partition that was removed meanwhile. */
async function carryOut(
  select: string,
  partition: PartitionKey,
  how: Pick<RunOptions, "engine">,
  scope: VerbScope,
): Promise<RunView | null> {
  try {
    const live = await scope.workspace.startRun(select, partition, { signal: scope.signal, ...how });
    return await endOfRun(live, scope);
  } catch (error) {
    if (scope.workspace.catalog.partitions.get(partition) === null) return null;
    throw error;
  }
}
