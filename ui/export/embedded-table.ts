import { RecordBatchReader } from "apache-arrow";
import type { RecordBatch } from "apache-arrow";

import type { ExportedBlock, ExportedTable } from "#protocol/exported.ts";
import { BLOCK_ROWS } from "#protocol/exported.ts";
import type { TableView as View } from "#protocol/messages.ts";

import { rowsOf } from "../runtime/table-rows.ts";
import { HeldRows } from "../table/held-rows.ts";
import { isPlain } from "../table/look.ts";
import type { ArrowPage, Page } from "../table/table-pages.ts";
import { pageValues } from "../table/page-values.ts";
import { timesAsNumbers } from "../table/times.ts";
import { readBlock } from "./blocks.ts";

/** Views that are kept: as many as a person goes back and forth between. */
const VIEWS_KEPT = 4;

/**
 * A table that stands in this file. A page of it unpacks the one block that holds it; a view needs all of them, once.
 */
export class EmbeddedTable {
  readonly #table: ExportedTable;
  readonly #pages = new Map<string, Promise<ArrowPage>>();
  readonly #views = new Map<string, Uint32Array>();
  #held: Promise<HeldRows> | null = null;

  constructor(table: ExportedTable) {
    this.#table = table;
  }

  /** Rows of a view, and the number of all of its rows. */
  async window(view: View, offset: number, limit: number): Promise<{ page: Page; rows: number }> {
    if (isPlain(view))
      return { page: timesAsNumbers(await this.rows(offset, limit)), rows: this.#table.rows };
    const held = await this.held();
    const numbers = this.#under(held, view);
    return { page: held.page(numbers, offset, limit), rows: numbers.length };
  }

  async rows(offset: number, limit: number): Promise<ArrowPage> {
    const first = Math.floor(offset / BLOCK_ROWS);
    const last = Math.max(first, Math.ceil((offset + limit) / BLOCK_ROWS) - 1);
    const blocks = this.#table.blocks.slice(first, last + 1);
    const page = joined(await Promise.all(blocks.map((block) => this.#block(block))));
    return rowsOf(page, offset - first * BLOCK_ROWS, limit);
  }

  held(): Promise<HeldRows> {
    this.#held ??= Promise.all(this.#table.blocks.map((block) => this.#block(block))).then(
      (pages) => new HeldRows(timesAsNumbers(joined(pages))),
    );
    return this.#held;
  }

  #under(held: HeldRows, view: View): Uint32Array {
    const key = JSON.stringify(view);
    const known = this.#views.get(key) ?? held.under(view);
    this.#views.delete(key);
    this.#views.set(key, known);
    for (const old of this.#views.keys()) if (this.#views.size > VIEWS_KEPT) this.#views.delete(old);
    return known;
  }

  #block(block: ExportedBlock): Promise<ArrowPage> {
    const known = this.#pages.get(block.id) ?? readBlock(block).then(decoded);
    this.#pages.set(block.id, known);
    return known;
  }
}

function decoded(bytes: Uint8Array): ArrowPage {
  const reader = RecordBatchReader.from(bytes).open();
  // Taken now: at its end the reader forgets it.
  const { schema } = reader;
  const batches: RecordBatch[] = [...reader].filter((batch) => batch.numRows > 0).map(pageValues);
  return { schema, batches };
}

function joined(pages: readonly ArrowPage[]): ArrowPage {
  const [first] = pages;
  if (first === undefined) throw new Error("a table has at least one block");
  return { schema: first.schema, batches: pages.flatMap(({ batches }) => [...batches]) };
}
