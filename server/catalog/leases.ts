import type { RunId } from "#protocol/ids.ts";

import type { Database } from "./database.ts";
import type { Processes } from "./processes.ts";

/** Rights that one run of one process has at a time, until it gives them back or its process ends. */
export class Leases {
  readonly #db: Database;
  readonly #processes: Processes;

  constructor(db: Database, processes: Processes) {
    this.#db = db;
    this.#processes = processes;
  }

  /** Takes a lease for a run of this process; false when another run, or another process that lives, has it. */
  take(name: string, run: RunId): boolean {
    const process = this.#processes.join();
    return this.#db.transaction(() => this.#take(name, run, process));
  }

  /** As {@link take}, in a transaction that is open, where this process has joined. */
  takeWithin(name: string, run: RunId): boolean {
    return this.#take(name, run, this.#processes.join());
  }

  release(name: string, run: RunId): void {
    this.#db.run(
      "delete from lease where name = ? and run = ? and process = ?",
      name,
      run,
      this.#processes.join(),
    );
  }

  /** The run that has a lease, or had it when its process ended; null when none. */
  holder(name: string): RunId | null {
    return this.#held(name)?.run ?? null;
  }

  /** Whether a process that lives holds this lease. */
  isHeld(name: string): boolean {
    const held = this.#held(name);
    return held !== undefined && this.#processes.lives(held.process);
  }

  /** Forgets what processes held that ended. */
  sweep(): void {
    for (const { process } of this.#db.all<{ process: string }>("select distinct process from lease")) {
      if (!this.#processes.lives(process)) this.#db.run("delete from lease where process = ?", process);
    }
    this.#processes.sweep();
  }

  #take(name: string, run: RunId, process: string): boolean {
    const held = this.#held(name);
    const isOwn = held?.run === run && held.process === process;
    if (held !== undefined && !isOwn && this.#processes.lives(held.process)) return false;
    this.#db.run("insert or replace into lease (name, run, process) values (?, ?, ?)", name, run, process);
    return true;
  }

  #held(name: string): { readonly run: RunId; readonly process: string } | undefined {
    return this.#db.one("select run, process from lease where name = ?", name);
  }
}
