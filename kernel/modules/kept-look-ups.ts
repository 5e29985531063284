import type { Connection } from "../engines/engine.ts";
import { newLookUp } from "./match/look-up.ts";
import type { LookUp } from "./match/request.ts";

/** Genomes whose places stay in memory: those that a person goes to and fro between. */
const MOST_KEPT = 2;
/** A person who edits a module matches again within this; what is not asked for is forgotten. */
const KEPT_MS = 15 * 60_000;

export interface KeptLookUp {
  readonly connection: Connection;
  readonly lookUp: LookUp;
}

/**
 * What was looked up in genomes, by the version of their variants, so that the next match after an edit of a module
 * need not read them again. Some thousand rows each; in memory alone, and gone with the process.
 */
export class KeptLookUps {
  /** The least recently used first. */
  readonly #kept = new Map<string, KeptLookUp & { readonly forget: NodeJS.Timeout }>();

  /** Takes out what is kept of a genome, or begins anew on a connection of its own. */
  async take(genome: string, connect: () => Promise<Connection>): Promise<KeptLookUp> {
    const found = this.#kept.get(genome);
    if (found === undefined) return { connection: await connect(), lookUp: newLookUp() };
    clearTimeout(found.forget);
    this.#kept.delete(genome);
    return found;
  }

  keep(genome: string, { connection, lookUp }: KeptLookUp): void {
    this.#drop(genome);
    const forget = setTimeout(() => this.#drop(genome), KEPT_MS);
    forget.unref();
    this.#kept.set(genome, { connection, lookUp, forget });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#drop(oldest);
  }

  #drop(genome: string): void {
    const found = this.#kept.get(genome);
    if (found === undefined) return;
    clearTimeout(found.forget);
    this.#kept.delete(genome);
    found.connection.close();
  }
}
