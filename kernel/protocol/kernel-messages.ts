/** What the server and a kernel process say to one another, over the channel of `child_process.fork`. */
import type { ErrorInfo } from "./error.ts";
import type { AssetKey, DataVersion, PartitionKey } from "./ids.ts";
import type { ColumnSummary, QueryValue, TableView } from "./messages.ts";
import type { Observation, PartitionAttributes, Produced, Progress } from "./record.ts";
import type { Sparing } from "./sparing.ts";
import type { OutputKind } from "./view.ts";

/** The fence of a cell, as much of it as decides what it computes. */
export interface CellText {
  readonly name: string;
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly source: string;
}

/** What a cell type says of one cell. */
export interface CellAnalysis {
  /** Cell type; null when no type takes this fence. */
  readonly kind: string | null;
  /** Computed when it is looked at and never kept: no asset, though it reads some. */
  readonly live: boolean;
  readonly external: boolean;
  readonly partitioned: boolean;
  readonly inputs: readonly string[];
  readonly parts: Readonly<Record<string, string>>;
  readonly output: OutputKind;
  /** Goes on without inputs that failed, and says so in its output. */
  readonly tolerant: boolean;
  /** Takes little time and memory: may be made beside other steps. */
  readonly light: boolean;
  /** Those of `inputs` that are read when they are there, and not made for this. */
  readonly optional: readonly string[];
  /** Versions that it is compared with, of its own sample or of others. */
  readonly others: readonly OtherVersion[];
  /** The engines that a run may choose from; null: it takes no choice. */
  readonly engine: EngineChoice | null;
  /** Whether all of this follows from the cell's text alone; false: a change of a file of the workspace may change it. */
  readonly ofText: boolean;
  readonly error: ErrorInfo | null;
}

