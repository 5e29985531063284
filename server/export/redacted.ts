import { homedir, hostname, userInfo } from "node:os";

import type { ErrorInfo } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { AssetRecord, AssetStatus, StaleCause } from "#protocol/record.ts";
import type { AssetView, OutputKind } from "#protocol/view.ts";

/** What of an asset's record a file may tell: nothing of columns and rows that are not in it, and no names of files. */
export interface RecordLimits {
  /** Columns that are in the file; null: all. */
  readonly columns: ReadonlySet<string> | null;
  /** Whether every row is in the file: statistics of a whole table tell of rows that were cut. */
  readonly whole: boolean;
  /** Rows in the file; null when it has none of this asset's. */
  readonly rows: number | null;
  /** Whether what was seen of an external is told. */
  readonly observed: boolean;
  /** What of it is in the file. */
  readonly output: OutputKind;
}

/** An asset as a file that leaves this machine may show it. `partition` is what stands for its own. */
export function redactedAsset(
  asset: AssetView,
  keep: ReadonlySet<string>,
  partition: PartitionKey,
  limits: RecordLimits,
): AssetView {
  const { failedBefore: _, ...told } = asset;
  return {
    ...told,
    partition: asset.partition === WHOLE ? WHOLE : partition,
    upstream: asset.upstream.filter((key) => keep.has(key)),
    downstream: asset.downstream.filter((key) => keep.has(key)),
    notebook: null,
    output: limits.output,
    observed: limits.observed ? asset.observed : null,
    status: redactedStatus(asset.status),
    record: asset.record === null ? null : redactedRecord(asset.record, partition, limits),
  };
}

function redactedRecord(record: AssetRecord, partition: PartitionKey, limits: RecordLimits): AssetRecord {
  const inOwn = (one: PartitionKey): PartitionKey => (one === WHOLE ? WHOLE : partition);
  // What a column was made from may be a column that is left out.
  const { rowsFrom: _, ...told } = record;
  return {
    ...told,
    run: 0,
    seq: 0,
    partition: inOwn(record.partition),
    inputs: record.inputs.map((input) => ({ ...input, partition: inOwn(input.partition) })),
    files: [],
    parts: {},
    facts: null,
    rows: limits.rows ?? record.rows,
    columns: limits.whole
      ? record.columns
          .filter(({ name }) => limits.columns === null || limits.columns.has(name))
          .map(({ origin: __, ...column }) => column)
      : [],
  };
}

function redactedStatus(status: AssetStatus): AssetStatus {
  if (status.state === "failed") return { ...status, error: redactedError(status.error), run: 0 };
  if (status.state === "stale" || status.state === "held")
    return { ...status, causes: status.causes.map((cause) => redactedCause(cause)) };
  return status.state === "running" ? { ...status, run: 0 } : status;
}

/** Whose the other side of a comparison is a file does not say. */
function redactedCause(cause: StaleCause): StaleCause {
  return "partition" in cause ? { ...cause, partition: "another sample" as PartitionKey } : cause;
}

/** Without what the system said, which is of this machine, and without rows, whose columns may be left out. */
export function redactedError(error: ErrorInfo): ErrorInfo {
  const { detail: _, rows: __, ...rest } = error;
  return rest;
}

/**
 * Takes out of every text of a value what tells of this machine and of others' samples: folders, the person who is
 * logged in, keys of other partitions.
 */
export function withoutMachine<Value>(
  value: Value,
  folders: readonly string[],
  others: readonly PartitionKey[],
  own: PartitionKey,
): Value {
  const known = [own, dimensions(own).sample];
  const names = [...others, ...others.map((key) => dimensions(key).sample), userInfo().username, hostname()];
  const secrets = [
    ...[...folders, homedir()].filter((folder) => folder.length > 1),
    // Short names are words of their own: `1`, `test`, `root`.
    ...names.filter((name) => name.length > 4 && !known.includes(name)),
  ].toSorted((a, b) => b.length - a.length);
  const patterns = secrets.map(
    (secret) => new RegExp(`(?<![\\w.-])${secret.replaceAll(/[^\w\s]/g, "\\$&")}(?![\\w-])`, "g"),
  );
  const clean = (text: string): string =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, "…"), text);
  return mapTexts(value, clean) as Value;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
