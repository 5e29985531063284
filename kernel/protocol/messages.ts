/**
 * What the browser and the server say to one another over one WebSocket: JSON text frames both ways, and
 * binary frames (see `frame.ts`) from the server for tables.
 */
import type { AssetKey, PartitionKey, RunId } from "./ids.ts";
import type { ErrorInfo } from "./error.ts";
import type { AssetView, PartitionView, RunView, Snapshot } from "./view.ts";

/** `id` names a request; the server answers each with one `reply`. Streams are named by the client. */
export type ClientMessage =
  /** Shows a notebook for a partition (null: the first of each) and subscribes to what happens to it. */
  | {
      readonly type: "open";
      readonly id: number;
      readonly notebook: string | null;
      readonly partition: PartitionKey | null;
    }
  | { readonly type: "run"; readonly id: number; readonly select: string; readonly partition: PartitionKey }
  | { readonly type: "cancel"; readonly id: number; readonly run: RunId }
  /** Starts a stream of rows `offset` … `offset + limit - 1`, 0-based, in the order of the file. */
  | {
      readonly type: "table";
      readonly id: number;
      readonly stream: number;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly offset: number;
      readonly limit: number;
    }
  /** Lets the server send `messages` more binary frames of a stream; a stream starts with {@link FIRST_CREDIT}. */
  | { readonly type: "credit"; readonly stream: number; readonly messages: number }
  | { readonly type: "close"; readonly stream: number };

export const FIRST_CREDIT = 8;

export type ServerMessage =
  | { readonly type: "reply"; readonly id: number; readonly result: Reply }
  | { readonly type: "reply"; readonly id: number; readonly error: ErrorInfo }
  | { readonly type: "event"; readonly event: WorkspaceEvent }
  /** After the last frame of a stream. `error` when it did not end by itself. */
  | { readonly type: "end"; readonly stream: number; readonly error?: ErrorInfo };

/** Answer by request: `open` → snapshot, `run` → run, the others → null. */
export type Reply = { readonly snapshot: Snapshot } | { readonly run: RunId } | null;

/** What happened in the workspace, in the order of `seq`; each replaces what the page knew of that thing. */
export type WorkspaceEvent =
  | { readonly seq: number; readonly type: "asset"; readonly asset: AssetView }
  | { readonly seq: number; readonly type: "run"; readonly run: RunView }
  | { readonly seq: number; readonly type: "partitions"; readonly partitions: readonly PartitionView[] }
  /** A notebook or module file changed on disk: ask again with `open`. */
  | { readonly seq: number; readonly type: "definitions" };
