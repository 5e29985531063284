import type { Column } from "../../columns/column.ts";
import type { ColumnBatch } from "../../columns/column-data.ts";

/** Rows of one part: one row group of the table, as large as the engine makes them itself. */
export const PART_ROWS = 122_880;
/** Sets of columns that a table fills in turn: one is filled while others are written. */
const SETS = 3;

/** The columns of one part. */
export interface PartColumns {
  readonly columns: readonly { readonly name: string; readonly column: Column }[];
}

/**
 * A table that is filled in memory and handed on part by part, so that memory is bounded by a few parts. Who fills it
 * puts a row into `set` at `row`, counts `row` up, and calls {@link flush} when {@link isFull}.
 */
export class PartedTable<Columns extends PartColumns> {
  set: Columns;
  row = 0;
  readonly #make: () => Columns;
  readonly #write: (batch: ColumnBatch) => Promise<void>;
  readonly #free: Columns[] = [];
  /** Parts on their way. None of them rejects. */
  readonly #writing = new Set<Promise<void>>();
  #fault: { readonly error: unknown } | null = null;
  #sets = 1;
  #parts = 0;

  constructor(make: () => Columns, write: (batch: ColumnBatch) => Promise<void>) {
    this.#make = make;
    this.#write = write;
    this.set = make();
  }

  get isFull(): boolean {
    return this.row === PART_ROWS;
  }

  /** Hands on what is filled, and settles when there is room for the next rows. @throws what `write` threw */
  async flush(): Promise<void> {
    const writing = this.#handOn(this.set, this.row).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    this.#parts += 1;
    this.set = await this.#next();
    this.row = 0;
  }

  /** Hands on what is left; a table without rows has one empty part, which tells its columns. */
  async finish(): Promise<void> {
    if (this.row > 0 || this.#parts === 0) await this.flush();
    await this.settled();
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Settles when nothing is on its way. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #handOn(set: Columns, rows: number): Promise<void> {
    const columns = set.columns.map(({ name, column }) => ({ name, data: column.data() }));
    try {
      await this.#write({ rows, columns });
    } catch (error) {
      this.#fault ??= { error };
    }
    for (const { column } of set.columns) column.reset();
    this.#free.push(set);
  }

  async #next(): Promise<Columns> {
    for (;;) {
      if (this.#fault !== null) throw this.#fault.error;
      const free = this.#free.pop();
      if (free !== undefined) return free;
      if (this.#sets < SETS) {
        this.#sets += 1;
        return this.#make();
      }
      await Promise.race(this.#writing);
    }
  }
}
