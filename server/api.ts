import { existsSync } from "node:fs";
import { join } from "node:path";

import type * as z from "zod";

import { partitionOf } from "#graph/staleness.ts";
import { sha256 } from "#notebook/sha256.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { ViewedTable } from "#protocol/kernel-messages.ts";
import type {
  ColumnRequest,
  ColumnSummary,
  Cursor,
  QueryRequest,
  TableRequest,
  TableView,
  WorkspaceEvent,
} from "#protocol/messages.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { makeCommand } from "#protocol/shell-words.ts";
import type { Snapshot } from "#protocol/view.ts";

import { Broadcast } from "./broadcast.ts";
import { recordOf } from "./catalog/versions.ts";
import type { AnyVerb, Verb } from "./cli/verb.ts";
import { notTrusted } from "./definitions.ts";
import { exportsFolder } from "./export/export-file.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { liveQueryOf } from "./live-query.ts";
import { objectPath } from "./runs/published-tree.ts";
import { refusedParameters } from "./refused-parameters.ts";
import { storeUpload } from "./uploads.ts";
import type { Uploaded, UploadRequest } from "./uploads.ts";
import type { ExportRequest, Resumed, VerbContext, WorkspaceApi } from "./workspace-api.ts";
import type { Workspace } from "./workspace.ts";

/** A workspace as the edge sees it: views for the page, requests, and verbs. */
export class LocalApi implements WorkspaceApi {
  readonly #workspace: Workspace;
  readonly #verbs: readonly AnyVerb[];
  readonly #broadcast: Broadcast;

  constructor(workspace: Workspace, verbs: readonly AnyVerb[]) {
    this.#workspace = workspace;
    this.#verbs = verbs;
    this.#broadcast = new Broadcast(workspace);
  }

  async snapshot(notebook: string | null, partition: PartitionKey | null): Promise<Snapshot> {
    // Of changes on a network share, and of those that were too many at once, the system tells nothing.
    await this.#workspace.sessions.look();
    return this.#broadcast.snapshot(notebook, partition);
  }

  resume(cursor: Cursor, notebook: string, partition: PartitionKey): Resumed | null {
    return this.#broadcast.resume(cursor, notebook, partition);
  }

  subscribe(listener: (event: WorkspaceEvent) => void): () => void {
    return this.#broadcast.subscribe(listener);
  }

  look(notebook: string, partition: PartitionKey): () => void {
    return this.#workspace.looks.show(notebook, partition);
  }

  /** Notebooks or modules changed on disk: every page is told. */
  definitionsChanged(): void {
    this.#broadcast.definitionsChanged();
  }

