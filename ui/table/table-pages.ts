import type { RecordBatch, Schema } from "apache-arrow";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ColumnSummary, TableView as View } from "#protocol/messages.ts";
import type { ColumnFacts } from "#protocol/record.ts";

import { cellText } from "./cell-text.ts";
import type { Column, ColumnSample } from "./columns.ts";
import { asWideAs, columnsOf } from "./columns.ts";
import type { RowRange } from "./window.ts";
import { PAGE_ROWS, pagesOf } from "./window.ts";

/** Rows that a table reads: a record batch, or some rows of one. */
export interface Rows {
  readonly numRows: number;
  getChildAt(column: number): { get(row: number): unknown } | null;
}

/** Rows of a window; `schema` is there also when no row is. */
export interface Page {
  readonly schema: Schema;
  readonly batches: readonly Rows[];
}

/** Rows as they came. */
export interface ArrowPage extends Page {
  readonly batches: readonly RecordBatch[];
}

export type FetchPage = (offset: number, limit: number, signal: AbortSignal) => Promise<Page>;

export interface TableFacts {
  /** Exact number of rows; null when the record does not say. */
  readonly rows: number | null;
  readonly columns: readonly ColumnFacts[];
  /** Whether there are, or may be, rows that are not in the table; absent: no. */
  readonly partial?: boolean;
}

export type ExportFormat = "csv" | "tsv" | "parquet" | "arrow";

/** How a table is sorted, filtered, summed up and taken away. The kernel does it, but for rows that are all here. */
export interface TableViews {
  /** `rows`: exact number under the view; null when that is not known. @throws {WorkspaceError} */
  readonly open: (
    view: View,
    signal: AbortSignal,
  ) => Promise<{ readonly first: Page; readonly rows: number | null; readonly fetch: FetchPage }>;
  /** @throws {WorkspaceError} */
  readonly column: (column: string, view: View) => Promise<ColumnSummary>;
  /** Null when there is nobody to make the files. */
  readonly exportUrl: ((format: ExportFormat, view: View) => string) | null;
}

/** Pages kept: enough to scroll back and forth, little memory. */
const PAGES_KEPT = 24;
/** Rows that decide how wide the columns are. */
const SAMPLE_ROWS = 40;

/** A table behind a window: pages of rows that come when they are looked at, the least recent go. */
export class TablePages {
  readonly rows: number;
  /** Whether `rows` is the whole table, not only what has been seen of it. */
  readonly exact: boolean;
  readonly columns: readonly Column[];
  /** Null for a table that comes in one order and no other. */
  readonly views: TableViews | null;
  readonly #fetch: FetchPage;
  readonly #facts: TableFacts;
  readonly #pages = new Map<number, Page>();
  readonly #flying = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #error: ErrorInfo | null = null;

  /** `standing`: columns of the table that this is a view of. */
  constructor(
    first: Page,
    facts: TableFacts,
    fetch: FetchPage,
    views: TableViews | null = null,
    standing: readonly Column[] = [],
  ) {
    const seen = rowCount(first);
    this.rows = facts.rows ?? seen;
    this.exact = facts.partial !== true && (facts.rows !== null || seen < PAGE_ROWS);
    this.#fetch = fetch;
    this.#facts = facts;
    this.views = views;
    this.#pages.set(0, first);
    const fields = first.schema.fields;
    const samples = fields.map((_, index) => sampleOf(first, index));
    this.columns = asWideAs(standing, columnsOf(fields, facts.columns, samples));
  }

  /** Opens a table by its first page. */
  static async open(
    facts: TableFacts,
    fetch: FetchPage,
    signal: AbortSignal,
    views: TableViews | null = null,
  ): Promise<TablePages> {
    return new TablePages(await fetch(0, PAGE_ROWS, signal), facts, fetch, views);
  }

