import type { AssetDefinition } from "#graph/definition.ts";
import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { EngineChoice } from "#protocol/kernel-messages.ts";
import type { AssetRecord, AssetStatus, Observation } from "#protocol/record.ts";
import type { AssetView, OutputKind, RunView } from "#protocol/view.ts";

/** What is known of one asset besides its definition. */
export interface AssetFacts {
  readonly status: AssetStatus;
  readonly held: boolean;
  readonly record: AssetRecord | null;
  /** Whether there is a version before it. */
  readonly earlier: boolean;
  readonly observation: Observation | null;
  /** How the last try failed, when nothing has succeeded since. */
  readonly failure: LastFailure | null;
  /** False when its notebook is not trusted. */
  readonly mayRun: boolean;
}

export interface LastFailure {
  readonly status: Extract<AssetStatus, { state: "failed" }>;
  /** False when what it failed with was edited since: whether that fails too nobody knows before it is run. */
  readonly isOfNow: boolean;
}

/**
 * One asset as its cell shows it. What happens now comes before what is written down: running, then not trusted, then a static
 * error, then the last failure, then stale and its causes.
 */
export function assetView(
  graph: Graph,
  key: AssetKey,
  partition: PartitionKey,
  facts: AssetFacts,
  runs: readonly RunView[],
): AssetView {
  const definition = graph.assets.get(key);
  const at = partitionOf(graph, key, partition);
  const status = shownStatus(graph, key, at, facts, runs);
  const { failure } = facts;
  const isOfBefore = failure?.isOfNow === false && (status.state === "missing" || status.state === "stale");
  return {
    key,
    partition: at,
    kind: definition?.kind ?? "",
    external: definition?.external ?? false,
    upstream: definition?.inputs ?? [],
    downstream: graph.downstream.get(key) ?? [],
    notebook: definition?.place.notebook ?? null,
    status,
    ...(isOfBefore ? { failedBefore: failure.status.error } : {}),
    held: facts.held,
    record: facts.record,
    earlier: facts.earlier,
    observed: facts.observation?.summary ?? null,
    ...(facts.observation?.bytes === undefined ? {} : { observedBytes: facts.observation.bytes }),
    output: outputOf(definition, facts.record),
    ...enginesOf(definition?.engine ?? null),
  };
}

/** Of a text that cannot be read it is not known what it gives: then it is what it gave before. */
function outputOf(definition: AssetDefinition | undefined, record: AssetRecord | null): OutputKind {
  if (definition === undefined) return "none";
  if (definition.error === null || definition.output !== "none" || record === null) return definition.output;
  if (record.table !== null) return "table";
  return definition.kind === "report" ? "report" : "none";
}

function enginesOf(choice: EngineChoice | null): Pick<AssetView, "engines"> {
  if (choice === null) return {};
  const others = Object.keys(choice.versions).filter((name) => name !== choice.own);
  return { engines: [choice.own, ...others] };
}

function shownStatus(
  graph: Graph,
  key: AssetKey,
  partition: PartitionKey,
  facts: AssetFacts,
  runs: readonly RunView[],
): AssetStatus {
  for (const run of runs) {
    const step = run.steps.find((one) => one.asset === key && one.partition === partition);
    if (run.state === "running" && step?.state === "running") return { state: "running", run: run.id };
  }
  const external = graph.assets.get(key)?.external === true;
  if (!facts.mayRun && !external && !isSettled(facts.status)) return { state: "untrusted" };
  const problem = graph.problems.get(key);
  if (problem !== undefined) return { state: "failed", error: problem, run: 0 };
  return lastStatus(facts);
}

/**
 * A failure is shown until something was made after it, or what failed was edited; what does not run does not fail. What
 * stands outside, and was not there when it was looked at last, has a version of before.
 */
export function lastStatus({ status, failure }: Pick<AssetFacts, "status" | "failure">): AssetStatus {
  if (failure?.status.run === 0 && status.state === "fresh") return failure.status;
  return failure === null || !failure.isOfNow || isSettled(status) ? status : failure.status;
}

/** Whether there is nothing to be made. */
function isSettled({ state }: AssetStatus): boolean {
  return state === "fresh" || state === "held" || state === "disabled";
}
