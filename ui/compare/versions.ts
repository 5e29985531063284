import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord, StaleCause } from "#protocol/record.ts";

import { moment } from "../words/numbers.ts";

/** What the verb `history` answers with. */
export interface History {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** The latest first: the first is the one that stands. */
  readonly versions: readonly Version[];
}

export interface Version {
  readonly record: AssetRecord;
  /** What differs from the version before. */
  readonly causes: readonly StaleCause[];
  /** Whether the content is that of the version before. */
  readonly same: boolean;
  /** Whether its files are there still. */
  readonly kept: boolean;
}

/** `run 3 · 22 Nov 2026, 14:02`. */
export function versionWords({ run, madeAt }: Pick<AssetRecord, "run" | "madeAt">): string {
  return `run ${run} · ${moment(madeAt)}`;
}
