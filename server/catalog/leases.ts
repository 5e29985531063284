import type { Database } from "./database.ts";

/** What is asked for when a lease is taken. */
export interface Claim {
  readonly name: string;
  readonly holder: string;
  readonly milliseconds: number;
}

/** Rights that one process has at a time, as long as it renews them. */
export class Leases {
  readonly #db: Database;
  readonly #now: () => Date;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** Takes or renews a lease; false when another holder has it and is alive. */
  take(claim: Claim): boolean {
    return this.#db.transaction(() => this.takeWithin(claim));
  }

  /** As {@link take}, in a transaction that is open. */
  takeWithin({ name, holder, milliseconds }: Claim): boolean {
    const now = this.#now().getTime();
    const held = this.#db.one<{ holder: string; expires: number }>(
      "select holder, expires from lease where name = ?",
      name,
    );
    if (held !== undefined && held.holder !== holder && held.expires > now) return false;
    this.#db.run(
      "insert into lease values (?, ?, ?) on conflict (name) do update set holder = excluded.holder, expires = excluded.expires",
      name,
      holder,
      now + milliseconds,
    );
    return true;
  }

  release(name: string, holder: string): void {
    this.#db.run("delete from lease where name = ? and holder = ?", name, holder);
  }

  /** Who has a lease, or had it last and did not release it; null when nobody. */
  holder(name: string): string | null {
    return this.#db.one<{ holder: string }>("select holder from lease where name = ?", name)?.holder ?? null;
  }

  /** Whether any living process holds this lease. */
  isHeld(name: string): boolean {
    const held = this.#db.one<{ expires: number }>("select expires from lease where name = ?", name);
    return held !== undefined && held.expires > this.#now().getTime();
  }
}
