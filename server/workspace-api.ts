import type { AssetKey, DataVersion, PartitionKey, RunId } from "#protocol/ids.ts";
import type {
  ColumnRequest,
  ColumnSummary,
  Cursor,
  QueryRequest,
  TableRequest,
  TableView,
  WorkspaceEvent,
} from "#protocol/messages.ts";
import type { ExportFormat } from "#protocol/kernel-messages.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { Progress } from "#protocol/record.ts";
import type { Snapshot } from "#protocol/view.ts";

import type { Uploaded, UploadRequest } from "./uploads.ts";

/** What the edge (HTTP, WebSocket) may ask of a workspace. The edge knows nothing else of it. */
export interface WorkspaceApi {
  /**
   * The state of a notebook for a partition; null picks the first of each.
   *
   * @throws {WorkspaceError} `usage` for a notebook or a partition that is not there
   */
  snapshot(notebook: string | null, partition: PartitionKey | null): Promise<Snapshot>;
  /** What happened since a cursor of a snapshot of this notebook and partition; null when only a new one can tell. */
  resume(cursor: Cursor, notebook: string, partition: PartitionKey): Resumed | null;
  /** Calls `listener` for everything that happens from now on; the result unsubscribes. */
  subscribe(listener: (event: WorkspaceEvent) => void): () => void;
  /** A page shows a notebook for a partition, until the result is called. */
  look(notebook: string, partition: PartitionKey): () => void;
  /**
   * Starts a run, on an engine or on each cell's own, and answers at once.
   *
   * @throws {WorkspaceError} `usage` for a selection that selects nothing, or an engine that nothing of it can run on;
   *   `notebook` for work of a notebook that is not trusted
   */
  startRun(select: string, partition: PartitionKey, engine?: string): Promise<RunId>;
  /** Asks a run to stop, and answers at once; with `kill` its kernel is ended now. */
  cancelRun(run: RunId, kill: boolean): void;
  /** Stops what a notebook's kernel does, or replaces it. */
  kernel(notebook: string, action: "interrupt" | "restart"): Promise<void>;
  /** Rows of an asset's table as Arrow IPC messages; ends early when the signal fires. */
  table(request: TableRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Rows under the view of a table; null when that is not known. */
  rows(request: TableRequest, signal: AbortSignal): Promise<number | null>;
  /** What a live cell gives, as Arrow IPC messages; ends early when the signal fires. */
  query(request: QueryRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  column(request: ColumnRequest, signal: AbortSignal): Promise<ColumnSummary>;
  /**
   * Changes a notebook and answers with its new revision.
   *
   * @throws {WorkspaceError} `usage` for a notebook that is not there, `notebook` for a change that cannot be
   */
  edit(notebook: string, ops: readonly NotebookOp[]): Promise<number>;
  /** Takes the last change back; without one, nothing happens. Answers with the revision. */
  undo(notebook: string): Promise<number>;
  /** Does again what was taken back last. */
  redo(notebook: string): Promise<number>;
  /** Writes what was edited to the file now, and answers with the SHA-256 (hex) of what it holds. */
  save(notebook: string): Promise<string>;
  /**
   * Lets a notebook run that another program wrote.
   *
   * @throws {WorkspaceError} `usage` when it is not there, or is another revision by now
   */
  trust(notebook: string, revision: number): Promise<number>;
  /** Where a file of an asset's output lies, of the version that stands or another; null when there is none. */
  file(
    asset: AssetKey,
    partition: PartitionKey,
    name: string,
    version?: DataVersion,
  ): { path: string; bytes: number } | null;
  /** Where an exported notebook of this file name lies, when there is one. */
  exported(name: string): string;
  /** Bytes of an asset's table under a view as a file of another format, made as they are read. */
  export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Keeps a genome file that a person sends and makes it a partition.
   *
   * @throws {WorkspaceError} `usage` for a name that is none or a file above the limit, `source` for what is no genome
   */
  upload(request: UploadRequest, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uploaded>;
  /**
   * Runs a verb (`annotate-modules`, `why`, `run-list` …) as the command line does.
   *
   * @throws {WorkspaceError} `usage` for an unknown verb or parameters that do not fit
   */
  verb(name: string, parameters: unknown, context: VerbContext): Promise<unknown>;
}

export interface Resumed {
  readonly events: readonly WorkspaceEvent[];
  /** Where a page stands that has them. */
  readonly seq: number;
}

export interface ExportRequest {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly format: ExportFormat;
  readonly view?: TableView;
  readonly version?: DataVersion;
}

export interface VerbContext {
  readonly signal: AbortSignal;
  readonly progress: (asset: AssetKey | null, progress: Progress) => void;
}
