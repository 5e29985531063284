import type { AssetRecord } from "#protocol/record.ts";

import type { Database } from "./database.ts";
import type { CatalogEvent } from "./events.ts";

/** What stands by the events so far, kept beside them: heads and pins. */
export class Standing {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Follows the event `seq`; `version`: the content that it makes the head, null for none. */
  follow(event: CatalogEvent, seq: number, version: string | null): void {
    if (version !== null && "asset" in event) {
      this.#db.run(
        "insert or replace into head (asset, partition, event, version) values (?, ?, ?, ?)",
        event.asset,
        event.partition,
        seq,
        version,
      );
    }
    if (event.type === "erased") {
      this.#db.run("delete from head where partition = ?", event.partition);
      this.#db.run("delete from hold where partition = ?", event.partition);
    }
    if (event.type === "held") {
      this.#db.run("insert or replace into hold values (?, ?, ?)", event.asset, event.partition, seq);
    }
    if (event.type === "released") {
      this.#db.run("delete from hold where asset = ? and partition = ?", event.asset, event.partition);
    }
  }

  /** A materialisation stands no more. */
  withdraw({ seq, asset, partition }: AssetRecord): void {
    // A pin is of the version that stands.
    this.#db.run(
      `delete from hold where asset = ?1 and partition = ?2
         and exists (select 1 from head where asset = ?1 and partition = ?2 and event = ?3)`,
      asset,
      partition,
      seq,
    );
    this.#db.run("delete from head where event = ?", seq);
  }
}
