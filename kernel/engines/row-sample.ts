import type { ColumnBatch, ColumnData } from "../columns/column-data.ts";
import { quoteName } from "./engine.ts";
import type { Connection } from "./engine.ts";

/** A sample holds at most so many stretches of neighbouring rows, and at least half as many of a table of many parts. */
const STRETCHES = 32;
const STRETCH_ROWS = 4_096;
/** What it holds together, at the most. */
const CELLS = 2_000_000;

const TABLE = "karyon_sample";
const STRETCH = "karyon stretch";

/**
 * Some rows of a table that is written part by part, evenly spread: they are taken from memory as the parts pass, so
 * that nothing of what was written has to be read again. For a connection of DuckDB, which it closes.
 */
export class RowSample {
  readonly connection: Connection;
  readonly table: string = TABLE;
  #parts = 0;
  /** Of so many parts, one is in the sample. */
  #every = 1;
  #stretches: { readonly part: number; readonly rows: number }[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  get rows(): number {
    return this.#stretches.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Takes the first rows of the next part; of one that is small none. The batch is read before it settles. */
  take(batch: ColumnBatch, signal: AbortSignal): Promise<void> {
    const part = this.#parts;
    this.#parts += 1;
    // One after the other, as they came: each may throw out what those before it took.
    const mine = this.#last.then(() => this.#take(part, batch, signal));
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #take(part: number, batch: ColumnBatch, signal: AbortSignal): Promise<void> {
    if (batch.rows < STRETCH_ROWS || part % this.#every > 0) return;
    if (this.connection.runOverColumns === undefined) throw new Error("an engine that takes no columns");
    const rows = Math.min(STRETCH_ROWS, Math.ceil(CELLS / STRETCHES / batch.columns.length));
    if (this.#stretches.length === 0) {
      const columns = batch.columns.map(({ name, data }) => `${quoteName(name)} ${typeOf(data)}`);
      await this.connection.run(
        `create or replace temp table ${TABLE} (${columns.join(", ")}, "${STRETCH}" BIGINT)`,
        [],
        signal,
      );
    }
    await this.connection.runOverColumns(
      firstRows(batch, rows),
      (columns) => `insert into ${TABLE} select *, ${part} from ${columns}`,
      signal,
    );
    this.#stretches.push({ part, rows });
    if (this.#stretches.length < STRETCHES) return;
    this.#every *= 2;
    this.#stretches = this.#stretches.filter(({ part }) => part % this.#every === 0);
    await this.connection.run(`delete from ${TABLE} where "${STRETCH}" % ${this.#every} > 0`, [], signal);
  }

  close(): void {
    this.connection.close();
  }
}

/** The first rows of a batch. The engine is told each text of a dictionary: of those only what the rows have. */
function firstRows({ columns }: ColumnBatch, rows: number): ColumnBatch {
  return { rows, columns: columns.map(({ name, data }) => ({ name, data: firstOf(data, rows) })) };
}

function firstOf(data: ColumnData, rows: number): ColumnData {
  if (data.kind === "list") return { ...data, child: firstOf(data.child, data.starts[rows] ?? 0) };
  if (data.kind !== "dictionary") return data;
  const places = new Map<number, number>();
  const codes = data.codes.slice(0, rows).map((code) => {
    // Of a row without a value the code may be of no text.
    if (code >= data.texts.length) return 0;
    const place = places.get(code) ?? places.size;
    places.set(code, place);
    return place;
  });
  return { ...data, codes, texts: Array.from(places.keys(), (code) => data.texts[code] ?? "") };
}

function typeOf(data: ColumnData): string {
  if (data.kind === "fixed") return data.type;
  return data.kind === "list" ? `${typeOf(data.child)}[]` : "VARCHAR";
}
