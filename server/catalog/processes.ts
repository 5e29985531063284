import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { DatabaseSync } from "@photostructure/sqlite";

import { databaseError } from "./database-error.ts";

/** Of a file of no length: nothing is written, and no journal is beside it. */
const LOCK = "pragma journal_mode = memory; begin exclusive";
/** For so long who joins waits for one that only looks. */
const LOOK_MS = 5_000;

/**
 * Which of the processes that have a workspace open live. Each has a lock of the operating system on a file of its own,
 * by way of SQLite: it ends with the process, however that ends, and with nothing else. No clock is asked, which a person
 * may set, and a process that is suspended, or was asleep with its computer, lives.
 */
export class Processes {
  readonly #folder: string;
  #own: { readonly id: string; readonly lock: InstanceType<typeof DatabaseSync> } | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Name of this one, which others find alive from now on until it is closed. */
  join(): string {
    this.#own ??= this.#lock();
    return this.#own.id;
  }

  lives(id: string): boolean {
    if (id === this.#own?.id) return true;
    try {
      const file = new DatabaseSync(this.#path(id), { readOnly: true, timeout: 0 });
      try {
        file.prepare("select count(*) from sqlite_master").get();
        return false;
      } finally {
        file.close();
      }
    } catch {
      // Who is refused by a file that is there meets its lock.
      return existsSync(this.#path(id));
    }
  }

  /** Removes the files of those that ended without doing so. */
  sweep(): void {
    if (!existsSync(this.#folder)) return;
    for (const id of readdirSync(this.#folder)) if (id !== this.#own?.id) this.#remove(id);
  }

  close(): void {
    if (this.#own === null) return;
    const { id, lock } = this.#own;
    this.#own = null;
    lock.close();
    rmSync(this.#path(id), { force: true });
  }

  /**
   * Under its lock: who joins looks, once it has that, whether its file is there, and may be between the two. A file that
   * is not there is not made, so that who looks never finds another one in its place.
   */
  #remove(id: string): void {
    const place = pathToFileURL(this.#path(id));
    place.searchParams.set("mode", "rw");
    try {
      const file = new DatabaseSync(place, { timeout: 0 });
      try {
        file.exec(LOCK);
        rmSync(this.#path(id), { force: true });
      } finally {
        file.close();
      }
    } catch {
      // It lives, or is gone; what cannot be removed is of no length.
    }
  }

  #lock(): { id: string; lock: InstanceType<typeof DatabaseSync> } {
    const id = randomUUID();
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const lock = new DatabaseSync(this.#path(id), { timeout: LOOK_MS });
      lock.exec(LOCK);
      // Before it was locked it may have been swept.
      if (existsSync(this.#path(id))) return { id, lock };
      lock.close();
    } catch (error) {
      throw databaseError(error, this.#path(id));
    }
    return this.#lock();
  }

  #path(id: string): string {
    return join(this.#folder, id);
  }
}
