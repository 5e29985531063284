/** What the page draws: states as data, decided by the server. */
import type { AssetKey, PartitionKey, RunId } from "./ids.ts";
import type { ErrorInfo } from "./error.ts";
import type { AssetRecord, AssetStatus, Progress } from "./record.ts";
import type { Sparing } from "./sparing.ts";

/** One cell of a notebook as the page shows it. */
export interface CellView {
  /** The name, or a key made from the content for a cell without one; unique in the notebook. */
  readonly id: string;
  readonly name: string | null;
  /** Language of the fence; `md` for the prose between fences. */
  readonly language: string;
  /** Cell type: `markdown`, `source`, `config`, `normalise`, `modules`, `annotate`, `report`, `sql` … */
  readonly kind: string;
  readonly source: string;
  /** What stands after the name in the fence: `{engine: "duckdb"}`; empty for prose. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Names that a kernel cell reads; null for prose and browser cells, whose inputs the page finds. */
  readonly inputs: readonly string[] | null;
  /** Key of the asset that the cell declares; null for prose and views. */
  readonly asset: AssetKey | null;
  /** A static error of the cell or of its place in the graph. */
  readonly error: ErrorInfo | null;
  /**
   * Id of the cell that turns this one off (`disabled` in its fence): its own, or one that it reads; null when it
   * runs. What a browser cell reads the page finds, so there it is its own or null.
   */
  readonly disabledBy: string | null;
  /** It came or was edited a moment ago, and what it is will be told in another. Absent: this is what it is. */
  readonly pending?: true;
}

/** What an asset's preview is. */
export type OutputKind = "table" | "report" | "none";

/** One asset in one partition, with everything its cell shows. */
export interface AssetView {
  readonly key: AssetKey;
  /** The empty string for an asset without partitions. */
  readonly partition: PartitionKey;
  readonly kind: string;
  /** Observed from outside (a file, a folder, a value in a cell), never run. */
  readonly external: boolean;
  readonly upstream: readonly AssetKey[];
  readonly downstream: readonly AssetKey[];
  /** Notebook that declares it; null for a module folder. */
  readonly notebook: string | null;
  readonly status: AssetStatus;
  /** How the last try failed, at a text that was edited since. Absent: it did not, or `status` says so. */
  readonly failedBefore?: ErrorInfo;
  /** Whether a person pinned it, whatever its status is. */
  readonly held: boolean;
  /** Record of the head; null when missing, and for what is external. */
  readonly record: AssetRecord | null;
  /** Whether there is a version before that of the record, to compare it with. */
  readonly earlier: boolean;
  /** One line on an external: `genome.vcf.gz, 96 MB`; null when not looked at. */
  readonly observed: string | null;
  /** Size of an external; absent: not known. */
  readonly observedBytes?: number;
  readonly output: OutputKind;
  /** Names of the engines that a run may choose from, its cell's own first; absent: it takes no choice. */
  readonly engines?: readonly string[];
  /** When it is made by itself; absent: only when somebody asks. */
  readonly automation?: AutomationView;
  /** Why it is not made by itself now, though it is missing or stale: `cell`, which it needs, is not trusted. */
  readonly waits?: ErrorInfo;
  /** `record` and `observed` are those of an earlier version. */
  readonly past?: boolean;
}

export interface AutomationView {
  /** `lazy`, `eager`, `cron 0 3 * * *`. */
  readonly policy: string;
  /** Of a cron expression: its next time (ISO 8601, UTC). */
  readonly next?: string;
}

export type StepState = "pending" | "running" | "done" | "failed" | "skipped" | "cancelled";

export interface StepView {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly state: StepState;
  /**
   * Why it was skipped: `unchanged`, `upstream_failed`, `check_blocked` (what failed upstream is a check), `held`,
   * `disabled`; of what is done, `cached` when an earlier result was taken over; null otherwise.
   */
  readonly reason: string | null;
  readonly progress: Progress | null;
  /** Another run, which makes the same: this step waits for what comes of it. Null: it does not. */
  readonly waitsFor: RunId | null;
  /** It did not fit into memory, and was tried once more in this way; null when it was not. */
  readonly sparing: Sparing | null;
  readonly startedAt: string | null;
  readonly seconds: number | null;
  /** Seconds that it took the time before, by which its run was priced; absent: it was never made. */
  readonly expected?: number;
  readonly error: ErrorInfo | null;
  /** What it was made on, as its record says: `polars 0.25.1`; absent when no engine took part, or it was not made. */
  readonly engine?: string;
}

