import { z } from "zod";

import { partitionOf, statuses } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { ViewedTable } from "#protocol/kernel-messages.ts";
import type { ColumnSummary, WorkspaceEvent } from "#protocol/messages.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { AssetStatus } from "#protocol/record.ts";
import type { AssetView, PartitionView, RunView, Snapshot } from "#protocol/view.ts";

import type { AnyVerb, Verb } from "./cli/verb.ts";
import { notTrusted } from "./definitions.ts";
import type { Definitions } from "./definitions.ts";
import { liveQueryOf } from "./live-query.ts";
import { objectPath } from "./runs/published-tree.ts";
import { runView } from "./runs/run-view.ts";
import { assetView } from "./session/asset-view.ts";
import { storeUpload } from "./uploads.ts";
import type { Uploaded, UploadRequest } from "./uploads.ts";
import type {
  ColumnRequest,
  ExportRequest,
  QueryRequest,
  TableRequest,
  VerbContext,
  WorkspaceApi,
} from "./workspace-api.ts";
import type { Workspace } from "./workspace.ts";

/** Runs that a page is told of when it opens. */
const RUNS_SHOWN = 20;
/** What a page shows that asks for no notebook in particular. */
const FIRST_NOTEBOOK = "personal-genome.md";
/** A page that types sends edits in bursts: cells are looked at after the last one. */
const ANALYSE_MS = 150;

/** A workspace as the edge sees it: views for the page, and verbs. Events carry what became different. */
export class LocalApi implements WorkspaceApi {
  readonly #workspace: Workspace;
  readonly #verbs: readonly AnyVerb[];
  readonly #listeners = new Set<(event: WorkspaceEvent) => void>();
  /** What each view was when it was last told, as JSON. */
  readonly #told = new Map<string, string>();
  #seq = 0;
  readonly #pending = new Map<PartitionKey, Set<number>>();
  #telling = false;
  readonly #looking = new Set<PartitionKey>();
  /** Partitions that a page has been shown. */
  readonly #shown = new Set<PartitionKey>();
  /** The definitions that pages were told of last. */
  #definitions: Definitions | null = null;
  /** Notebooks whose cells are to be looked at again. */
  readonly #edited = new Set<string>();
  #analysing = false;

