import { join } from "node:path";

import { upstreamClosure } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import { withoutUnmade } from "#graph/optional.ts";
import { runEngine } from "#graph/run-engine.ts";
import type { RunEngine } from "#graph/run-engine.ts";
import { asksForStates, select } from "#graph/selection.ts";
import { partitionOf, statuses } from "#graph/staleness.ts";
import type { Known } from "#graph/staleness.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { WHOLE, parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, AssetStatus, PartitionAttributes } from "#protocol/record.ts";
import type { KeptOn } from "#protocol/view.ts";

import { Catalog } from "./catalog/catalog.ts";
import { loadDefinitions } from "./definitions.ts";
import type { Definitions } from "./definitions.ts";
import { Forks } from "./forks.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { Kernels } from "./kernels/kernels.ts";
import { knownTo } from "./known-versions.ts";
import { KnownAnalyses } from "./known-analyses.ts";
import { Looks } from "./looks.ts";
import { observeExternals } from "./observe-externals.ts";
import { PastNotebooks } from "./past-notebooks.ts";
import { removeDoomed } from "./remove-objects.ts";
import { LiveRuns } from "./runs/live-runs.ts";
import type { LiveRun } from "./runs/live-runs.ts";
import { refuseDisabled, refusalOf, requireTrusted } from "./runs/may-run.ts";
import { isStored, showAgain } from "./runs/published-tree.ts";
import { requirePartition } from "./require-partition.ts";
import { Sessions } from "./sessions.ts";
import { plan } from "./session/plan.ts";
import { shownStatus } from "./shown-status.ts";
import { SHARED_ANALYSES, SHIPPED_NOTEBOOKS } from "./workspace-paths.ts";
import { makeFolder } from "./make-folder.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

export interface WorkspaceOptions {
  /** Such as `karyon 0.1.0`. */
  readonly software: string;
  /** What an engine may hold. */
  readonly memoryBytes?: number | undefined;
  /** What a kernel may hold before it is ended. */
  readonly kernelBytes?: number | undefined;
  readonly threads?: number | undefined;
  /** Runs that are carried out at once, each in its own kernel with its share of the memory; else as many as the machine bears. */
  readonly runsAtOnce?: number | undefined;
  /**
   * See {@link BUILD}: what is found of cells is kept for other processes of the same build, and kernels are of it.
   * Without it for none, and of any.
   */
  readonly build?: string | null;
}

/** How a run is started. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Nothing of a notebook that is not trusted: for what a page or the workspace itself starts. */
  readonly trustedOnly?: boolean;
  /** Name of an engine, or the choice of one for several runs: see {@link RunEngine}. Absent: each cell has its own. */
  readonly engine?: string | RunEngine | undefined;
}

type Listener = (change: { readonly partition: PartitionKey; readonly run: RunId | null }) => void;

/**
 * A workspace: its definitions, its catalog, its kernels, and the runs that change it. Decides and carries; the
 * kernels compute. The page, the HTTP API and the command line all go through this.
 */
