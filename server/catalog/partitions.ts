import type { PartitionKey } from "#protocol/ids.ts";
import type { PartitionAttributes } from "#protocol/record.ts";

import type { Database } from "./database.ts";
import type { CatalogEvent } from "./events.ts";

export interface KnownPartition {
  readonly key: PartitionKey;
  readonly attributes: PartitionAttributes;
}

/** Some of them: those after the key `after`, or from the first one on when it is empty. */
export interface PartitionPage {
  readonly prefix: string;
  readonly after: string;
  /** Below 0: all. */
  readonly limit: number;
}

/** The partitions by the events so far: those that are shown, and when others were removed. */
export class Partitions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** One that is shown. */
  get(key: PartitionKey): KnownPartition | null {
    const row = this.#db.one("select 1 from partition where key = ? and hidden = 0", key);
    return row === undefined ? null : { key, attributes: this.remembered(key) };
  }

  /** What belongs to one, also to one that is hidden; nothing of one that was never there, or was erased. */
  remembered(key: PartitionKey): PartitionAttributes {
    const row = this.#db.one<{ attributes: string }>("select attributes from partition where key = ?", key);
    return row === undefined ? {} : this.#db.parsed<PartitionAttributes>(row.attributes);
  }

  /** All that are shown. */
  all(): KnownPartition[] {
    return this.page({ prefix: "", after: "", limit: -1 });
  }

  /** Those that are shown whose key begins so, after a key, in the order of their bytes. */
  page({ prefix, after, limit }: PartitionPage): KnownPartition[] {
    const rows = this.#db.all<{ key: PartitionKey; attributes: string }>(
      `select key, attributes from partition where hidden = 0 and key > ?1 and substr(key, 1, length(?2)) = ?2
       order by key limit ?3`,
      after,
      prefix,
      limit,
    );
    return rows.map(({ key, attributes }) => ({
      key,
      attributes: this.#db.parsed<PartitionAttributes>(attributes),
    }));
  }

  /** All that ever were added, also those that were removed, and how many times each. */
  everyone(): { readonly key: PartitionKey; readonly incarnation: number }[] {
    return this.#db.all("select key, incarnation from partition order by key");
  }

  /** Every one of a user that anything is written down of, also the hidden ones; none of which there is a receipt alone. */
  of(user: string): PartitionKey[] {
    const rows = this.#db.all<{ key: PartitionKey }>(
      `select key from partition where hidden = 0 or attributes <> '{}'
       union select partition from event where partition is not null and type <> 'erased' order by 1`,
    );
    return rows.map(({ key }) => key).filter((key) => key.startsWith(`${user}/`));
  }

  /** When one that is not shown any more was removed; null for any other. ISO 8601, UTC. */
  removedAt(key: PartitionKey): string | null {
    const removed = this.#db.one<{ ts: string | null }>(
      `select max(event.ts) as ts from event join partition on partition.key = event.partition and hidden = 1
       where event.partition = ? and event.type in ('erased', 'partition_hidden')`,
      key,
    );
    return removed?.ts ?? null;
  }

  /** Follows an event as it is written. */
  follow(event: CatalogEvent): void {
    if (event.type === "partition_set") {
      this.#db.run(
        `insert into partition values (?, 1, 0, ?) on conflict (key) do update set
           incarnation = incarnation + hidden, hidden = 0, attributes = excluded.attributes`,
        event.partition,
        JSON.stringify(event.attributes),
      );
    }
    if (event.type === "partition_hidden" || event.type === "erased") {
      this.#db.run("update partition set hidden = 1 where key = ?", event.partition);
    }
  }
}
