/** What verbs answer with that the page shows too. */
import type { TableDiff } from "./diff.ts";
import type { AssetKey, PartitionKey, RunId } from "./ids.ts";
import type { LineChange } from "./line-changes.ts";
import type { AssetRecord, StaleCause } from "./record.ts";
import type { AssetView, NotebookView } from "./view.ts";

/** A module folder that compiles, with its counts. */
export interface ReadyModule {
  readonly status: "ready";
  readonly name: string;
  readonly title: string;
  /** Null: not stated. */
  readonly version: string | null;
  readonly digest: string;
  readonly description: string;
  /** Authored genotypes, a row for each place. */
  readonly weights: number;
  /** Those of them with a place. */
  readonly placed: number;
  readonly studies: number;
}

/** `list-modules`. */
export interface ModuleList {
  readonly folder: string;
  readonly modules: readonly (
    | ReadyModule
    | { readonly status: "failed"; readonly name: string; readonly reason: string }
  )[];
}

/** One version of an asset. */
export interface PastVersion {
  readonly record: AssetRecord;
  /** What differs from the version before; empty for the first version, and where nothing does. */
  readonly causes: readonly StaleCause[];
  /** Whether the content is that of the version before. */
  readonly same: boolean;
  /** Whether its files are there: those of an old version may have been let go. */
  readonly kept: boolean;
}

/** `history`. */
export interface HistoryResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** The latest first: the first is the one that stands. */
  readonly versions: readonly PastVersion[];
}

/** `as-of`. */
export interface AsOfResult {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The run that kept the texts of the notebooks; null: they were not kept, and those of now stand for them. */
  readonly kept_by: RunId | null;
  /** The one that was asked for; null when none was, or there was none of this name. */
  readonly notebook: NotebookView | null;
  /** Of what was not made yet there is no record. */
  readonly assets: readonly AssetView[];
}

/** One of the two versions that are compared. */
export interface DiffSide {
  readonly partition: PartitionKey;
  readonly run: RunId;
  /** ISO 8601, UTC. */
  readonly made_at: string;
  readonly data_version: string;
}

/** `diff`. */
export interface DiffResult extends TableDiff {
  /** What was asked about. */
  readonly asset: AssetKey;
  /** Whose tables were compared: of a report, what it was made from. */
  readonly table: AssetKey;
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** A notebook, a module or the report templates of which Karyon ships a newer version than the workspace has. */
export interface NewerPart {
  /** `welcome.md`, `modules/coronary`, `reports`. */
  readonly name: string;
  /** Whether the person changed any file of it. */
  readonly mine: "unchanged" | "changed";
  /** Whether it can be merged: a notebook of which it is known what both changed. */
  readonly mergeable: boolean;
  /** Those of it that are newer. */
  readonly files: readonly NewerFile[];
}

export interface NewerFile {
  /** Inside the notebooks folder. */
  readonly path: string;
  /** `gone`: Karyon ships it no more. */
  readonly change: "changed" | "new" | "gone";
  /** From the person's text to the one that is shipped; absent: not asked for. */
  readonly lines?: readonly LineChange[];
}

/** `update`. */
export interface UpdateResult {
  readonly software: string;
  /** Everything that was newer, and what became of it; `left`: nothing was done. */
  readonly parts: readonly (NewerPart & { readonly did: "left" | "taken" | "kept" | "merged" })[];
  /** Cells of merged notebooks that both had changed, and stand below one another. */
  readonly conflicts: number;
}
