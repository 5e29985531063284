import type { AssetDefinition } from "#graph/definition.ts";
import type { Graph } from "#graph/graph.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, AssetStatus, PartitionAttributes, Progress } from "#protocol/record.ts";
import type { Sparing } from "#protocol/sparing.ts";

import type { Catalog } from "../catalog/catalog.ts";
import type { Kernel } from "../kernels/kernel.ts";
import type { Refusal } from "./may-run.ts";

/** A step of a run. */
export interface At {
  readonly run: RunId;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

/** What carrying out a run needs of the workspace. */
export interface RunContext {
  readonly graph: Graph;
  readonly catalog: Catalog;
  readonly home: string;
  readonly software: string;
  readonly attributes: PartitionAttributes;
  /** What the run is to have fresh in the end: what was selected and all that it is made from. */
  readonly wanted: ReadonlySet<AssetKey>;
  /** Externals that are not there, by key: what needs them fails with this. */
  readonly absent: ReadonlyMap<AssetKey, ErrorInfo>;
  /** Why an asset may not be made by whoever started the run; null when it may. */
  readonly refusal: Refusal;
  /** A kernel for a step; for one that is tried with less, one that is its alone, and is ended after it. */
  kernel(sparing: Sparing | null): Promise<Kernel>;
  status(asset: AssetKey): AssetStatus;
  /** Name of the engine that the run chose for an asset instead of its cell's own; null: its own. */
  engineOf(definition: AssetDefinition): string | null;
  partsOf(definition: AssetDefinition): Readonly<Record<string, string>>;
  progress(asset: AssetKey, progress: Progress): void;
  /** A step waits for another run that makes the same; null: it does no longer. */
  waits(asset: AssetKey, other: RunId | null): void;
  /** A step failed: what is not written down of it. */
  failed(at: At, error: ErrorInfo): void;
  /** Something was written down. */
  changed(): void;
  published(record: AssetRecord): Promise<void>;
}
