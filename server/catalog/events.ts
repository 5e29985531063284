import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, CodeVersion, DataVersion, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, Observation, PartitionAttributes, StoredFile } from "#protocol/record.ts";
import type { Sparing } from "#protocol/sparing.ts";
import type { KeptOn } from "#protocol/view.ts";

/** What a record holds beside its number in the log. */
export type RecordBody = Omit<AssetRecord, "seq">;

/** Everything that is ever written down. Each is one row of the log, never changed. */
export type CatalogEvent =
  | {
      readonly type: "run_started";
      readonly run: RunId;
      readonly partition: PartitionKey;
      readonly selection: string;
      /** Name of the engine that it chose; absent: of each cell its own. */
      readonly engine?: string;
      readonly steps: readonly {
        readonly asset: AssetKey;
        readonly partition: PartitionKey;
        /** Seconds that it took the last time; absent: it was never made. */
        readonly expected?: number;
      }[];
      /** Of what was selected and stays, that on the engine of the run; without one, that of which an earlier run chose the engine. */
      readonly kept?: readonly KeptOn[];
    }
  | {
      readonly type: "step_started";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
    }
  | {
      readonly type: "step_skipped";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly reason: "unchanged" | "upstream_failed" | "check_blocked" | "held" | "disabled";
    }
  | {
      readonly type: "step_failed";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly error: ErrorInfo;
      /** Seen in its definition before anything ran, and gone with what was wrong there. */
      readonly ofDefinition?: true;
      /** What a person had written when it was tried, see `writtenVersion`. Absent: not known. */
      readonly written?: CodeVersion;
    }
  /** Its kernel died by itself: it is tried once more. */
  | {
      readonly type: "step_lost";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly error: ErrorInfo;
    }
  /** It did not fit into memory: it is tried once more with less. */
  | {
      readonly type: "step_spared";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly error: ErrorInfo;
      readonly sparing: Sparing;
    }
  | {
      readonly type: "step_cancelled";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
    }
  | {
      readonly type: "materialised";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly record: RecordBody;
    }
  /** Stands where a materialisation stood until what it was made from was erased, and says nothing of it. */
  | {
      readonly type: "withdrawn";
      readonly run: RunId;
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
    }
  /** The texts of all notebooks as a run found them; a file's name is its notebook's path. */
  | {
      readonly type: "notebooks_kept";
      readonly run: RunId;
      readonly partition: PartitionKey;
      readonly files: readonly StoredFile[];
    }
  | {
      readonly type: "run_ended";
      readonly run: RunId;
      readonly state: "done" | "failed" | "cancelled" | "interrupted";
    }
  | {
      readonly type: "observed";
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly observation: Observation;
    }
  /** An external that was there when it was looked at before is not, or cannot be read. */
  | {
      readonly type: "absent";
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly error: ErrorInfo;
    }
  | {
      readonly type: "partition_set";
      readonly partition: PartitionKey;
      readonly attributes: PartitionAttributes;
    }
  /** A person pinned the current version, or let it go again. */
  | {
      readonly type: "held";
      readonly asset: AssetKey;
      readonly partition: PartitionKey;
      readonly dataVersion: DataVersion;
    }
  | { readonly type: "released"; readonly asset: AssetKey; readonly partition: PartitionKey }
  | { readonly type: "partition_hidden"; readonly partition: PartitionKey }
  /** The receipt of a deletion: what was removed, by count and bytes; never what it said. */
  | {
      readonly type: "erased";
      readonly partition: PartitionKey;
      readonly assets: readonly AssetKey[];
      /** Outputs of others that were made from it and went too. Absent: none, or an older Karyon did it. */
      readonly derived?: readonly DerivedOutput[];
      readonly objects: number;
      readonly bytes: number;
    };

/** An output of one partition that was made from another's. */
export interface DerivedOutput {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** How many. */
  readonly versions: number;
}

export interface LoggedEvent {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: CatalogEvent;
}
