import { randomUUID } from "node:crypto";

import type { Graph } from "#graph/graph.ts";
import { isComparedWith } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { Cursor, UnnumberedEvent, WorkspaceEvent } from "#protocol/messages.ts";
import type { AssetView, NotebookView, Snapshot } from "#protocol/view.ts";

import type { Definitions } from "./definitions.ts";
import { EventLog } from "./session/event-log.ts";
import { FIRST_NOTEBOOK } from "./workspace-paths.ts";
import { viewOfRun, viewsOfAssets, viewsOfPartitions } from "./workspace-views.ts";
import type { Workspace } from "./workspace.ts";

/** Runs that a page is told of when it opens. */
const RUNS_SHOWN = 20;
/** A page that types sends edits in bursts: cells are looked at after the last one. */
const ANALYSE_MS = 150;
/** How often the state of a kernel is told. */
const KERNEL_MS = 300;
/** How long events are remembered for pages that are away, once no page is connected. */
const REMEMBER_MS = 30 * 60_000;

/** Tells pages what changes in a workspace: a snapshot first, then events, or the events since a cursor. */
export class Broadcast {
  readonly #workspace: Workspace;
  readonly #listeners = new Set<(event: WorkspaceEvent) => void>();
  readonly #log = new EventLog(randomUUID());
  /** Partitions of which something changed, each with the runs that did. */
  readonly #pending = new Map<PartitionKey, Set<number>>();
  /** Settles when all that is to be told has been; null while nothing is. */
  #telling: Promise<void> | null = null;
  readonly #looking = new Set<PartitionKey>();
  /** Partitions and notebooks that a page has been shown. */
  readonly #partitions = new Set<PartitionKey>();
  readonly #notebooks = new Set<string>();
  /** Notebooks whose kernels are to be told of. */
  readonly #kernels = new Set<string>();
  /** The assets that pages were shown since they last opened anew. */
  readonly #shown = new Set<AssetKey>();
  /** The definitions that pages were told of last. */
  #definitions: Definitions | null = null;
  /** Notebooks whose cells are to be looked at again. */
  readonly #edited = new Set<string>();
  #analysing = false;
  /** Whether definitions could not be read when they were to be told of. */
  #failing = false;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    workspace.onChange(({ partition, run }) => {
      // An asset without partitions may be upstream of all others, and one sample may be compared with another.
      const graph = this.#definitions?.graph;
      const reaches = partition === WHOLE || (graph !== undefined && isComparedWith(graph, partition));
      for (const at of reaches ? new Set([partition, ...this.#partitions]) : [partition]) {
        const runs = this.#pending.get(at) ?? new Set();
        if (run !== null) runs.add(run);
        this.#pending.set(at, runs);
      }
      void this.#tell();
    });
    workspace.kernels.onChange((notebook) => {
      if (!this.#notebooks.has(notebook) || this.#kernels.has(notebook)) return;
      // A hundred short queries are one change.
      this.#kernels.add(notebook);
      setTimeout(() => {
        this.#kernels.delete(notebook);
        this.#tellKernel(notebook);
      }, KERNEL_MS).unref();
    });
    workspace.sessions.onChange((path) => {
      if (path === null) this.definitionsChanged();
      else this.#notebookChanged(path);
    });
  }

