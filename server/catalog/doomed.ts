import type { ObjectHash } from "#protocol/ids.ts";

import type { Database } from "./database.ts";

/**
 * Stored files that are to go with what was erased. They are written down in the transaction that takes the records away,
 * so that whoever comes next finishes what a process that was killed had begun.
 */
export class Doomed {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** To be called in a transaction that is open. */
  add(hashes: readonly ObjectHash[]): void {
    for (const hash of hashes) this.#db.run("insert or ignore into doomed values (?)", hash);
  }

  all(): ObjectHash[] {
    return this.#db.all<{ hash: ObjectHash }>("select hash from doomed").map(({ hash }) => hash);
  }

  /** They are gone. */
  forget(hashes: readonly ObjectHash[]): void {
    if (hashes.length === 0) return;
    this.#db.transaction(() => {
      for (const hash of hashes) this.#db.run("delete from doomed where hash = ?", hash);
    });
  }
}