/** Engines that a cell can be made on, with one schema. SQL means on each what that engine says it means. */
export interface EngineChoice {
  /** The one that the cell names, or that it runs on when it names none. */
  readonly own: string;
  /** Version of each, by its name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A version of an asset that need not be the one that stands. */
export interface OtherVersion {
  readonly asset: string;
  /** `USER/SAMPLE`; null: the sample that is made. */
  readonly sample: string | null;
  /** `head`, `previous`, a run, the start of a data version, a time. */
  readonly version: string;
}

/** Files of one input, by name. */
export interface InputFiles {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly dataVersion: DataVersion;
  /** Name inside the output → absolute path and hash of the object. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly hash: string }>>;
  /** Name of the file that is the table; null when it is none. */
  readonly table: string | null;
  /** Columns of the table whose text is percent-encoded. Absent: none. */
  readonly encoded?: readonly string[];
  readonly facts: unknown;
}

/** One asset to make in one partition. */
export interface StepOrder {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly kind: string;
  readonly cell: CellText;
  readonly attributes: PartitionAttributes;
  /** In the order of the definition's inputs. */
  readonly inputs: readonly InputFiles[];
  /** The versions that the cell is compared with, in the order of the definition's. */
  readonly others: readonly InputFiles[];
  /** Name of the engine that the run chose; null: the cell's own. */
  readonly engine: string | null;
  /** Inputs that could not be made, for a cell type that goes on without them. */
  readonly absent: readonly { readonly asset: AssetKey; readonly error: ErrorInfo }[];
  /** ISO 8601, UTC: the time that the output says it was made. */
  readonly madeAt: string;
  /** Private directory that output is staged in; removed when the step ends. */
  readonly staging: string;
  /** Directory of the object store. */
  readonly objects: string;
}

/** One live cell of a {@link LiveQuery}: its text with the `${}` as written, and their values in order. */
export interface LiveCell {
  /** Name by which the cells after it read it; of the last cell, what errors name. */
  readonly name: string;
  readonly source: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly values: readonly QueryValue[];
}

/** A query over kept tables and other live cells. It reads nothing but what is named here. */
export interface LiveQuery {
  /** Each after those it reads; the last one is what is asked for. */
  readonly cells: readonly LiveCell[];
  /** Name → absolute path of a Parquet file, of every table that a cell reads. */
  readonly tables: Readonly<Record<string, string>>;
  /** Most rows of the result. */
  readonly limit: number;
}

/** A table in a Parquet file that is stored for good, looked at in some way. */
export interface ViewedTable {
  readonly path: string;
  readonly view?: TableView;
}

export const EXPORT_FORMATS = ["csv", "tsv", "parquet", "arrow"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Where things are, and how much of the machine the kernel may use; sent once, first. */
export interface KernelSettings {
  readonly software: string;
  /** Of whoever starts it, see build.ts: a kernel of another one is refused. Null: any will do. */
  readonly build: string | null;
  readonly notebooks: string;
  /** Directory of the object store: beside its own spilled data, all that shown tables are read from. */
  readonly objects: string;
  /** Directory of what was downloaded and may be downloaded again, such as a reference; workspaces may share it. */
  readonly cache: string;
  /** Directory for spilled data. */
  readonly spill: string;
  /** What the engine may hold; null: by what the machine has. */
  readonly memoryBytes: number | null;
  /** What the whole process may hold; null: three fifths of the machine. */
  readonly capBytes: number | null;
  readonly threads: number | null;
  /**
   * Of a kernel that makes assets: how many of these there may be, which share the memory; null: as many as the machine
   * bears. Absent: it shares with none.
   */
  readonly runsAtOnce?: number | null;
  /** Absent: all of it. */
  readonly sparing?: Sparing;
}

export type KernelRequest =
  | { readonly type: "start"; readonly settings: KernelSettings }
  /** Answers with one `CellAnalysis` a cell. */
  | {
      readonly type: "analyse";
      readonly id: number;
      readonly cells: readonly CellText[];
      readonly modules: readonly string[];
    }
  | {
      readonly type: "observe";
      readonly id: number;
      readonly kind: string;
      readonly cell: CellText;
      readonly attributes: PartitionAttributes;
    }
  | { readonly type: "step"; readonly id: number; readonly step: StepOrder }
  /** Streams rows of a table under its view as `batch` messages, as many as there is `credit` for. */
  | {
      readonly type: "table";
      readonly id: number;
      readonly table: ViewedTable;
      readonly offset: number;
      readonly limit: number;
    }
  /** Answers with the number of rows under the view; null when that takes long and rows can be shown before. */
  | { readonly type: "rows"; readonly id: number; readonly table: ViewedTable }
  /** Makes what finds an rsID of the table at once, where there is none. Answers null. */
  | { readonly type: "index"; readonly id: number; readonly table: ViewedTable }
  | { readonly type: "column"; readonly id: number; readonly table: ViewedTable; readonly column: string }
  /** Streams the result of live SQL as Arrow messages. */
  | { readonly type: "query"; readonly id: number; readonly query: LiveQuery }
  /** Streams the bytes of a file of another format. */
  | {
      readonly type: "export";
      readonly id: number;
      readonly table: ViewedTable;
      readonly format: ExportFormat;
    }
  | { readonly type: "credit"; readonly id: number; readonly messages: number }
  /** A piece of work by its name, for verbs that make no asset: `inspect-genome`, `synth` … */
  | { readonly type: "call"; readonly id: number; readonly name: string; readonly parameters: unknown }
  | { readonly type: "cancel"; readonly id: number };

export type KernelMessage =
  /** Once, first. A kernel that comes to hold more than `capBytes` is ended. */
  | {
      readonly type: "ready";
      readonly build: string | null;
      readonly capBytes: number;
      readonly runsAtOnce: number;
    }
  | { readonly type: "reply"; readonly id: number; readonly result: KernelResult }
  | { readonly type: "reply"; readonly id: number; readonly error: ErrorInfo }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "batch"; readonly id: number; readonly bytes: Uint8Array };

export type KernelResult =
  /** `build` of the kernel, see build.ts. */
  | { readonly analyses: readonly CellAnalysis[]; readonly build: string | null }
  | { readonly observation: Observation | null }
  | { readonly produced: Produced }
  | { readonly rows: number | null }
  | { readonly column: ColumnSummary }
  | { readonly value: unknown }
  | null;
