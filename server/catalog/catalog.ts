import { dirname, join } from "node:path";

import type { AssetKey, DataVersion, ObjectHash, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, InputVersion, Observation } from "#protocol/record.ts";

import { Database } from "./database.ts";
import { Doomed } from "./doomed.ts";
import { EventReader } from "./event-reader.ts";
import type { CatalogEvent, LoggedEvent } from "./events.ts";
import { Leases } from "./leases.ts";
import { Partitions } from "./partitions.ts";
import { Processes } from "./processes.ts";
import { Standing } from "./standing.ts";

/** What a person had erased is not remembered. `?2` is the partition. */
const SINCE_ERASED = `seq > (select coalesce(max(seq), 0) from event where type = 'erased' and partition = ?2)`;

/** A version that is remembered: a record of a materialisation, or an observation of an external. */
export type Remembered =
  | { readonly kind: "record"; readonly at: string; readonly record: AssetRecord }
  | { readonly kind: "observation"; readonly at: string; readonly observation: Observation };

/** A materialisation, and what it was made from. */
export interface RecordedOrigin {
  readonly seq: number;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly dataVersion: DataVersion;
  readonly inputs: readonly InputVersion[];
}

/** What an erasure takes away. */
export interface Erased {
  readonly receipts: readonly (CatalogEvent & { readonly type: "erased" })[];
  /** Numbers of materialisations of others that were made from it. */
  readonly derived: readonly number[];
  /** Stored files that no record names any more. */
  readonly objects: readonly ObjectHash[];
}

/** A stored file that is written down. */
export interface RecordedFile {
  /** Of the event that names it. */
  readonly seq: number;
  /** Null: the text of a notebook. */
  readonly asset: AssetKey | null;
  readonly partition: PartitionKey;
  readonly hash: ObjectHash;
  readonly bytes: number;
}

/**
 * The log of everything that happened, and the heads that it moved, in one SQLite file. Several processes may
 * have it open: each write is one immediate transaction that is on disk when it returns.
 */
export class Catalog {
  readonly leases: Leases;
  readonly doomed: Doomed;
  readonly partitions: Partitions;
  readonly #db: Database;
  readonly #events: EventReader;
  readonly #standing: Standing;
  readonly #processes: Processes;
  readonly #now: () => Date;

  /** @throws {WorkspaceError} `asset` on a network file system, or for a file of a newer Karyon */
  constructor(path: string, now: () => Date = () => new Date()) {
    this.#db = new Database(path);
    this.#now = now;
    this.#events = new EventReader(this.#db);
    this.#standing = new Standing(this.#db);
    this.#processes = new Processes(join(dirname(path), "processes"));
    this.leases = new Leases(this.#db, this.#processes);
    this.partitions = new Partitions(this.#db);
    this.doomed = new Doomed(this.#db);
  }

  /** Writes events down, and moves the heads they imply, in one transaction. Returns the last one's number. */
  append(...events: readonly CatalogEvent[]): number {
    return this.#db.transaction(() => events.reduce((_, event) => this.#write(event), 0));
  }

  /**
   * Starts a run under the next number, with its lease: nobody finds it without one and takes it for that of a dead process.
   * `refuse` may throw while nobody else can change anything.
   */
  startRun(
    event: Omit<CatalogEvent & { type: "run_started" }, "run" | "type">,
    leaseOf?: (run: RunId) => string,
    refuse: () => void = () => {},
  ): RunId {
    return this.#db.transaction(() => {
      refuse();
      const last = this.#db.one<{ run: number | null }>("select max(run) as run from event")?.run ?? 0;
      const run = last + 1;
      this.#write({ type: "run_started", run, ...event });
      if (leaseOf !== undefined) this.leases.takeWithin(leaseOf(run), run);
      return run;
    });
  }

  /** Numbers of runs, the latest first, before `before`. */
  runs(limit: number, before: RunId = Number.MAX_SAFE_INTEGER): RunId[] {
    const rows = this.#db.all<{ run: number }>(
      "select run from event where type = 'run_started' and run < ? order by run desc limit ?",
      before,
      limit,
    );
    return rows.map((row) => row.run);
  }

