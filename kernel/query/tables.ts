import { randomUUID } from "node:crypto";
import { join } from "node:path";

import type { ViewedTable } from "#protocol/kernel-messages.ts";
import type { ColumnSummary, TableView } from "#protocol/messages.ts";
import type { Progress } from "#protocol/record.ts";

import type { BatchStream, Connection } from "../engines/engine.ts";
import { page } from "../engines/page.ts";
import { rowCount } from "../engines/row-count.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { tableColumns } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { columnSummary } from "./column-summary.ts";
import { indexedRows, makeIndexes } from "./rsid-index.ts";
import { ViewRowsCache } from "./view-rows.ts";
import { isUnsorted, isWhole, viewSql } from "./view-sql.ts";
import type { ViewSql } from "./view-sql.ts";

/** How long a request waits for the number of rows before the first page is looked for without it. */
const PATIENCE_MS = 250;
/** Columns and summaries of tables are kept for so many tables or columns. */
const MOST_KEPT = 500;

/** Of fewer rows a column is read faster than a person waits: 100 ms for a million. */
const INDEXED_ROWS = 2_000_000;

export interface Range {
  /** 0-based, in the order of the view. */
  readonly offset: number;
  readonly limit: number;
}

/**
 * Tables in stored Parquet files, looked at under views: pages, counts, statistics. A file at a path never
 * changes, so what is found out of it is kept.
 */
export class Tables {
  readonly #connection: Connection;
  readonly #directory: string;
  readonly #leastIndexed: number;
  readonly #views: ViewRowsCache;
  readonly #columns = new Map<string, readonly TableColumn[]>();
  readonly #summaries = new Map<string, ColumnSummary>();

  /** `directory` is for the row numbers of views, and nobody else's; `leastIndexed`: tables of fewer rows get no index. */
  constructor(connection: Connection, directory: string, leastIndexed: number = INDEXED_ROWS) {
    this.#connection = connection;
    this.#directory = directory;
    this.#leastIndexed = leastIndexed;
    this.#views = new ViewRowsCache(connection, directory);
  }

  /**
   * Rows under the view; null when that takes longer than a screen should wait and the first page, for which
   * nothing need be sorted, can be shown before.
   *
   * @throws {WorkspaceError} `usage` for a view that does not fit the table
   */
  async rows({ path, view }: ViewedTable, signal: AbortSignal): Promise<number | null> {
    if (view === undefined || isWhole(view)) return rowCount(this.#connection, path, signal);
    const sql = await this.#sql(path, view, signal);
    const counted = this.#views.with(path, view, sql, signal, ({ rows }) => Promise.resolve(rows));
    return isUnsorted(view) ? within(PATIENCE_MS, counted) : counted;
  }

  /**
   * Rows of a view as Arrow messages. Of a view that is not made yet, unsorted and looked at from its start, rows
   * come as they are found; any other is made first, and then each page of it costs the same.
   */
  async *page(table: ViewedTable, range: Range, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { path, view } = table;
    if (view === undefined || isWhole(view)) {
      yield* page(this.#connection, path, range, signal).messages;
      return;
    }
    const sql = await this.#sql(path, view, signal);
    if (range.offset === 0 && isUnsorted(view) && !this.#views.has(path, view)) {
      const rows = `select * exclude (file_row_number) from ${numberedRows(path)}`;
      const limit = `limit $${sql.parameters.length + 1}`;
      const parameters = [...sql.parameters, range.limit];
      yield* this.#connection.stream(`${rows} where ${sql.where} ${limit}`, parameters, signal).messages;
      return;
    }
    yield* this.#views.stream(path, view, sql, signal, ({ path: numbers }) =>
      this.#ordered(path, numbers, range, signal),
    );
  }

  /** Every row of a view, in its order. */
  async *all(table: ViewedTable, signal: AbortSignal, shown?: Shown): AsyncGenerator<Uint8Array> {
    const { path, view } = table;
    const select = shown?.(await this.columns(path));
    if (view === undefined || isWhole(view)) {
      const from = parquetRows(path);
      yield* this.#connection.stream(`select ${select ?? "*"} from ${from}`, [], signal).messages;
      return;
    }
    const sql = viewSql(await this.columns(path), view);
    yield* this.#connection.stream(
      `select ${select ?? "* exclude (file_row_number)"} from ${numberedRows(path)} where ${sql.where} order by ${sql.order}`,
      sql.parameters,
      signal,
    ).messages;
  }

