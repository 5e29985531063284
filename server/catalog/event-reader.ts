import type { Database } from "./database.ts";
import type { CatalogEvent, LoggedEvent } from "./events.ts";

/** Events that are kept as they were read: records of some thousands of assets, a few kilobytes each. */
const EVENTS_READ = 4_000;

interface Row {
  readonly seq: number;
  readonly ts: string;
  readonly body: string;
}

/** Reads the events that are written down; each is parsed once, as long as it is remembered. */
export class EventReader {
  readonly #db: Database;
  /** By number, the least recently used first: an event changes only when it is withdrawn. */
  readonly #read = new Map<number, LoggedEvent>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Events that a `select` of their rows finds, in its order. */
  find(sql: string, ...parameters: readonly (string | number)[]): LoggedEvent[] {
    return this.#db.all<Row>(sql, ...parameters).map((row) => this.#event(row));
  }

  /** Forgets one event, which was rewritten. */
  changed(seq: number): void {
    this.#read.delete(seq);
  }

  forgetAll(): void {
    this.#read.clear();
  }

  #event({ seq, ts, body }: Row): LoggedEvent {
    const known = this.#read.get(seq) ?? { seq, at: ts, event: this.#db.parsed<CatalogEvent>(body) };
    this.#read.delete(seq);
    this.#read.set(seq, known);
    const [oldest] = this.#read.keys();
    if (this.#read.size > EVENTS_READ && oldest !== undefined) this.#read.delete(oldest);
    return known;
  }
}
