import type { ColumnBatch } from "../../columns/column-data.ts";

/** Parts that a table fills in turn: one is filled while others are written. */
const PARTS = 3;

/** A part of a table, in memory. */
export interface Part {
  /** Its first rows, in place. */
  batch(rows: number): ColumnBatch;
  /** Makes it empty, and keeps its memory. */
  reset(): void;
}

/**
 * A table that is filled in memory and handed on part by part, so that memory is bounded by a few parts. Who fills it
 * puts rows into `part`, and calls {@link flush} when that is full.
 */
export class PartedTable {
  part: Part;
  readonly #make: () => Part;
  readonly #write: (batch: ColumnBatch) => Promise<void>;
  readonly #free: Part[] = [];
  /** Parts on their way. None of them rejects. */
  readonly #writing = new Set<Promise<void>>();
  #fault: { readonly error: unknown } | null = null;
  #made = 1;
  #flushed = 0;

  constructor(make: () => Part, write: (batch: ColumnBatch) => Promise<void>) {
    this.#make = make;
    this.#write = write;
    this.part = make();
  }

  /** Hands on the rows of the part, and settles when there is another one to fill. @throws what `write` threw */
  async flush(rows: number): Promise<void> {
    const writing = this.#handOn(this.part, rows).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    this.#flushed += 1;
    this.part = await this.#next();
  }

  /** Hands on the last rows; a table without any has one empty part, which tells its columns. */
  async finish(rows: number): Promise<void> {
    if (rows > 0 || this.#flushed === 0) await this.flush(rows);
    await this.settled();
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Settles when nothing is on its way. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #handOn(part: Part, rows: number): Promise<void> {
    try {
      await this.#write(part.batch(rows));
    } catch (error) {
      this.#fault ??= { error };
    }
    part.reset();
    this.#free.push(part);
  }

  async #next(): Promise<Part> {
    for (;;) {
      if (this.#fault !== null) throw this.#fault.error;
      const free = this.#free.pop();
      if (free !== undefined) return free;
      if (this.#made < PARTS) {
        this.#made += 1;
        return this.#make();
      }
      await Promise.race(this.#writing);
    }
  }
}