export class Workspace {
  readonly paths: WorkspacePaths;
  readonly software: string;
  readonly catalog: Catalog;
  readonly kernels: Kernels;
  readonly sessions: Sessions;
  readonly past: PastNotebooks;
  /** The runs that it carries out. */
  readonly live: LiveRuns;
  readonly forks: Forks = new Forks();
  readonly looks: Looks = new Looks();
  readonly #listeners = new Set<Listener>();
  #definitions: Promise<Definitions> | null = null;
  readonly #analyses: KnownAnalyses;
  /** Whichever answers questions. */
  readonly #kernel: Pick<Kernel, "request"> = {
    request: (work, options) => this.kernels.ask(work, options),
  };

  private constructor(paths: WorkspacePaths, options: WorkspaceOptions) {
    this.paths = paths;
    this.software = options.software;
    this.catalog = new Catalog(join(paths.home, "catalog.sqlite"));
    this.sessions = new Sessions(paths.notebooks, paths.home);
    const { software, build = null } = options;
    this.#analyses = new KnownAnalyses(
      build === null
        ? null
        : {
            path: join(paths.home, "analyses.json"),
            shared: SHARED_ANALYSES,
            shipped: paths.notebooks === SHIPPED_NOTEBOOKS,
            software,
            build,
          },
    );
    this.kernels = new Kernels({
      software,
      build,
      notebooks: paths.notebooks,
      objects: join(paths.home, "objects"),
      cache: paths.cache,
      spill: join(paths.home, "spill"),
      memoryBytes: options.memoryBytes ?? null,
      capBytes: options.kernelBytes ?? null,
      threads: options.threads ?? null,
      runsAtOnce: options.runsAtOnce ?? null,
    });
    this.past = new PastNotebooks({
      catalog: this.catalog,
      home: paths.home,
      notebooks: paths.notebooks,
      kernel: this.#kernel,
      isTrusted: (text) => this.sessions.isTrusted(text),
    });
    this.live = new LiveRuns(this, (partition, run) => this.#changed(partition, run));
  }

  /** Opens a workspace, making it when it is new, and sets right what a killed process left. */
  static async open(paths: WorkspacePaths, options: WorkspaceOptions): Promise<Workspace> {
    await makeFolder(paths.home);
    const workspace = new Workspace(paths, options);
    await workspace.live.reconcile(workspace.catalog.openRuns());
    await removeDoomed(workspace);
    return workspace;
  }

  /** Ends what runs here, and the kernels. */
  async close(): Promise<void> {
    await this.live.close();
    await this.sessions.close();
    await this.kernels.close();
    await this.#analyses.close();
    this.catalog.close();
  }

  definitions(): Promise<Definitions> {
    // A failure (a kernel that could not start) is not remembered.
    this.#definitions ??= this.#load().catch((error: unknown) => {
      this.#definitions = null;
      throw error;
    });
    return this.#definitions;
  }

  /** Forgets the definitions: they are read again when they are next needed. */
  definitionsChanged(): void {
    this.#definitions = null;
    this.past.forget();
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The graph as it stands for one partition: without optional inputs that are not made. */
  async graphOf(partition: PartitionKey): Promise<Graph> {
    return this.standing((await this.definitions()).graph, partition);
  }

  standing(graph: Graph, partition: PartitionKey): Graph {
    return withoutUnmade(
      graph,
      (asset) => this.catalog.versions.head(asset, partitionOf(graph, asset, partition)) !== null,
    );
  }

  /** The state of every asset, by what is written down; for a run that chose an engine, by that too. */
  async statuses(
    partition: PartitionKey,
    engine: RunEngine | null = null,
  ): Promise<Map<AssetKey, AssetStatus>> {
    const graph = await this.graphOf(partition);
    return this.catalog.reading(() => statuses(graph, partition, this.known(), engine));
  }

  /** What the catalog remembers, in the words of the graph. */
  known(): Known {
    return knownTo(this.catalog, this.paths.home);
  }

  /**
   * The partition that a person names; {@link WHOLE} when none is named.
   *
   * @throws {WorkspaceError} `usage` for one that is not there
   */
  partition(text: string | undefined): PartitionKey {
    const partition = text === undefined ? WHOLE : parsePartition(text);
    if (partition !== WHOLE) requirePartition(this.catalog, partition);
    return partition;
  }

  /** @throws {WorkspaceError} `usage` when one of `targets` has partitions and this is none of them */
  requirePartitionOf(targets: readonly AssetKey[], graph: Graph, partition: PartitionKey): void {
    if (targets.some((key) => graph.assets.get(key)?.partitioned)) requirePartition(this.catalog, partition);
  }

  attributes(partition: PartitionKey): PartitionAttributes {
    return this.catalog.partitions.get(partition)?.attributes ?? {};
  }

  /**
   * Looks at the externals above `targets` and writes down what changed.
   *
   * @returns those that are not there, with why
   */
  async observe(
    targets: Iterable<AssetKey>,
    partition: PartitionKey,
    signal?: AbortSignal,
  ): Promise<Map<AssetKey, ErrorInfo>> {
    const graph = await this.graphOf(partition);
    const absent = await observeExternals(this, graph, targets, partition, signal);
    this.#changed(partition, null);
    return absent;
  }

  /**
   * The assets of a graph that a text selects. What stands outside is looked at first where the text asks for states:
   * by what is written down, all that was changed since is fresh.
   *
   * @throws {WorkspaceError} `usage` as `select` of the graph
   */
  async selected(
    selection: string,
    graph: Graph,
    partition: PartitionKey,
    signal?: AbortSignal,
  ): Promise<AssetKey[]> {
    if (asksForStates(selection)) await this.observe(graph.order, partition, signal);
    const states = await this.statuses(partition);
    const failed = [...states].flatMap(([key, status]) =>
      shownStatus(this, graph, key, partition, status).state === "failed" ? [key] : [],
    );
    return select(selection, graph, { partition, statuses: states, failed: new Set(failed) });
  }

  /**
   * Plans and starts a run: everything that is selected, and all it is made from that is not fresh.
   *
   * A command names what it runs, and that is its person's word for it; what a page or the workspace itself starts is
   * `trustedOnly`.
   *
   * @throws {WorkspaceError} `usage` for a selection that is off, for a partition that is needed and not there, and for
   *   an engine that nothing of it can run on; `notebook` when all that is selected is disabled, and for a step of a
   *   notebook that is not trusted
   */
  async startRun(
    selection: string,
    partition: PartitionKey,
    { signal, trustedOnly = false, engine: asked }: RunOptions = {},
  ): Promise<LiveRun> {
    const { graph: whole, refusal } = await this.definitions();
    const graph = this.standing(whole, partition);
    const targets = await this.selected(selection, graph, partition, signal);
    this.requirePartitionOf(targets, graph, partition);
    refuseDisabled(targets, await this.statuses(partition));
    const engine = typeof asked === "string" ? runEngine(asked, graph, targets) : (asked ?? null);
    const absent = await this.observe(targets, partition, signal);
    const steps = plan(graph, targets, await this.statuses(partition, engine));
    requireTrusted(steps, refusalOf(whole, refusal, trustedOnly));
    const left = targets.filter((key) => !steps.includes(key));
    const stays = left.flatMap((asset) => {
      const record = this.catalog.versions.headRecord(asset, partitionOf(graph, asset, partition));
      return record !== null && isStored(record, this.paths.home) ? [record] : [];
    });
    for (const record of stays) await showAgain(record, this.paths.home, this.paths.output);
    return this.live.start(
      {
        selection,
        partition,
        steps: steps.map((asset) => ({ asset, partition: partitionOf(graph, asset, partition) })),
        wanted: new Set(upstreamClosure(graph, targets)),
        absent,
        engine,
        kept: keptOn(stays, engine),
        trustedOnly,
      },
      signal,
    );
  }

  setPartition(partition: PartitionKey, attributes: PartitionAttributes): void {
    const before = this.catalog.partitions.get(partition);
    if (before !== null && JSON.stringify(before.attributes) === JSON.stringify(attributes)) return;
    this.catalog.append({ type: "partition_set", partition, attributes });
    this.#changed(partition, null);
  }

  /** Tells listeners of a change of another kind, such as of the partitions. */
  touched(partition: PartitionKey): void {
    this.#changed(partition, null);
  }

  async #load(): Promise<Definitions> {
    const notebooks = await this.sessions.notebooks();
    return loadDefinitions(this.paths.notebooks, notebooks, this.#kernel, this.#analyses);
  }

  #changed(partition: PartitionKey, run: RunId | null): void {
    for (const listener of this.#listeners) listener({ partition, run });
  }
}

/** Of what stays as it is, that on the engine that this run chose; when it chose none, that an earlier one did. */
function keptOn(records: readonly AssetRecord[], chosen: RunEngine | null): KeptOn[] {
  return records.flatMap(({ asset, engine, runEngine: earlier }) => {
    if (engine === null) return [];
    const isKept = chosen === null ? earlier !== undefined : engine.startsWith(`${chosen.name} `);
    return isKept ? [{ asset, engine }] : [];
  });
}
