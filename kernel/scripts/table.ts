import type { DataFrame, LazyDataFrame } from "nodejs-polars";

import type { Connection, Value } from "../engines/engine.ts";
import { quoteName } from "../engines/engine.ts";
import { withFailingRows } from "../query/failing-rows.ts";
import { NO_ITEMS, isInList } from "../query/live-sql.ts";

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
    return new Query([`select * from ${quoteName(this.name)}`], [], this.#running);
  }
}

/** A query of DuckDB that runs when its rows are asked for, or when it is what the cell gives. */
export class Query {
  /** The SQL around its parameters: one more than there are parameters. */
  readonly texts: readonly string[];
  readonly parameters: readonly Value[];
  readonly #running: Running;
  /** Where in the cell it was written. */
  readonly place: Error;

  constructor(texts: readonly string[], parameters: readonly Value[], running: Running) {
    this.texts = texts;
    this.parameters = parameters;
    this.#running = running;
    this.place = new Error("here");
  }

  /** With its parameters as `$1`, `$2` … */
  get sql(): string {
    return this.texts.reduce((before, text, number) => `${before}$${number}${text}`);
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
    const around = [""];
    const parameters: Value[] = [];
    const add = (text: string): void => void around.push(`${around.pop() ?? ""}${text}`);
    const bind = (value: Value): void => {
      parameters.push(value);
      around.push("");
    };
    for (const [i, text] of texts.entries()) {
      add(text);
      if (i < parts.length) put(parts[i] as Part, text, texts[i + 1] ?? "", add, bind);
    }
    return new Query(around, parameters, running);
  };
}

/** Writes what stands between two texts: values by `bind`, all else by `add`. */
function put(
  part: Part,
  before: string,
  after: string,
  add: (text: string) => void,
  bind: (value: Value) => void,
): void {
  if (part instanceof Table) add(quoteName(part.name));
  else if (part instanceof Query) {
    add("(");
    for (const [i, text] of part.texts.entries()) {
      add(text);
      if (i < part.parameters.length) bind(part.parameters[i] ?? null);
    }
    // It may end in a comment.
    add("\n)");
  } else if (!Array.isArray(part)) bind(part as Value);
  else if (part.length === 0) add(isInList(before, after) ? NO_ITEMS : "null");
  else {
    for (const [i, item] of part.entries()) {
      if (i > 0) add(", ");
      bind(item as Value);
    }
  }
}

/** A frame of Polars, lazy or not, by what it can do: the package is loaded by the cell that uses it. */
export function isFrame(value: unknown): value is LazyDataFrame | DataFrame {
  if (typeof value !== "object" || value === null) return false;
  const { sinkParquet, writeParquet } = value as Partial<LazyDataFrame & DataFrame>;
  return typeof sinkParquet === "function" || typeof writeParquet === "function";
}
