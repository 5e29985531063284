/**
 * What the browser and the server say to one another over one WebSocket: JSON text frames both ways, and
 * binary frames (see `frame.ts`) from the server for tables.
 */
import type { AssetKey, DataVersion, PartitionKey, RunId } from "./ids.ts";
import type { ErrorInfo } from "./error.ts";
import type { NotebookOp } from "./notebook-op.ts";
import type { AssetView, KernelView, NotebookView, PartitionView, RunView, Snapshot } from "./view.ts";

/** `id` names a request; the server answers each with one `reply`. Streams are named by the client. */
export type ClientMessage =
  /**
   * Shows a notebook for a partition (null: the first of each) and subscribes to what happens to it. With `cursor`,
   * which is of a snapshot of the same two, what happened since is the answer when the server still has it.
   */
  | {
      readonly type: "open";
      readonly id: number;
      readonly notebook: string | null;
      readonly partition: PartitionKey | null;
      readonly cursor?: Cursor;
    }
  /** `engine`: the name of one, for what takes a choice; absent: of each cell its own. */
  | {
      readonly type: "run";
      readonly id: number;
      readonly select: string;
      readonly partition: PartitionKey;
      readonly engine?: string;
    }
  /** Asks a run to stop; with `kill`, its kernel is ended now, whatever it does. */
  | { readonly type: "cancel"; readonly id: number; readonly run: RunId; readonly kill?: boolean }
  /** Stops what a notebook's kernel computes, or ends the kernel and starts another. Nothing that is kept is lost. */
  | {
      readonly type: "kernel";
      readonly id: number;
      readonly notebook: string;
      readonly action: "interrupt" | "restart";
    }
  /** Starts a stream of the rows of a window. */
  | ({ readonly type: "table"; readonly id: number; readonly stream: number } & TableRequest)
  /** Starts a stream of what a live cell (SQL that is not kept) gives. */
  | ({ readonly type: "query"; readonly id: number; readonly stream: number } & QueryRequest)
  /** Asks for the statistics of a column of an asset's table under a view. */
  | ({ readonly type: "column"; readonly id: number } & ColumnRequest)
  /** Changes a notebook: answered with its new revision, and told to every page that has it open. */
  | {
      readonly type: "edit";
      readonly id: number;
      readonly notebook: string;
      readonly ops: readonly NotebookOp[];
    }
  | { readonly type: "undo"; readonly id: number; readonly notebook: string }
  | { readonly type: "redo"; readonly id: number; readonly notebook: string }
  /** Writes what was edited to the notebook's file now. */
  | { readonly type: "save"; readonly id: number; readonly notebook: string }
  /** Lets a notebook run as it is at a revision, which is what the person has seen. */
  | { readonly type: "trust"; readonly id: number; readonly notebook: string; readonly revision: number }
  /** Lets the server send `messages` more binary frames of a stream; a stream starts with {@link FIRST_CREDIT}. */
  | { readonly type: "credit"; readonly stream: number; readonly messages: number }
  | { readonly type: "close"; readonly stream: number };

export const FIRST_CREDIT = 8;

/** So often the server says that it is there, whatever else it says, in milliseconds: a page cannot see its pings. */
export const ALIVE_MS = 15_000;

/** What the server takes of a page. It closes the connection over more, so a page looks before it sends. */
export const MOST_SENT: {
  /** UTF-8 bytes of one message. */
  readonly messageBytes: number;
  /** Characters of the text of a cell, or of a value that is bound: longer than any that a person writes. */
  readonly source: number;
  /** Characters of any other text. */
  readonly text: number;
  /** Items of a list that is bound. */
  readonly items: number;
} = { messageBytes: 256 << 10, source: 200_000, text: 10_000, items: 10_000 };

/** Rows `offset` … `offset + limit - 1` of an asset's table, 0-based. */
export interface TableRequest {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly offset: number;
  readonly limit: number;
  /** Rows in another order, or fewer of them; `offset` counts in what is left. Absent: all, in the order of the file. */
  readonly view?: TableView;
  /** Of an earlier version; absent: of the one that stands. */
  readonly version?: DataVersion;
}