  /** Writes every row of a view to a Parquet file. */
  async sink({ path, view }: ViewedTable, target: string, signal: AbortSignal): Promise<void> {
    const sql = viewSql(await this.columns(path), view ?? {});
    const query = `select * exclude (file_row_number) from ${numberedRows(path)} where ${sql.where} order by ${sql.order}`;
    const connection = await this.#connection.connect();
    try {
      await connection.sink(query, target, { parameters: sql.parameters, signal });
    } finally {
      connection.close();
    }
  }

  /** Statistics of a column over the rows of a view. @throws {WorkspaceError} `usage` as {@link rows} */
  async column({ path, view = {} }: ViewedTable, name: string, signal: AbortSignal): Promise<ColumnSummary> {
    const filters: TableView = { filters: view.filters ?? [], search: view.search ?? "" };
    const key = JSON.stringify([path, filters, name]);
    const known = this.#summaries.get(key);
    if (known !== undefined) return known;
    const columns = await this.columns(path);
    const connection = await this.#connection.connect();
    try {
      const summary = await columnSummary(connection, path, columns, name, filters, signal);
      keep(this.#summaries, key, summary);
      return summary;
    } finally {
      connection.close();
    }
  }

  async columns(path: string): Promise<readonly TableColumn[]> {
    const known = this.#columns.get(path);
    if (known !== undefined) return known;
    const columns = await tableColumns(this.#connection, path);
    keep(this.#columns, path, columns);
    return columns;
  }

  /**
   * Makes what finds an rsID of a table at once, beside the table's object, when it is not there yet. A table of which
   * a pass over a column is quick needs none.
   *
   * @throws {WorkspaceError} `cancelled`
   */
  async index(path: string, signal: AbortSignal, progress: (progress: Progress) => void): Promise<void> {
    if ((await rowCount(this.#connection, path, signal)) < this.#leastIndexed) return;
    // Who asked first is answered by a pass over the column, which this would only slow down.
    await this.#views.settled(path);
    signal.throwIfAborted();
    const connection = await this.#connection.connect();
    try {
      const staging = join(this.#directory, `${randomUUID()}.index`);
      await makeIndexes(connection, path, await this.columns(path), staging, signal, progress);
    } finally {
      connection.close();
    }
  }

  /** A view as SQL, which looks at no more rows than an index leaves. */
  async #sql(path: string, view: TableView, signal: AbortSignal): Promise<ViewSql> {
    const columns = await this.columns(path);
    const sql = viewSql(columns, view);
    const rows = await indexedRows(this.#connection, path, columns, view, signal);
    if (rows === null) return sql;
    const [first, last] = [rows[0], rows.at(-1)];
    // The range is what leaves row groups unread.
    const found =
      first === undefined
        ? "false"
        : `file_row_number between ${first} and ${last} and file_row_number in (${rows.join(", ")})`;
    return { ...sql, where: `${found} and (${sql.where})` };
  }

  /** A page by row numbers: of each column only the row groups that hold its rows are read. */
  #ordered(path: string, numbers: string, { offset, limit }: Range, signal: AbortSignal): BatchStream {
    return this.#connection.stream(
      `select t.* exclude (file_row_number)
      from ${numberedRows(path)} t
      join (select "row", file_row_number as place from ${numberedRows(numbers)}
            where file_row_number >= $1 and file_row_number < $2) v on t.file_row_number = v."row"
      order by v.place`,
      [offset, offset + limit],
      signal,
    );
  }
}

/** The expressions of a SELECT, made of the columns of the table. */
export type Shown = (columns: readonly TableColumn[]) => string;

function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  // Whoever asks next hears of a failure.
  work.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
