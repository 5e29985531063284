import { dirname, join } from "node:path";

import type { AssetKey, DataVersion, ObjectHash, PartitionKey, RunId } from "#protocol/ids.ts";
import type { InputVersion } from "#protocol/record.ts";

import { Database } from "./database.ts";
import { Doomed } from "./doomed.ts";
import { EventReader } from "./event-reader.ts";
import type { CatalogEvent, LoggedEvent } from "./events.ts";
import { Leases } from "./leases.ts";
import { Partitions } from "./partitions.ts";
import { Processes } from "./processes.ts";
import { Standing } from "./standing.ts";
import { Versions } from "./versions.ts";

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
  readonly versions: Versions;
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
    this.versions = new Versions(this.#db, this.#events);
  }

  /** Answers many questions as of one moment, and sooner than one by one; `work` may not write, nor wait. */
  reading<T>(work: () => T): T {
    return this.#db.reading(work);
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
    const record = this.versions.record(seq);
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
}

function versionOf(event: CatalogEvent): string | null {
  if (event.type === "materialised") return event.record.dataVersion;
  return event.type === "observed" ? event.observation.dataVersion : null;
}
