import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord, Observation } from "#protocol/record.ts";

import type { Database } from "./database.ts";
import type { EventReader } from "./event-reader.ts";
import type { LoggedEvent } from "./events.ts";

/** What a person had erased is not remembered. `?2` is the partition. */
const SINCE_ERASED = `seq > (select coalesce(max(seq), 0) from event where type = 'erased' and partition = ?2)`;

/** A version that is remembered: a record of a materialisation, or an observation of an external. */
export type Remembered =
  | { readonly kind: "record"; readonly at: string; readonly record: AssetRecord }
  | { readonly kind: "observation"; readonly at: string; readonly observation: Observation };

/** The versions of assets that are remembered: those that stand, and those before them. */
export class Versions {
  readonly #db: Database;
  readonly #events: EventReader;

  constructor(db: Database, events: EventReader) {
    this.#db = db;
    this.#events = events;
  }

  head(asset: AssetKey, partition: PartitionKey): Remembered | null {
    return this.#remembered(
      "select event.* from head join event on event.seq = head.event where head.asset = ? and head.partition = ?",
      asset,
      partition,
    );
  }

  /** The materialisation that stands; null for what was never made, and for an external. */
  headRecord(asset: AssetKey, partition: PartitionKey): AssetRecord | null {
    return recordOf(this.head(asset, partition));
  }

  /** The latest version of that content; nothing of before the partition was erased. */
  at(asset: AssetKey, partition: PartitionKey, version: DataVersion): Remembered | null {
    return this.#remembered(
      `select * from event where asset = ?1 and partition = ?2 and version = ?3 and ${SINCE_ERASED}
       order by seq desc limit 1`,
      asset,
      partition,
      version,
    );
  }

  /** The version that stood at a time (ISO 8601, UTC); null when there was none yet. */
  stoodAt(asset: AssetKey, partition: PartitionKey, until: string): Remembered | null {
    return this.#remembered(
      `select * from event where asset = ?1 and partition = ?2 and version is not null
       and coalesce(json_extract(body, '$.record.madeAt'), ts) <= ?3 and ${SINCE_ERASED}
       order by seq desc limit 1`,
      asset,
      partition,
      until,
    );
  }

  /** Whether there is a version before that of the event `seq`. */
  hasEarlier(asset: AssetKey, partition: PartitionKey, seq: number): boolean {
    const earlier = this.#db.one(
      `select 1 from event where asset = ?1 and partition = ?2 and type = 'materialised' and seq < ?3
       and ${SINCE_ERASED} limit 1`,
      asset,
      partition,
      seq,
    );
    return earlier !== undefined;
  }

  /** Versions of other content after the latest of that content. */
  since(asset: AssetKey, partition: PartitionKey, version: DataVersion): number {
    const counted = this.#db.one<{ versions: number }>(
      `select count(distinct version) as versions from event where asset = ?1 and partition = ?2 and version is not null
       and seq > (select max(seq) from event where asset = ?1 and partition = ?2 and version = ?3)`,
      asset,
      partition,
      version,
    );
    return counted?.versions ?? 0;
  }

  /** Records of an asset since its partition was last erased, the latest first. */
  history(asset: AssetKey, partition: PartitionKey, limit: number): AssetRecord[] {
    const events = this.#events.find(
      `select * from event where asset = ?1 and partition = ?2 and type = 'materialised' and ${SINCE_ERASED}
       order by seq desc limit ?3`,
      asset,
      partition,
      limit,
    );
    return events.flatMap(({ seq, event }) =>
      event.type === "materialised" ? [{ seq, ...event.record }] : [],
    );
  }

  /** The materialisation of that number; null when the event is none. */
  record(seq: number): AssetRecord | null {
    return recordOf(this.#remembered("select * from event where seq = ?", seq));
  }

  /** Whether a person pinned the current version. */
  held(asset: AssetKey, partition: PartitionKey): boolean {
    return (
      this.#db.one("select 1 from hold where asset = ? and partition = ?", asset, partition) !== undefined
    );
  }

  /** Whether a version of it went when what it was made from was erased. */
  withdrawn(asset: AssetKey, partition: PartitionKey): boolean {
    const gone = this.#db.one(
      "select 1 from event where asset = ? and partition = ? and type = 'withdrawn' limit 1",
      asset,
      partition,
    );
    return gone !== undefined;
  }

  /** How the last try at an asset ended, or the last look at an external, when it was after its head: the failure that the page shows. */
  lastFailure(asset: AssetKey, partition: PartitionKey): LoggedEvent | null {
    const [last] = this.#events.find(
      `select * from event where asset = ? and partition = ?
       and type in ('step_failed', 'materialised', 'withdrawn', 'step_skipped', 'step_cancelled', 'observed', 'absent')
       order by seq desc limit 1`,
      asset,
      partition,
    );
    return last?.event.type === "step_failed" || last?.event.type === "absent" ? last : null;
  }

  #remembered(sql: string, ...parameters: (string | number)[]): Remembered | null {
    const [logged] = this.#events.find(sql, ...parameters);
    if (logged === undefined) return null;
    const { seq, at, event } = logged;
    if (event.type === "materialised") return { kind: "record", at, record: { seq, ...event.record } };
    return event.type === "observed" ? { kind: "observation", at, observation: event.observation } : null;
  }
}

/** The record of a version; null when there is none, and for an observation. */
export function recordOf(remembered: Remembered | null): AssetRecord | null {
  return remembered?.kind === "record" ? remembered.record : null;
}