  /** Runs without an end. */
  openRuns(): RunId[] {
    const rows = this.#db.all<{ run: number }>(
      "select run from event where run is not null group by run having sum(type = 'run_ended') = 0 order by run",
    );
    return rows.map((row) => row.run);
  }

  eventsOfRun(run: RunId): LoggedEvent[] {
    return this.#events.find("select * from event where run = ? order by seq", run);
  }

  lastSeq(): number {
    return this.#db.one<{ seq: number | null }>("select max(seq) as seq from event")?.seq ?? 0;
  }

  /** The latest events, the latest first. */
  latest(limit: number, before: number = Number.MAX_SAFE_INTEGER): LoggedEvent[] {
    return this.#events.find("select * from event where seq < ? order by seq desc limit ?", before, limit);
  }

  /** The first events after one, the earliest first. */
  after(seq: number, limit: number): LoggedEvent[] {
    return this.#events.find("select * from event where seq > ? order by seq limit ?", seq, limit);
  }

  /** The receipts of what was erased, the latest last. */
  receipts(): LoggedEvent[] {
    return this.#events.find("select * from event where type = 'erased' order by seq");
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

  /** Of every materialisation what it was made from, the earliest first. */
  origins(): RecordedOrigin[] {
    return this.#db
      .all<Omit<RecordedOrigin, "inputs"> & { readonly inputs: string }>(
        `select seq, asset, partition, version as dataVersion, json_extract(body, '$.record.inputs') as inputs
         from event where type = 'materialised' order by seq`,
      )
      .map((row) => ({ ...row, inputs: this.#db.parsed<InputVersion[]>(row.inputs) }));
  }

  /** Files of everything that history can show: of what was made or kept since its partition was last erased. */
  recordedFiles(): RecordedFile[] {
    return this.#db.all<RecordedFile>(
      `select event.seq, event.asset, event.partition, json_extract(file.value, '$.hash') as hash,
         json_extract(file.value, '$.bytes') as bytes
       from event left join (select partition, max(seq) as seq from event where type = 'erased' group by partition) as gone
         on gone.partition = event.partition,
         json_each(event.body, iif(event.type = 'materialised', '$.record.files', '$.files')) as file
       where event.type in ('materialised', 'notebooks_kept') and event.seq > coalesce(gone.seq, 0)
       order by event.seq`,
    );
  }

  /** The texts of the notebooks that a run up to a time (ISO 8601, UTC) found; null when none was kept. */
  notebooksAt(until: string): (CatalogEvent & { readonly type: "notebooks_kept" }) | null {
    const [kept] = this.#events.find(
      "select * from event where type = 'notebooks_kept' and ts <= ? order by seq desc limit 1",
      until,
    );
    return kept?.event.type === "notebooks_kept" ? kept.event : null;
  }

  headsOf(partition: PartitionKey): AssetKey[] {
    return this.#db
      .all<{ asset: AssetKey }>("select asset from head where partition = ? order by asset", partition)
      .map((row) => row.asset);
  }

  /**
   * Takes away all that was written down of partitions, also from the disk, but for the receipts, and the materialisations
   * `derived` from theirs: of these their place in the log stays, and nothing of what they said. Whole or not at all, with
   * the names of the stored files that are to go; `refuse` may throw while nobody else can begin anything.
   */
  erase({ receipts, derived, objects }: Erased, refuse: () => void = () => {}): void {
    this.#db.overwriteDeleted();
    this.#db.transaction(() => {
      refuse();
      for (const seq of derived) this.#withdraw(seq);
      for (const receipt of receipts) {
        this.#write(receipt);
        this.#forget(receipt.partition);
      }
      this.doomed.add(objects);
    });
    this.#db.checkpoint();
  }

  /** What SQLite finds wrong with the file; empty when nothing is. */
  problems(): string[] {
    const rows = this.#db.all<{ integrity_check: string }>("pragma integrity_check");
    return rows.map((row) => row.integrity_check).filter((text) => text !== "ok");
  }

  /** Leases that were not given back are void from now on. */
  close(): void {
    this.#processes.close();
    this.#db.close();
  }

  #write(event: CatalogEvent): number {
    const asset = "asset" in event ? event.asset : null;
    const partition = "partition" in event ? event.partition : null;
    const version = versionOf(event);
    const seq = this.#db.run(
      "insert into event (ts, run, type, asset, partition, version, body) values (?, ?, ?, ?, ?, ?, ?)",
      this.#now().toISOString(),
      "run" in event ? event.run : null,
      event.type,
      asset,
      partition,
      version,
      JSON.stringify(event),
    );
    this.#standing.follow(event, seq, version);
    this.partitions.follow(event);
    return seq;
  }

  #forget(partition: PartitionKey): void {
    this.#events.forgetAll();
    this.#db.run("delete from event where partition = ? and type <> 'erased'", partition);
    this.#db.run("update partition set attributes = '{}' where key = ? and hidden = 1", partition);
  }

  #withdraw(seq: number): void {
    const record = this.record(seq);
    if (record === null) return;
    const { run, asset, partition } = record;
    const body: CatalogEvent = { type: "withdrawn", run, asset, partition };
    this.#standing.withdraw(record);
    this.#db.run(
      "update event set type = 'withdrawn', version = null, body = ? where seq = ?",
      JSON.stringify(body),
      seq,
    );
    this.#events.changed(seq);
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

function versionOf(event: CatalogEvent): string | null {
  if (event.type === "materialised") return event.record.dataVersion;
  return event.type === "observed" ? event.observation.dataVersion : null;
}