  async startRun(select: string, partition: PartitionKey, engine?: string): Promise<number> {
    return (await this.#workspace.startRun(select, partition, { trustedOnly: true, engine })).id;
  }

  cancelRun(run: number, kill: boolean): void {
    this.#workspace.live.cancel(run, kill);
  }

  async kernel(notebook: string, action: "interrupt" | "restart"): Promise<void> {
    // Of a notebook that is not there no kernel is started.
    await this.#workspace.sessions.session(notebook);
    if (action === "interrupt") this.#workspace.kernels.interrupt(notebook);
    else await this.#workspace.kernels.restart(notebook);
  }

  async *table(request: TableRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { table } = this.#viewed(request);
    const kernel = await this.#kernelOf(request.asset);
    yield* kernel.page(table, request, signal);
  }

  async rows(request: TableRequest, signal: AbortSignal): Promise<number | null> {
    const { table, rows } = this.#viewed(request);
    if (table.view === undefined) return rows;
    const kernel = await this.#kernelOf(request.asset);
    const found = await kernel.rows(table, signal);
    if (asksForRsid(table.view)) kernel.index(table);
    return found;
  }

  async *query(request: QueryRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { at } = request;
    const past = at === undefined ? null : await this.#workspace.past.at(at);
    const { notebooks, graph } = past ?? (await this.#workspace.definitions());
    const notebook = notebooks.find(({ path }) => path === request.notebook);
    if (notebook !== undefined && notebook.untrusted !== null) {
      throw new WorkspaceError({ ...notTrusted(notebook.path), cell: request.cell });
    }
    const query = liveQueryOf(notebook?.cells ?? [], request, (asset) => {
      if (!graph.assets.has(asset)) return null;
      const version = request.versions?.[asset] as DataVersion | undefined;
      if (at !== undefined && version === undefined) throw notThereYet(asset, at);
      const place = { asset, partition: partitionOf(graph, asset, request.partition) };
      return this.#viewed(version === undefined ? place : { ...place, version }).table.path;
    });
    yield* this.#workspace.kernels.stream(request.notebook, (kernel) => kernel.query(query, signal));
  }

  async column(request: ColumnRequest, signal: AbortSignal): Promise<ColumnSummary> {
    const kernel = await this.#kernelOf(request.asset);
    return kernel.column(this.#viewed(request).table, request.column, signal);
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { table } = this.#viewed(request);
    const kernel = await this.#kernelOf(request.asset);
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

  async save(notebook: string): Promise<string> {
    const session = await this.#workspace.sessions.session(notebook);
    await session.save();
    return sha256(session.text);
  }

  async trust(notebook: string, revision: number): Promise<number> {
    return (await this.#workspace.sessions.session(notebook)).trust(revision);
  }

  /** Its notebook's: what is looked at in one never ends another's. */
  #kernelOf(asset: AssetKey): Promise<Kernel> {
    return this.#workspace.kernels.notebook(this.#broadcast.notebookOf(asset));
  }

  /** The table of an asset's head, or of a version of it. @throws {WorkspaceError} `asset` when it has none */
  #viewed({
    asset,
    partition,
    view,
    version,
  }: Pick<ColumnRequest, "asset" | "partition" | "view" | "version">): {
    table: ViewedTable;
    rows: number | null;
  } {
    const record = this.#record(asset, partition, version);
    const file = record?.files.find(({ name }) => name === record.table);
    if (record === null || file === undefined) {
      throw new WorkspaceError({
        code: "asset",
        message: `${asset} has no table`,
        hint: `Materialise it: ${makeCommand(asset, partition)}`,
      });
    }
    const path = objectPath(this.#workspace.paths.home, file.hash);
    if (version !== undefined && !existsSync(path)) {
      throw new WorkspaceError({
        code: "asset",
        message: `the files of run ${record.run} are not kept any more`,
        hint: "Choose a later version.",
      });
    }
    return { table: view === undefined ? { path } : { path, view }, rows: record.rows };
  }

  #record(asset: AssetKey, partition: PartitionKey, version: DataVersion | undefined): AssetRecord | null {
    const { catalog } = this.#workspace;
    if (version === undefined) return catalog.versions.headRecord(asset, partition);
    return recordOf(catalog.versions.at(asset, partition, version));
  }

  file(
    asset: AssetKey,
    partition: PartitionKey,
    name: string,
    version?: DataVersion,
  ): { path: string; bytes: number } | null {
    const record = this.#record(asset, partition, version);
    const file = record?.files.find((one) => one.name === name);
    return file === undefined
      ? null
      : { path: objectPath(this.#workspace.paths.home, file.hash), bytes: file.bytes };
  }

  exported(name: string): string {
    return join(exportsFolder(this.#workspace.paths), name);
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
    if ((verb as unknown as Verb<unknown>).isForCommand?.(parameters) === true) {
      throw new WorkspaceError({
        code: "usage",
        message: `not for a page: ${name} with these parameters`,
        hint: "Write the command in a terminal.",
      });
    }
    return runVerb(verb, parameters, this.#workspace, context);
  }
}

function notThereYet(asset: AssetKey, at: string): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `${asset} was not made yet at ${at}`,
    hint: "Choose a later time.",
  });
}

/** Whether a look-up of an rsID is to be quick the next time. */
function asksForRsid({ filters = [] }: TableView): boolean {
  return filters.some((filter) => filter.is === "equal" && /^rs\d+$/.test(filter.value));
}

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
    throw refusedParameters(parsed.error, parameters);
  }
  return (verb as unknown as Verb<unknown>).run(parsed.data, { workspace, signal, progress });
}
