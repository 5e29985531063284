import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

import { DatabaseSync } from "@photostructure/sqlite";

import { WorkspaceError } from "#protocol/error.ts";

import { Ballast } from "./ballast.ts";
import { databaseError, isFull } from "./database-error.ts";

const SCHEMA = `
  create table if not exists event (
    seq integer primary key autoincrement, ts text not null, run integer, type text not null,
    asset text, partition text, version text, body text not null
  );
  create index if not exists event_run on event (run, seq) where run is not null;
  create index if not exists event_asset on event (asset, partition, seq) where asset is not null;
  create index if not exists event_version on event (asset, partition, version) where version is not null;
  create table if not exists head (
    asset text not null, partition text not null, event integer not null references event, version text not null,
    primary key (asset, partition)
  ) without rowid;
  create table if not exists partition (
    key text primary key, incarnation integer not null, hidden integer not null, attributes text not null
  ) without rowid;
  create table if not exists hold (
    asset text not null, partition text not null, event integer not null references event, primary key (asset, partition)
  ) without rowid;
  create table if not exists doomed (hash text primary key) without rowid;
  create table if not exists lease (name text primary key, run integer not null, process text not null) without rowid;
`;
/** 2: holds, which an older Karyon would run over. 3: leases end with their process, and with no clock. */
const VERSION = 3;
/** Magic numbers of statfs(2): on these, locks of SQLite cannot be trusted. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
]);

type Value = string | number | null;
type Statement = ReturnType<InstanceType<typeof DatabaseSync>["prepare"]>;

/** The SQLite file of a catalog, with its tables. What a transaction wrote is on disk when it returns. */
export class Database {
  #db: InstanceType<typeof DatabaseSync>;
  readonly #path: string;
  readonly #ballast: Ballast;
  readonly #statements = new Map<string, Statement>();

  /** @throws {WorkspaceError} `asset` on a network file system, for a file of a newer Karyon, or one that is damaged */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    refuseNetwork(dirname(path));
    this.#path = path;
    this.#ballast = new Ballast(dirname(path));
    const isNew = !existsSync(path);
    this.#db = this.#withBallast(() => this.#opened());
    // From the second time on: what is opened once, such as by a command that fails, leaves little behind.
    if (!isNew) this.#ballast.layDown();
  }

  /** On a full disk tries once more without the ballast. */
  #withBallast<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isFull(error) || !this.#ballast.giveUp()) throw error;
      return work();
    }
  }

  #opened(): InstanceType<typeof DatabaseSync> {
    const db = this.#asked(() => new DatabaseSync(this.#path, { timeout: 10_000 }));
    this.#db = db;
    try {
      this.#prepare();
      return db;
    } catch (error) {
      this.#statements.clear();
      db.close();
      throw error;
    }
  }

  #prepare(): void {
    this.#exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
    const { user_version: found } = this.one<{ user_version: number }>("pragma user_version") ?? {
      user_version: 0,
    };
    if (found > VERSION) {
      throw new WorkspaceError({
        code: "asset",
        message: `this workspace was written by a newer Karyon (catalog ${found}, this one knows ${VERSION})`,
        hint: "Update Karyon, or use another workspace.",
      });
    }
    // Writes nothing where all is there: also of a full disk it can be said what it holds.
    this.#whole(() =>
      this.#exec(
        found === VERSION
          ? SCHEMA
          : `drop table if exists lease; ${SCHEMA} pragma user_version = ${VERSION};`,
      ),
    );
  }

  /** Runs `work` whole or not at all. Not to be nested. */
  transaction<T>(work: () => T): T {
    return this.#withBallast(() => this.#whole(work));
  }

  #whole<T>(work: () => T): T {
    this.#exec("begin immediate");
    try {
      const result = work();
      this.#exec("commit");
      return result;
    } catch (error) {
      // A disk that is full or fails has ended it already.
      if (this.#db.isTransaction) this.#exec("rollback");
      throw error;
    }
  }

  /**
   * Reads what is written down at one moment: what others write meanwhile is not seen. Many questions are asked in a
   * quarter of the time, as the file is looked at once. `work` may not write.
   */
  reading<T>(work: () => T): T {
    if (this.#db.isTransaction) return work();
    this.#exec("begin");
    try {
      return work();
    } finally {
      this.#exec("commit");
    }
  }

  all<Row>(sql: string, ...parameters: readonly Value[]): Row[] {
    return this.#asked(() => this.#statement(sql).all(...parameters)) as Row[];
  }

  one<Row>(sql: string, ...parameters: readonly Value[]): Row | undefined {
    return this.#asked(() => this.#statement(sql).get(...parameters)) as Row | undefined;
  }

  /** Changes rows. Returns the number of the row that was inserted last. */
  run(sql: string, ...parameters: readonly Value[]): number {
    return Number(this.#asked(() => this.#statement(sql).run(...parameters)).lastInsertRowid);
  }

  /** A value that is kept as JSON. */
  parsed<Shape>(json: string): Shape {
    return this.#asked(() => JSON.parse(json) as Shape);
  }

  /** From now on what is deleted is overwritten with zeros. */
  overwriteDeleted(): void {
    this.#exec("pragma secure_delete = on");
  }

  /** Moves what was written into the file itself, and empties the log beside it. */
  checkpoint(): void {
    this.#exec("pragma wal_checkpoint(truncate)");
  }

  close(): void {
    this.#db.close();
  }

  #exec(sql: string): void {
    this.#asked(() => this.#db.exec(sql));
  }

  /** @throws {WorkspaceError} `asset` for what a person can mend: a full disk, a damaged file */
  #asked<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, this.#path);
    }
  }

  /** Compiled once: a page asks the same few questions of every asset, on every change. */
  #statement(sql: string): Statement {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

function refuseNetwork(directory: string): void {
  const name = NETWORK_FILE_SYSTEMS.get(statfsSync(directory).type);
  if (name === undefined) return;
  throw new WorkspaceError({
    code: "asset",
    message: `the workspace lies on a network file system (${name}): ${directory}`,
    hint: "Choose a folder on a local disk with --workspace.",
  });
}