  /** The same table in another order or with fewer rows; itself when it has no views. @throws {WorkspaceError} */
  async under(view: View, signal: AbortSignal): Promise<TablePages> {
    if (this.views === null) return this;
    const { first, rows, fetch } = await this.views.open(view, signal);
    return new TablePages(first, { ...this.#facts, rows }, fetch, this.views, this.columns);
  }

  /** The same rows, not to be sorted or narrowed. */
  inOneOrder(): TablePages {
    const [first] = this.#pages.values();
    return first === undefined ? this : new TablePages(first, this.#facts, this.#fetch);
  }

  /** Rows `first` … `last`, fetched if they are not here; each a value for every column. */
  async read(range: RowRange, signal: AbortSignal): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    for (const number of pagesOf(range)) {
      const page = this.#pages.get(number) ?? (await this.#fetch(number * PAGE_ROWS, PAGE_ROWS, signal));
      this.#touch(number, page);
      const from = Math.max(range.first, number * PAGE_ROWS);
      const to = Math.min(range.last, (number + 1) * PAGE_ROWS - 1);
      for (let row = from; row <= to; row++) {
        rows.push(this.columns.map((_, column) => valueIn(page, row % PAGE_ROWS, column)));
      }
    }
    this.#forget();
    return rows;
  }

  /** The value of a cell; undefined while its page is not here. */
  value(row: number, column: number): unknown {
    const page = this.#pages.get(Math.floor(row / PAGE_ROWS));
    return page === undefined ? undefined : valueIn(page, row % PAGE_ROWS, column);
  }

  has(row: number): boolean {
    return this.#pages.has(Math.floor(row / PAGE_ROWS));
  }

  /** What the last page that was asked for failed with. */
  get error(): ErrorInfo | null {
    return this.#error;
  }

  /** Changes whenever a page comes or fails. */
  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sees to it that these rows come; requests for rows that are no longer looked at are given up. */
  show(range: RowRange): void {
    const wanted = pagesOf(range);
    for (const [number, controller] of this.#flying) {
      if (wanted.includes(number)) continue;
      controller.abort();
      this.#flying.delete(number);
    }
    for (const number of wanted) {
      const page = this.#pages.get(number);
      if (page === undefined) this.#request(number);
      else this.#touch(number, page);
    }
  }

  /** Forgets the failure, so that the next look asks again. */
  retry(range: RowRange): void {
    this.#error = null;
    this.show(range);
    this.#changed();
  }

  #request(number: number): void {
    if (this.#flying.has(number) || this.#error !== null) return;
    const controller = new AbortController();
    this.#flying.set(number, controller);
    void this.#load(number, controller);
  }

  async #load(number: number, controller: AbortController): Promise<void> {
    try {
      const page = await this.#fetch(number * PAGE_ROWS, PAGE_ROWS, controller.signal);
      if (controller.signal.aborted) return;
      this.#touch(number, page);
      this.#forget();
    } catch (error) {
      // What was given up is not a failure.
      if (controller.signal.aborted) return;
      this.#error = errorInfo(error);
    } finally {
      if (this.#flying.get(number) === controller) this.#flying.delete(number);
    }
    this.#changed();
  }

  /** Makes a page the most recent. */
  #touch(number: number, page: Page): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
  }

  #forget(): void {
    for (const old of this.#pages.keys()) if (this.#pages.size > PAGES_KEPT) this.#pages.delete(old);
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

/** Rows of all batches of a page. */
export function rowCount(page: Page): number {
  return page.batches.reduce((sum, batch) => sum + batch.numRows, 0);
}

function valueIn(page: Page, row: number, column: number): unknown {
  let rest = row;
  for (const batch of page.batches) {
    if (rest < batch.numRows) return batch.getChildAt(column)?.get(rest);
    rest -= batch.numRows;
  }
  return undefined;
}

function sampleOf(page: Page, column: number): ColumnSample {
  const rows = Math.min(SAMPLE_ROWS, rowCount(page));
  let [longest, largest] = ["", 0];
  for (let row = 0; row < rows; row++) {
    const value = valueIn(page, row, column);
    const text = cellText(value, "text");
    if (text.length > longest.length) longest = text;
    if (typeof value === "number" && Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  return { longest, largest };
}
