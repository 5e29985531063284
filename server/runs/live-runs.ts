import { setMaxListeners } from "node:events";

import type { Graph } from "#graph/graph.ts";
import { engineInstead } from "#graph/run-engine.ts";
import type { RunEngine } from "#graph/run-engine.ts";
import { statusOf } from "#graph/staleness.ts";
import type { Known } from "#graph/staleness.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetStatus, PartitionAttributes, Progress } from "#protocol/record.ts";
import type { KeptOn } from "#protocol/view.ts";

import type { Catalog } from "../catalog/catalog.ts";
import type { Definitions } from "../definitions.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { makeFolder } from "../make-folder.ts";
import type { PastNotebooks } from "../past-notebooks.ts";
import { requirePartition } from "../require-partition.ts";
import type { WorkspacePaths } from "../workspace-paths.ts";
import { executeRun } from "./execute-run.ts";
import type { PlannedStep } from "./execute-run.ts";
import { releaseLease } from "./hold-lease.ts";
import { clearStaging, endFailed, endInterrupted, runLease } from "./interrupted.ts";
import { refusalOf } from "./may-run.ts";
import { publish } from "./published-tree.ts";
import { RunQueue } from "./run-queue.ts";
import type { LiveFacts } from "./run-view.ts";

/** A run that this process carries out. */
export interface LiveRun extends LiveFacts {
  readonly id: RunId;
  readonly partition: PartitionKey;
  /** Settles when the run has ended and that is written down; rejects when it cannot be, as on a full disk. */
  readonly ended: Promise<void>;
}

/** What a run is to do, as that was found when it was started. */
export interface PlannedRun {
  /** What was asked for. */
  readonly selection: string;
  readonly partition: PartitionKey;
  readonly steps: readonly PlannedStep[];
  /** What was selected and all that it is made from: the steps, and what stays as it is. */
  readonly wanted: ReadonlySet<AssetKey>;
  /** Externals that are not there. */
  readonly absent: ReadonlyMap<AssetKey, ErrorInfo>;
  readonly engine: RunEngine | null;
  /** Of what was selected and stays, that on the engine of the run; without one, that of which an earlier run chose the engine. */
  readonly kept: readonly KeptOn[];
  readonly trustedOnly: boolean;
}

/** What carrying runs out needs of their workspace. */
export interface RunsPlace {
  readonly paths: Pick<WorkspacePaths, "home" | "output">;
  readonly software: string;
  readonly catalog: Catalog;
  readonly kernels: Kernels;
  readonly past: Pick<PastNotebooks, "keep">;
  definitions(): Promise<Definitions>;
  standing(graph: Graph, partition: PartitionKey): Graph;
  known(): Known;
  attributes(partition: PartitionKey): PartitionAttributes;
}

/** How often to check whether the process of a run is still alive. */
const LOOK_MS = 500;

/** What is known of a run while it is carried out, as that is written. */
interface Carried extends Omit<LiveRun, "ended"> {
  readonly abort: AbortController;
  readonly progress: Map<AssetKey, Progress>;
  readonly stopping: { since: string | null };
  readonly waiting: { runs: readonly RunId[]; readonly steps: Map<AssetKey, RunId> };
  /** Which of the kernels that make assets it has; null until it has a turn. */
  readonly turn: { place: number | null };
}

type Failure = Extract<AssetStatus, { state: "failed" }>;