  constructor(workspace: Workspace, verbs: readonly AnyVerb[]) {
    this.#workspace = workspace;
    this.#verbs = verbs;
    workspace.onChange(({ partition, run }) => {
      // What has no partition is upstream of what has.
      for (const at of partition === WHOLE ? [WHOLE, ...this.#shown] : [partition]) {
        const runs = this.#pending.get(at) ?? new Set();
        if (run !== null) runs.add(run);
        this.#pending.set(at, runs);
      }
      void this.#tell();
    });
    workspace.sessions.onChange((path) => {
      if (path === null) this.definitionsChanged();
      else this.#notebookChanged(path);
    });
  }

  async snapshot(path: string | null, wanted: PartitionKey | null): Promise<Snapshot> {
    const definitions = await this.#workspace.definitions();
    // From here on nothing is awaited: what is in the snapshot is exactly what its number says.
    const { notebooks, graph } = definitions;
    const { catalog, paths, software, sessions } = this.#workspace;
    const first = notebooks.find((one) => one.path === FIRST_NOTEBOOK) ?? notebooks[0];
    const found = path === null ? first : notebooks.find((one) => one.path === path);
    if (found === undefined) {
      throw new WorkspaceError({
        code: "usage",
        message: path === null ? "there is no notebook" : `no such notebook: ${path}`,
        hint: `Put one into ${paths.notebooks}.`,
      });
    }
    const now = sessions.now(found.path);
    const notebook = now === null ? found : definitions.view(now);
    const partitions = this.#partitions();
    const partition = wanted ?? partitions[0]?.key ?? WHOLE;
    if (partition !== WHOLE && !partitions.some(({ key }) => key === partition)) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such partition: ${partition}`,
        hint: "Choose another sample.",
      });
    }
    this.#look(graph.order, partition);
    const runs = catalog.runs(RUNS_SHOWN).flatMap((id) => this.#run(id) ?? []);
    const assets = this.#assets(definitions, partition);
    this.#definitions ??= definitions;
    this.#shown.add(partition);
    return {
      seq: this.#seq,
      workspace: paths.root,
      software,
      notebooks: notebooks.map(({ path: at, title }) => ({ path: at, title })),
      notebook,
      partition,
      partitions,
      assets,
      runs,
    };
  }

  subscribe(listener: (event: WorkspaceEvent) => void): () => void {
    // What was told when nobody listened says nothing of what pages know.
    if (this.#listeners.size === 0) this.#told.clear();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async startRun(select: string, partition: PartitionKey): Promise<number> {
    return (await this.#workspace.startRun(select, partition, undefined, true)).id;
  }

  cancelRun(run: number): void {
    this.#workspace.cancelRun(run);
  }

  async *table(request: TableRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { table } = this.#viewed(request);
    const kernel = await this.#workspace.kernels.get("interactive");
    yield* kernel.page(table, request, signal);
  }

  async rows(request: TableRequest, signal: AbortSignal): Promise<number | null> {
    const { table, rows } = this.#viewed(request);
    if (table.view === undefined) return rows;
    return (await this.#workspace.kernels.get("interactive")).rows(table, signal);
  }

  async *query(request: QueryRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { notebooks, graph } = await this.#workspace.definitions();
    const notebook = notebooks.find(({ path }) => path === request.notebook);
    if (notebook !== undefined && notebook.untrusted !== null) {
      throw new WorkspaceError({ ...notTrusted(notebook.path), cell: request.cell });
    }
    const query = liveQueryOf(notebook?.cells ?? [], request, (asset) => {
      if (!graph.assets.has(asset)) return null;
      return this.#viewed({ asset, partition: partitionOf(graph, asset, request.partition) }).table.path;
    });
    const kernel = await this.#workspace.kernels.get("interactive");
    yield* kernel.query(query, signal);
  }

  async column(request: ColumnRequest, signal: AbortSignal): Promise<ColumnSummary> {
    const kernel = await this.#workspace.kernels.get("interactive");
    return kernel.column(this.#viewed(request).table, request.column, signal);
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { table } = this.#viewed(request);
    const kernel = await this.#workspace.kernels.get("interactive");
    yield* kernel.export(table, request.format, signal);
  }

  upload(request: UploadRequest, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uploaded> {
    return storeUpload(this.#workspace, request, body, signal);
  }

  async edit(notebook: string, ops: readonly NotebookOp[]): Promise<number> {
    const session = await this.#workspace.sessions.session(notebook);
    return session.dispatch({ type: "edit", ops, at: Date.now() });
  }

  async undo(notebook: string): Promise<number> {
    return (await this.#workspace.sessions.session(notebook)).dispatch({ type: "undo" });
  }

  async redo(notebook: string): Promise<number> {
    return (await this.#workspace.sessions.session(notebook)).dispatch({ type: "redo" });
  }

  async trust(notebook: string, revision: number): Promise<number> {
    return (await this.#workspace.sessions.session(notebook)).trust(revision);
  }

  /** The table of an asset's head. @throws {WorkspaceError} `asset` when it has none */
  #viewed({ asset, partition, view }: Pick<ColumnRequest, "asset" | "partition" | "view">): {
    table: ViewedTable;
    rows: number | null;
  } {
    const head = this.#workspace.catalog.head(asset, partition);
    const record = head?.kind === "record" ? head.record : null;
    const file = record?.files.find(({ name }) => name === record.table);
    if (record === null || file === undefined) {
      throw new WorkspaceError({
        code: "asset",
        message: `${asset} has no table`,
        hint: `Materialise it: karyon asset materialize --select ${asset}`,
      });
    }
    const path = objectPath(this.#workspace.paths.home, file.hash);
    return { table: view === undefined ? { path } : { path, view }, rows: record.rows };
  }

  file(asset: AssetKey, partition: PartitionKey, name: string): { path: string; bytes: number } | null {
    const head = this.#workspace.catalog.head(asset, partition);
    const file = head?.kind === "record" ? head.record.files.find((one) => one.name === name) : undefined;
    return file === undefined
      ? null
      : { path: objectPath(this.#workspace.paths.home, file.hash), bytes: file.bytes };
  }

  async verb(name: string, parameters: unknown, context: VerbContext): Promise<unknown> {
    const verb = this.#verbs.find((one) => one.name === name);
    if (verb === undefined) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such verb: ${name}`,
        hint: `There are ${this.#verbs.map((one) => one.name).join(", ")}.`,
      });
    }
    return runVerb(verb, parameters, this.#workspace, context);
  }

  /** Whoever opens a page wants to know whether files have changed; what is seen reaches it as events. */
  #look(assets: readonly AssetKey[], partition: PartitionKey): void {
    if (this.#looking.has(partition)) return;
    this.#looking.add(partition);
    this.#workspace
      .observe(assets, partition)
      // What cannot be looked at now is unknown, and says so.
      .catch(() => null)
      .finally(() => this.#looking.delete(partition));
  }

  /** Says that notebooks or modules are different on disk. */
  definitionsChanged(): void {
    this.#workspace.definitionsChanged();
    this.#emit({ seq: ++this.#seq, type: "definitions" });
  }

  /** Every page has the new text at once; what its cells are now follows when they have been looked at. */
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
      const paths = [...this.#edited];
      this.#edited.clear();
      const before = this.#definitions;
      const definitions = await this.#workspace.definitions();
      this.#definitions = definitions;
      for (const path of paths) this.#tellNotebook(path);
      for (const partition of this.#shown) {
        if (!this.#pending.has(partition)) this.#pending.set(partition, new Set());
      }
      // Of an asset that is gone there is no event.
      const gone = [...(before?.graph.assets.keys() ?? [])].some((key) => !definitions.graph.assets.has(key));
      if (gone) this.#emit({ seq: ++this.#seq, type: "definitions" });
      // Values in a cell are seen like files: they have a version when they have been looked at.
      const values = [...definitions.graph.assets.values()]
        .filter(({ key, external, cell }) => {
          const old = before?.graph.assets.get(key)?.cell;
          return external && JSON.stringify(cell) !== JSON.stringify(old);
        })
        .map(({ key }) => key);
      for (const partition of this.#shown) {
        if (values.length > 0) await this.#workspace.observe(values, partition);
      }
      await this.#tell();
    } catch {
      // As in `#tell`.
    } finally {
      this.#analysing = false;
      if (this.#edited.size > 0) this.#analyseSoon();
    }
  }

  #tellNotebook(path: string): void {
    const now = this.#workspace.sessions.now(path);
    if (now === null || this.#definitions === null) return;
    this.#tellIfNew(`notebook ${path}`, { type: "notebook", notebook: this.#definitions.view(now) });
  }

  /** Tells what became different since it was last told. Changes that come meanwhile are told together after it. */
  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (
        let next = this.#pending.entries().next();
        next.done !== true;
        next = this.#pending.entries().next()
      ) {
        const [partition, runs] = next.value;
        this.#pending.delete(partition);
        if (this.#listeners.size === 0) continue;
        this.#tellIfNew("partitions", { type: "partitions", partitions: this.#partitions() });
        for (const id of runs) {
          const run = this.#run(id);
          if (run !== null) this.#tellIfNew(`run ${id}`, { type: "run", run });
        }
        const definitions = await this.#workspace.definitions();
        for (const asset of this.#assets(definitions, partition)) {
          // Of an asset with partitions there is nothing to be told without one.
          if (partition === WHOLE && definitions.graph.assets.get(asset.key)?.partitioned === true) continue;
          this.#tellIfNew(`asset ${asset.key} ${asset.partition}`, { type: "asset", asset });
        }
      }
    } catch {
      // Definitions that cannot be read are told to whoever asks for them: the next `open` says what is wrong.
    } finally {
      this.#telling = false;
    }
  }

  #tellIfNew(key: string, event: DistributiveOmit<WorkspaceEvent, "seq">): void {
    const text = JSON.stringify(event);
    if (this.#told.get(key) === text) return;
    this.#told.set(key, text);
    this.#emit({ ...event, seq: ++this.#seq });
  }

  #emit(event: WorkspaceEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #run(id: number): RunView | null {
    return runView(id, this.#workspace.catalog.eventsOfRun(id), this.#workspace.liveRun(id)?.progress);
  }

  #partitions(): PartitionView[] {
    return this.#workspace.catalog.partitions().map(({ key, attributes: { vcf, synthetic } }) => ({
      key,
      source: vcf?.replace(/^.*[/\\]/, "") ?? null,
      synthetic: synthetic === true,
    }));
  }

  #assets({ graph: whole, refusal }: Definitions, partition: PartitionKey): AssetView[] {
    const { catalog } = this.#workspace;
    const graph = this.#workspace.standing(whole, partition);
    const known = statuses(graph, partition, this.#workspace.known());
    const live = [...this.#workspace.liveRuns()].flatMap(({ id }) => this.#run(id) ?? []);
    return [...graph.assets.keys()].map((key) => {
      const at = partitionOf(graph, key, partition);
      const head = catalog.head(key, at);
      const failure = catalog.lastFailure(key, at)?.event;
      const failed: AssetStatus | null =
        failure?.type === "step_failed" ? { state: "failed", error: failure.error, run: failure.run } : null;
      return assetView(
        graph,
        key,
        partition,
        {
          status: known.get(key) ?? { state: "missing" },
          held: catalog.held(key, at),
          record: head?.kind === "record" ? head.record : null,
          observation: head?.kind === "observation" ? head.observation : null,
          failure: failed,
          mayRun: refusal(key) === null,
        },
        live,
      );
    });
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * Runs one verb with parameters as they came.
 *
 * @throws {WorkspaceError} `usage` when they do not fit
 */
export async function runVerb(
  verb: AnyVerb,
  parameters: unknown,
  workspace: Workspace,
  { signal, progress }: VerbContext,
): Promise<unknown> {
  const parsed = (verb.parameters as z.ZodType).safeParse(parameters);
  if (!parsed.success) {
    throw new WorkspaceError({
      code: "usage",
      message: `${verb.name}: ${z.prettifyError(parsed.error).split("\n").join(" ")}`,
      hint: `See karyon help ${verb.name}.`,
    });
  }
  return (verb as unknown as Verb<unknown>).run(parsed.data, { workspace, signal, progress });
}
