import type { DataFrame, LazyDataFrame } from "nodejs-polars";

import type { Connection, Value } from "../engines/engine.ts";
import { quoteName } from "../engines/engine.ts";
import { withFailingRows } from "../query/failing-rows.ts";

export type Row = Readonly<Record<string, unknown>>;

/** What may stand in the `${}` of a query; a list is one for `in (…)`. */
type Part = Table | Query | Value | readonly (string | number)[];

/** What a query needs to run: the engine, and when to stop. */
export interface Running {
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** A table that the cell names. In `sql` it stands for itself: ``sql`select * from ${hits}` ``. */
export class Table {
  readonly name: string;
  readonly #path: string;
  readonly #running: Running;

  constructor(name: string, path: string, running: Running) {
    this.name = name;
    this.#path = path;
    this.#running = running;
  }

  /** All rows as plain objects, in their order: for tables of some hundred thousand rows at the most. */
  rows(): Promise<Row[]> {
    return this.query().rows();
  }

  /** The table as a lazy frame of Polars, which reads no more of the file than it needs. */
  async frame(): Promise<LazyDataFrame> {
    const { default: polars } = await import("nodejs-polars");
    return polars.scanParquet(this.#path, { glob: false, hivePartitioning: false });
  }

  /** The whole table as a query. */
  query(): Query {
    return new Query(`select * from ${quoteName(this.name)}`, [], this.#running);
  }
}

/** A query of DuckDB that runs when its rows are asked for, or when it is what the cell gives. */
export class Query {
  readonly sql: string;
  readonly parameters: readonly Value[];
  readonly #running: Running;
  /** Where in the cell it was written. */
  readonly place: Error;

  constructor(sql: string, parameters: readonly Value[], running: Running) {
    this.sql = sql;
    this.parameters = parameters;
    this.#running = running;
    this.place = new Error("here");
  }

  /** All rows as plain objects: for results of some hundred thousand rows at the most. */
  async rows(): Promise<Row[]> {
    const { connection, signal } = this.#running;
    return connection
      .rows<Row>(this.sql, this.parameters, signal)
      .catch((error: unknown) => this.#failed(error));
  }

  /** Writes the rows to a Parquet file, in bounded memory. */
  async sink(path: string): Promise<void> {
    const { connection, signal } = this.#running;
    await connection
      .sink(this.sql, path, { parameters: this.parameters, signal })
      .catch((error: unknown) => this.#failed(error));
  }

  async #failed(error: unknown): Promise<never> {
    const { connection, signal } = this.#running;
    throw new QueryFailed(await withFailingRows(error, this, connection, signal), this.place);
  }
}

/** What the engine refused, and where the query was written. */
export class QueryFailed extends Error {
  readonly place: Error;

  constructor(cause: unknown, place: Error) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "QueryFailed";
    this.place = place;
  }
}

/** The tag of queries: tables and queries in it stand for themselves, every other value is bound. */
export function sqlTag(running: Running): (texts: TemplateStringsArray, ...parts: readonly Part[]) => Query {
  return (texts, ...parts) => {
    const parameters: Value[] = [];
    let sql = texts[0] ?? "";
    for (const [i, part] of parts.entries()) {
      sql += placed(part, parameters) + (texts[i + 1] ?? "");
    }
    return new Query(sql, parameters, running);
  };
}

function placed(part: Part, parameters: Value[]): string {
  if (part instanceof Table) return quoteName(part.name);
  if (part instanceof Query) {
    const from = parameters.length;
    parameters.push(...part.parameters);
    return `(${part.sql.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + from}`)})`;
  }
  if (!Array.isArray(part)) return `$${parameters.push(part as Value)}`;
  if (part.length === 0) return "null";
  return part.map((item: Value) => `$${parameters.push(item)}`).join(", ");
}

/** A frame of Polars, lazy or not, by what it can do: the package is loaded by the cell that uses it. */
export function isFrame(value: unknown): value is LazyDataFrame | DataFrame {
  if (typeof value !== "object" || value === null) return false;
  const { sinkParquet, writeParquet } = value as Partial<LazyDataFrame & DataFrame>;
  return typeof sinkParquet === "function" || typeof writeParquet === "function";
}