  /** @throws {WorkspaceError} `usage` for a notebook or a partition that is not there */
  async snapshot(path: string | null, wanted: PartitionKey | null): Promise<Snapshot> {
    const unread = await this.#workspace.sessions.unread();
    const definitions = await this.#workspace.definitions();
    // From here on nothing is awaited: what is in the snapshot is exactly what its number says.
    const { notebooks, graph } = definitions;
    const { paths, software } = this.#workspace;
    this.#definitions ??= definitions;
    const notebook = this.#notebook(path, definitions);
    const partitions = viewsOfPartitions(this.#workspace);
    const partition = wanted ?? partitions[0]?.key ?? WHOLE;
    if (partition !== WHOLE && !partitions.some(({ key }) => key === partition)) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such partition: ${partition}`,
        hint: "Choose another sample.",
      });
    }
    this.#look(graph.order, partition);
    const runs = this.#workspace.catalog
      .runs(RUNS_SHOWN)
      .flatMap((id) => viewOfRun(this.#workspace, id) ?? []);
    const assets = viewsOfAssets(this.#workspace, definitions, partition);
    // What this page is shown is told to the others too; later events are changes of it.
    this.#tellIfNew("partitions", { type: "partitions", partitions });
    this.#tellIfNew(`notebook ${notebook.path}`, { type: "notebook", notebook });
    this.#tellKernel(notebook.path);
    for (const run of runs.toReversed()) this.#tellIfNew(`run ${run.id}`, { type: "run", run });
    this.#tellAssets(assets, graph, partition);
    // What no page was told of may be gone again before they are: then this one alone has it.
    if (definitions !== this.#definitions) this.#analyseSoon();
    this.#partitions.add(partition);
    this.#notebooks.add(notebook.path);
    for (const place of places(notebook.path, partition)) this.#log.watch(place);
    return {
      boot: this.#log.boot,
      seq: this.#log.seq,
      workspace: paths.root,
      software,
      notebooks: notebooks.map(({ path: at, title }) => ({ path: at, title })),
      unread,
      notebook,
      partition,
      partitions,
      assets,
      kernel: this.#workspace.kernels.view(notebook.path),
      runs,
    };
  }

  /** What a page missed that was away since its cursor; null when only a snapshot can tell. */
  resume(
    cursor: Cursor,
    notebook: string,
    partition: PartitionKey,
  ): { readonly events: WorkspaceEvent[]; readonly seq: number } | null {
    const events = this.#log.since(cursor, places(notebook, partition));
    return events === null ? null : { events, seq: this.#log.seq };
  }

  subscribe(listener: (event: WorkspaceEvent) => void): () => void {
    this.#listeners.add(listener);
    clearTimeout(this.#forgetting);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#forgetting = setTimeout(() => this.#forget(), REMEMBER_MS);
      this.#forgetting.unref();
    };
  }

  /** The notebook that declares an asset, as pages were told; null for one that none does. */
  notebookOf(asset: AssetKey): string | null {
    return this.#definitions?.graph.assets.get(asset)?.place.notebook ?? null;
  }

  /** Notebooks or modules changed on disk: every page is told. */
  definitionsChanged(): void {
    this.#workspace.definitionsChanged();
    this.#openAnew();
  }

  #notebook(path: string | null, { notebooks, view }: Definitions): NotebookView {
    const first = notebooks.find((one) => one.path === FIRST_NOTEBOOK) ?? notebooks[0];
    const found = path === null ? first : notebooks.find((one) => one.path === path);
    if (found === undefined) {
      throw new WorkspaceError({
        code: "usage",
        message: path === null ? "there is no notebook" : `no such notebook: ${path}`,
        hint: `Put one into ${this.#workspace.paths.notebooks}.`,
      });
    }
    const now = this.#workspace.sessions.now(found.path);
    return now === null ? found : view(now);
  }

  /** Observes what stands outside when a page opens; what is found reaches the page as events. */
  #look(assets: readonly AssetKey[], partition: PartitionKey): void {
    if (this.#looking.has(partition)) return;
    this.#looking.add(partition);
    void this.#observe(assets, [partition]).finally(() => this.#looking.delete(partition));
  }

  /** Takes as long as what stands outside does: nothing that pages are told waits for it. */
  async #observe(assets: readonly AssetKey[], partitions: Iterable<PartitionKey>): Promise<void> {
    for (const partition of partitions) {
      // What cannot be looked at now is unknown, and says so.
      await this.#workspace.observe(assets, partition).catch(() => null);
    }
  }

  /** Every page gets the new text at once, and what its cells are as soon as they have been analysed. */
  #notebookChanged(path: string): void {
    this.#workspace.definitionsChanged();
    this.#tellNotebook(path);
    this.#edited.add(path);
    this.#analyseSoon();
  }

  #analyseSoon(): void {
    if (this.#analysing) return;
    this.#analysing = true;
    setTimeout(() => void this.#analyse(), ANALYSE_MS).unref();
  }

  async #analyse(): Promise<void> {
    try {
      const paths = new Set([...this.#edited, ...this.#notebooks]);
      this.#edited.clear();
      const before = this.#definitions;
      const definitions = await this.#workspace.definitions();
      this.#definitions = definitions;
      this.#failing = false;
      for (const partition of this.#partitions) {
        if (!this.#pending.has(partition)) this.#pending.set(partition, new Set());
      }
      // Of an asset that is gone there is no event.
      const gone = [...this.#shown].some((key) => !definitions.graph.assets.has(key));
      if (gone) this.#openAnew();
      // Values in a cell are seen like files: they have a version when they have been looked at.
      const values = [...definitions.graph.assets.values()]
        .filter(({ key, external, cell }) => {
          const old = before?.graph.assets.get(key)?.cell;
          return external && JSON.stringify(cell) !== JSON.stringify(old);
        })
        .map(({ key }) => key);
      if (values.length > 0) void this.#observe(values, this.#partitions);
      await this.#tell();
      // A cell may read what another notebook defines. What became of the assets has been told: the states are of this text.
      for (const path of paths) this.#tellNotebook(path);
    } catch {
      this.#failed();
    } finally {
      this.#analysing = false;
      if (this.#edited.size > 0) this.#analyseSoon();
    }
  }

  #tellKernel(notebook: string): void {
    this.#tellIfNew(`kernel ${notebook}`, { type: "kernel", kernel: this.#workspace.kernels.view(notebook) });
  }

  #tellNotebook(path: string): void {
    const now = this.#workspace.sessions.now(path);
    if (now === null || this.#definitions === null) return;
    this.#tellIfNew(`notebook ${path}`, { type: "notebook", notebook: this.#definitions.view(now) });
  }

  /** Tells what changed since it was last told. Changes that come meanwhile are told together afterwards. */
  #tell(): Promise<void> {
    this.#telling ??= Promise.resolve().then(() => this.#tellAll());
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    try {
      // What comes meanwhile is added behind, and told too.
      for (const [partition, runs] of this.#pending) {
        this.#pending.delete(partition);
        // No page has been here, or not for long.
        if (this.#partitions.size === 0) continue;
        this.#tellIfNew("partitions", { type: "partitions", partitions: viewsOfPartitions(this.#workspace) });
        for (const id of runs) {
          const run = viewOfRun(this.#workspace, id);
          if (run !== null) this.#tellIfNew(`run ${id}`, { type: "run", run });
        }
        if (partition !== WHOLE && !this.#log.isWatched(placeOf(partition))) continue;
        const definitions = await this.#workspace.definitions();
        const assets = viewsOfAssets(this.#workspace, definitions, partition);
        this.#tellAssets(assets, definitions.graph, partition);
        if (this.#failing) this.#analyseSoon();
      }
    } catch {
      this.#failed();
    } finally {
      this.#telling = null;
    }
  }

  /** Tells what is new of all assets of a partition. */
  #tellAssets(assets: readonly AssetView[], graph: Graph, partition: PartitionKey): void {
    for (const { key } of assets) this.#shown.add(key);
    for (const at of new Set([WHOLE, partition])) {
      const events = assets
        .filter((asset) => asset.partition === at)
        // Of an asset with partitions there is nothing to be told without one.
        .filter(({ key }) => at !== WHOLE || graph.assets.get(key)?.partitioned !== true)
        .map((asset) => [asset.key, { type: "asset", asset }] as const);
      for (const event of this.#log.tellAll(placeOf(at), new Map(events))) this.#emit(event);
    }
  }

  /** Has every page ask for all that it shows. */
  #openAnew(): void {
    this.#shown.clear();
    this.#emit(this.#log.say({ type: "definitions" }));
  }

  /**
   * What is not told now nothing would tell later: each page asks for it, and says what is wrong when it cannot be read
   * then either, as when a kernel ran out of memory. Said once; when all can be read again, it is told.
   */
  #failed(): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#openAnew();
  }

  #forget(): void {
    this.#shown.clear();
    this.#log.forget();
    this.#partitions.clear();
    this.#notebooks.clear();
  }

  #tellIfNew(thing: string, event: UnnumberedEvent): void {
    const told = this.#log.tell(thing, event);
    if (told !== null) this.#emit(told);
  }

  #emit(event: WorkspaceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function places(notebook: string, partition: PartitionKey): readonly string[] {
  return [`notebook ${notebook}`, placeOf(partition)];
}

function placeOf(partition: PartitionKey): string {
  return `partition ${partition}`;
}