/** Whether it was skipped because of what failed upstream of it. */
export function isBlocked({ state, reason }: Pick<StepView, "state" | "reason">): boolean {
  return state === "skipped" && (reason === "upstream_failed" || reason === "check_blocked");
}

export interface RunView {
  readonly id: RunId;
  /** What was asked for, as a selection: `+user_longevity_report`. */
  readonly selection: string;
  /** Name of the engine that was chosen for it; absent: of each cell its own. */
  readonly engine?: string;
  readonly partition: PartitionKey;
  readonly state: "running" | "done" | "failed" | "cancelled" | "interrupted";
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** When it was asked to stop, while it has not yet. */
  readonly stoppingSince: string | null;
  /** Until one of these has ended it waits for its turn; empty once it has begun. */
  readonly waitsFor: readonly RunId[];
  readonly steps: readonly StepView[];
  /** Of what was selected and stays, that on the engine of the run; without one, that of which an earlier run chose the engine. */
  readonly kept?: readonly KeptOn[];
}

export interface KeptOn {
  readonly asset: AssetKey;
  readonly engine: string;
}

export interface PartitionView {
  readonly key: PartitionKey;
  /** File name of its VCF, without the folder; null when none is set. */
  readonly source: string | null;
  readonly synthetic: boolean;
  /** `female · blood, 2024`: what its person said of it; absent: nothing. */
  readonly about?: string;
  /** As its person said; absent: nothing was said. */
  readonly sex?: "female" | "male";
}

/** A block that differs from what it was: its whole text, fences included. */
export interface ChangedCell {
  /** Its id; of one that is gone, the id that it had. */
  readonly cell: string;
  /** Null: it is new. */
  readonly before: string | null;
  /** Null: it is gone. */
  readonly after: string | null;
}

/** Why nothing of a notebook runs: another program wrote its text, and nobody here has trusted it. */
export interface Untrusted {
  /** In what it differs from the last text of this name that was trusted; null when none was. */
  readonly changed: readonly ChangedCell[] | null;
}

/** The kernel that computes what is looked at in a notebook. */
export interface KernelView {
  readonly notebook: string;
  /** `off`: there is none until something is to be computed. */
  readonly state: "off" | "starting" | "idle" | "busy";
  /** What it makes so that later look-ups are quick: `indexing the rsIDs, 40 %`; null when nothing. */
  readonly upkeep: string | null;
  /** Memory that it holds and cannot give back, in steps; null when not known. */
  readonly heldBytes: number | null;
  /** What it may hold; null before it has started. */
  readonly capBytes: number | null;
  /** How the last one ended or could not start, when nobody asked for that; null when it did not, or a new one has done work since. */
  readonly death: ErrorInfo | null;
}

export interface NotebookView {
  /** Path inside the notebooks folder: `personal-genome.md`. */
  readonly path: string;
  readonly title: string;
  /** Rises with every change; a page that has a lower one is behind. */
  readonly revision: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Null for one that may run. */
  readonly untrusted: Untrusted | null;
  readonly cells: readonly CellView[];
  /** The time (ISO 8601, UTC) that it is shown at, and is not edited; absent: as it is. */
  readonly at?: string;
}

/** A file of the notebooks folder that cannot be read, and why. */
export interface UnreadNotebook {
  readonly path: string;
  readonly error: ErrorInfo;
}

/** Everything a page needs to draw itself; `seq` is the number of the last event it contains. */
export interface Snapshot {
  /** Names the life of the server in which `seq` counts. */
  readonly boot: string;
  readonly seq: number;
  readonly workspace: string;
  readonly software: string;
  readonly notebooks: readonly { readonly path: string; readonly title: string }[];
  /** Absent, as in an exported notebook: nobody looked. */
  readonly unread?: readonly UnreadNotebook[];
  readonly notebook: NotebookView;
  readonly partition: PartitionKey;
  readonly partitions: readonly PartitionView[];
  readonly assets: readonly AssetView[];
  /** Of the notebook. */
  readonly kernel: KernelView;
  /** The latest first. */
  readonly runs: readonly RunView[];
}
