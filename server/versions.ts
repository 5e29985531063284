import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { Catalog } from "./catalog/catalog.ts";

/** Versions that are looked through for one that is named. */
const MOST_VERSIONS = 1_000;
/** Fewer characters of a hash may be a number of a run. */
const SHORTEST_HASH = 6;

/** Records of an asset in a partition, the latest first; none of before its partition was erased. */
export function versionsOf(catalog: Catalog, asset: AssetKey, partition: PartitionKey): AssetRecord[] {
  return catalog.versions.history(asset, partition, MOST_VERSIONS);
}

/**
 * The version that a person means: `head`, `previous`, the number of a run, the start of a data version, or a time as
 * ISO 8601, of which the version that stood then is meant; of a day, the one that stood at its end.
 *
 * @throws {WorkspaceError} `usage` when none is it
 */
export function findVersion(versions: readonly AssetRecord[], wanted: string): AssetRecord {
  const found = lookUpVersion(versions, wanted);
  if (found !== undefined) return found;
  const first = versions.at(-1);
  throw new WorkspaceError({
    code: "usage",
    message: timeOf(wanted) === null ? `no version: ${wanted}` : `there was none yet at ${wanted}`,
    hint:
      first === undefined
        ? "It was never made."
        : `Name one of the runs ${versions
            .slice(0, 5)
            .map(({ run }) => run)
            .join(", ")}; the first was made at ${first.madeAt}.`,
  });
}

/** As {@link findVersion}; undefined when none is it. */
export function lookUpVersion(versions: readonly AssetRecord[], wanted: string): AssetRecord | undefined {
  if (wanted === "head") return versions[0];
  if (wanted === "previous") return previousTo(versions, versions[0]);
  const time = timeOf(wanted);
  if (time !== null) return versions.find(({ madeAt }) => Date.parse(madeAt) <= time);
  return (
    versions.find(({ run }) => String(run) === wanted) ??
    versions.find(({ dataVersion }) => wanted.length >= SHORTEST_HASH && dataVersion.startsWith(wanted))
  );
}

/** The latest version before another that has other content; when all are the same, the one before. */
export function previousTo(
  versions: readonly AssetRecord[],
  version: AssetRecord | undefined,
): AssetRecord | undefined {
  const before = versions.filter(({ seq }) => version !== undefined && seq < version.seq);
  return before.find(({ dataVersion }) => dataVersion !== version?.dataVersion) ?? before[0];
}

/** A time as a person writes it, as ISO 8601 in UTC. @throws {WorkspaceError} `usage` for what is none */
export function momentOf(text: string): string {
  const time = timeOf(text);
  if (time !== null) return new Date(time).toISOString();
  throw new WorkspaceError({
    code: "usage",
    message: `not a time: ${text}`,
    hint: "Write a day or a time, such as 2026-11-22 or 2026-11-22T14:00.",
  });
}

/** Milliseconds of a time as a person writes it; null for what is none. */
export function timeOf(text: string): number | null {
  const [year = 0, month = 1, date = 1] = text.slice(0, 10).split("-").map(Number);
  // What is no day of the calendar would be taken for one of the next month.
  const day = new Date(year, month - 1, date);
  if (day.getMonth() !== month - 1 || day.getDate() !== date) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return new Date(year, month - 1, date + 1).getTime() - 1;
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