/** The runs that this process carries out, each in its turn; and what became of those of processes that are gone. */
export class LiveRuns {
  readonly #workspace: RunsPlace;
  /** Told of everything that happens to a run. */
  readonly #changed: (partition: PartitionKey, run: RunId) => void;
  readonly #live = new Map<RunId, Carried & LiveRun>();
  readonly #queue = new RunQueue();
  /** The last failure at a value of each asset of a partition, with the rows, which are not written down. */
  readonly #failures = new Map<PartitionKey, Map<AssetKey, Failure>>();
  /** While runs of other processes go on, or seem to. */
  #nextLook: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(workspace: RunsPlace, changed: (partition: PartitionKey, run: RunId) => void) {
    this.#workspace = workspace;
    this.#changed = changed;
  }

  get(run: RunId): LiveRun | null {
    return this.#live.get(run) ?? null;
  }

  /** A failure as it is written down, with the rows that failed when this process saw them. */
  withRows(asset: AssetKey, partition: PartitionKey, failure: Failure): Failure {
    const seen = this.#failures.get(partition)?.get(asset);
    return seen?.run === failure.run ? seen : failure;
  }

  /** Forgets the rows of a partition that is erased. */
  forget(partition: PartitionKey): void {
    this.#failures.delete(partition);
  }

  all(): Iterable<LiveRun> {
    return this.#live.values();
  }

  /** Writes down that a run begins, and begins it when it is its turn; `signal` stops it. */
  async start(planned: PlannedRun, signal?: AbortSignal): Promise<LiveRun> {
    const { catalog, kernels, paths } = this.#workspace;
    const { selection, partition, steps, engine, kept } = planned;
    // What cannot be shown in the end is said before anything is made.
    if (partition !== WHOLE) await makeFolder(paths.output);
    const run = catalog.startRun(
      {
        partition,
        selection,
        ...(engine === null ? {} : { engine: engine.name }),
        steps: steps.map(({ asset, partition: of }) => {
          const last = catalog.versions.headRecord(asset, of);
          return { asset, partition: of, ...(last === null ? {} : { expected: last.seconds }) };
        }),
        ...(kept.length === 0 ? {} : { kept }),
      },
      runLease,
      // It may have been erased since it was looked for.
      () => {
        if (steps.some((step) => step.partition !== WHOLE)) requirePartition(catalog, partition);
      },
    );
    const abort = new AbortController();
    // Every step that is under way listens, and many are at once.
    setMaxListeners(0, abort.signal);
    const forward = (): void => abort.abort();
    signal?.addEventListener("abort", forward);
    if (signal?.aborted) abort.abort();
    const carried: Carried = {
      id: run,
      partition,
      abort,
      progress: new Map(),
      stopping: { since: null },
      waiting: { runs: [], steps: new Map() },
      turn: { place: null },
    };
    const turn = this.#queue.enter({
      run,
      partition,
      signal: abort.signal,
      begin: (place) => {
        carried.turn.place = place;
        return this.#carryOut(carried, planned);
      },
      waitsFor: (runs) => {
        carried.waiting.runs = runs;
        this.#changed(partition, run);
      },
    });
    const ended = turn
      .catch((error: unknown) => this.#fail(carried, error))
      .finally(() => {
        signal?.removeEventListener("abort", forward);
        this.#live.delete(run);
        this.#changed(partition, run);
        releaseLease(catalog.leases, runLease(run), run);
      });
    // Nobody may wait for it, as of what a page starts: then the log says it, and no one else.
    ended.catch(() => null);
    const live = { ...carried, ended };
    this.#live.set(run, live);
    // Without a kernel there is nothing that two could do at once.
    kernels.runsAtOnce().then(
      (runs) => this.#queue.setPlaces(runs),
      () => null,
    );
    this.#changed(partition, run);
    return live;
  }

  /** Asks a run to stop, and answers at once; with `kill` its kernel is ended now. */
  cancel(run: RunId, kill = false): void {
    const live = this.#live.get(run);
    if (live === undefined) return;
    live.stopping.since ??= new Date().toISOString();
    live.abort.abort();
    if (kill && live.turn.place !== null) this.#workspace.kernels.killWork(live.turn.place);
    this.#changed(live.partition, run);
  }

  /** Sets right what killed processes left, then looks after those that live until they are done. */
  async reconcile(runs: readonly RunId[]): Promise<void> {
    const { catalog, paths } = this.#workspace;
    const { ended, leased } = endInterrupted(catalog, runs);
    catalog.leases.sweep();
    await clearStaging(catalog, paths.home);
    for (const { partition, run } of ended) this.#changed(partition, run);
    if (leased.length === 0) return;
    this.#nextLook = setTimeout(() => void this.reconcile(leased).catch(() => null), LOOK_MS).unref();
  }

  /** Stops what runs here, and settles when that is written down. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#nextLook);
    const live = [...this.#live.values()];
    for (const run of live) run.abort.abort();
    await Promise.allSettled(live.map((run) => run.ended));
  }

  /** What keeps a run from being carried on is written down; when that fails too, again and again, for it may pass. */
  #fail(run: Pick<Carried, "id" | "partition">, error: unknown): void {
    try {
      endFailed(this.#workspace.catalog, run.id, errorInfo(error));
    } catch (failure) {
      this.#failLater(run, error);
      throw failure;
    }
  }

  #failLater(run: Pick<Carried, "id" | "partition">, error: unknown): void {
    setTimeout(() => {
      if (this.#closed) return;
      try {
        this.#fail(run, error);
        this.#changed(run.partition, run.id);
      } catch {
        // It is tried again.
      }
    }, LOOK_MS).unref();
  }

  async #carryOut(
    { id: run, partition, progress, waiting, turn, abort: { signal } }: Carried,
    { steps, wanted, absent, engine, trustedOnly }: PlannedRun,
  ): Promise<void> {
    const workspace = this.#workspace;
    const { catalog, kernels, paths } = workspace;
    // Looked at again: a notebook may have changed while the run waited for its turn.
    const { graph: whole, refusal, texts } = await workspace.definitions();
    const graph = workspace.standing(whole, partition);
    await workspace.past.keep(run, partition, texts);
    const state = await executeRun(
      run,
      steps,
      partition,
      {
        graph,
        catalog,
        home: paths.home,
        software: workspace.software,
        attributes: workspace.attributes(partition),
        wanted,
        absent,
        refusal: refusalOf(whole, refusal, trustedOnly),
        kernel: (sparing) =>
          sparing === null ? kernels.work(turn.place ?? 0) : kernels.spare(turn.place ?? 0, sparing),
        status: (asset) => statusOf(graph, asset, partition, workspace.known(), engine),
        engineOf: (definition) => engineInstead(definition, engine?.name ?? null),
        partsOf: (definition) => workspace.known().partsOf(definition, partition),
        progress: (asset, now) => {
          progress.set(asset, now);
          this.#changed(partition, run);
        },
        waits: (asset, other) => {
          if (other === null) waiting.steps.delete(asset);
          else waiting.steps.set(asset, other);
          if (other !== null) this.#changed(partition, run);
        },
        failed: ({ asset, partition: of }, error) => {
          if (error.rows === undefined) return;
          const failures = this.#failures.get(of) ?? new Map<AssetKey, Failure>();
          this.#failures.set(of, failures.set(asset, { state: "failed", error, run }));
        },
        changed: () => this.#changed(partition, run),
        published: (record) => publish(record, paths.home, paths.output),
      },
      signal,
    );
    catalog.append({ type: "run_ended", run, state });
  }
}