/** What a cell of live SQL gives. */
export interface QueryRequest {
  readonly notebook: string;
  readonly cell: string;
  readonly partition: PartitionKey;
  /** Of the `${}` of the cell and of the live cells it reads, by cell, in the order of the text; bound, never text. */
  readonly values: Readonly<Record<string, readonly QueryValue[]>>;
  readonly limit: number;
  /** Assets that are read as they were, by their data versions. */
  readonly versions?: Readonly<Record<string, string>>;
  /** A time (ISO 8601, UTC): the cell is read as it stood then. */
  readonly at?: string;
}

/** Statistics of a column of an asset's table. */
export interface ColumnRequest {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly column: string;
  /** Of the rows under it; absent: of all. */
  readonly view?: TableView;
  /** Of an earlier version; absent: of the one that stands. */
  readonly version?: DataVersion;
}

/** The last event that a page has seen, of one life of the server. */
export interface Cursor {
  readonly boot: string;
  readonly seq: number;
}

/** A value that a page binds to a `${}`. */
export type QueryValue = QueryItem | readonly QueryItem[];
/** One that a list may hold. A number is finite. */
export type QueryItem = string | number | boolean | null;

/** How a table is looked at: the kernel sorts and filters, the page never does. */
export interface TableView {
  readonly sort?: readonly { readonly column: string; readonly descending: boolean }[];
  readonly filters?: readonly ColumnFilter[];
  /** Rows in which any text column contains this, whatever the case. */
  readonly search?: string;
}

export type ColumnFilter =
  | { readonly column: string; readonly is: "equal" | "not-equal" | "contains"; readonly value: string }
  /** Both ends included; null: open. */
  | {
      readonly column: string;
      readonly is: "between";
      readonly least: number | null;
      readonly most: number | null;
    }
  | { readonly column: string; readonly is: "null" | "not-null" };

/** Statistics of one column; every number is exact. */
export interface ColumnSummary {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  /** Of a numeric column: counts between `edges[i]` and `edges[i + 1]`, the last edge included. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] } | null;
  /** The most frequent values of a column of text, the most frequent first. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

export type ServerMessage =
  | { readonly type: "reply"; readonly id: number; readonly result: Reply }
  | { readonly type: "reply"; readonly id: number; readonly error: ErrorInfo }
  | { readonly type: "event"; readonly event: WorkspaceEvent }
  | { readonly type: "alive" }
  /** After the last frame of a stream. `error` when it did not end by itself. */
  | { readonly type: "end"; readonly stream: number; readonly error?: ErrorInfo };

/** Answer by request: `open` → snapshot, or events since its cursor, `run` → run, `table` → rows, `column` → column, `edit` and `trust` → revision, `save` → saved, the others → null. */
export type Reply =
  | { readonly snapshot: Snapshot }
  /** In their order, the last one of each thing: they bring the page to `seq`. */
  | { readonly events: readonly WorkspaceEvent[]; readonly seq: number }
  | { readonly run: RunId }
  /** Rows under the view of a `table`; null while it is not known. `version`: what the stream holds the rows of. */
  | { readonly rows: number | null; readonly version?: DataVersion }
  | { readonly column: ColumnSummary }
  | { readonly revision: number }
  /** SHA-256 (hex) of the file. */
  | { readonly saved: string }
  | null;

/** An event before it has its number. */
export type UnnumberedEvent = WorkspaceEvent extends infer Event
  ? Event extends WorkspaceEvent
    ? Omit<Event, "seq">
    : never
  : never;

/** What happened in the workspace, in the order of `seq`; each replaces what the page knew of that thing. */
export type WorkspaceEvent =
  | { readonly seq: number; readonly type: "asset"; readonly asset: AssetView }
  | { readonly seq: number; readonly type: "run"; readonly run: RunView }
  | { readonly seq: number; readonly type: "partitions"; readonly partitions: readonly PartitionView[] }
  | { readonly seq: number; readonly type: "kernel"; readonly kernel: KernelView }
  /** A notebook changed, by an edit of any page or on disk. */
  | { readonly seq: number; readonly type: "notebook"; readonly notebook: NotebookView }
  /** The set of notebooks or modules changed: ask again with `open`. */
  | { readonly seq: number; readonly type: "definitions" };
