import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { WorkspaceEvent } from "#protocol/messages.ts";
import type { Progress } from "#protocol/record.ts";
import type { Snapshot } from "#protocol/view.ts";

/** What the edge (HTTP, WebSocket) may ask of a workspace. The edge knows nothing else of it. */
export interface WorkspaceApi {
  /**
   * The state of a notebook for a partition; null picks the first of each.
   *
   * @throws {WorkspaceError} `usage` for a notebook or a partition that is not there
   */
  snapshot(notebook: string | null, partition: PartitionKey | null): Promise<Snapshot>;
  /** Calls `listener` for everything that happens from now on; the result unsubscribes. */
  subscribe(listener: (event: WorkspaceEvent) => void): () => void;
  /** Starts a run and answers at once. @throws {WorkspaceError} `usage` for a selection that selects nothing */
  startRun(select: string, partition: PartitionKey): Promise<RunId>;
  cancelRun(run: RunId): void;
  /** Rows of an asset's table as Arrow IPC messages; ends early when the signal fires. */
  table(request: TableRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Where a file of an asset's current output lies; null when there is none of that name. */
  file(asset: AssetKey, partition: PartitionKey, name: string): { path: string; bytes: number } | null;
  /**
   * Runs a verb (`annotate-modules`, `why`, `run-list` …) as the command line does.
   *
   * @throws {WorkspaceError} `usage` for an unknown verb or parameters that do not fit
   */
  verb(name: string, parameters: unknown, context: VerbContext): Promise<unknown>;
}

export interface TableRequest {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly offset: number;
  readonly limit: number;
}

export interface VerbContext {
  readonly signal: AbortSignal;
  readonly progress: (asset: AssetKey | null, progress: Progress) => void;
}
