import {
  BOOLEAN,
  DOUBLE,
  DuckDBEnumType,
  DuckDBLogicalType,
  DuckDBTableFunction,
  DuckDBTypeId,
  FLOAT,
  INTEGER,
  LIST,
  UINTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { DataChunk, Vector } from "@duckdb/node-bindings";

import { TEXT_WORDS, isNull } from "../../columns/column-data.ts";
import type { ColumnBatch, ColumnData, ValidityData } from "../../columns/column-data.ts";
import { quoteName } from "../engine.ts";

const FUNCTION = "columns_of_this_process";
/** Rows that are handed over at a time. A multiple of 64, so that their validity is a stretch of whole words. */
const STRETCH_ROWS = 16_384;
/** Of a list: the place of its first element and their number, 64 bits each. */
const LIST_ENTRY_WORDS = 4;
const FIXED = { INTEGER, UINTEGER, FLOAT, DOUBLE, BOOLEAN } as const;

type DataOf<Kind> = Extract<ColumnData, { kind: Kind }>;

interface Cursor {
  at: number;
}

/**
 * Makes columns of this process readable in the SQL of one database, through a table function. Each row of the function
 * is a long stretch of rows, a list in each column: for every chunk of a function two threads have to wake each other,
 * which takes longer than to fill it.
 */
export class ColumnTables {
  readonly #batches = new Map<number, ColumnBatch>();
  #last = 0;
  #registered = false;

  /** Calls `use` with what gives the rows of the batch in order, in FROM; it is good until `use` settles. */
  async with<T>(
    connection: DuckDBConnection,
    batch: ColumnBatch,
    use: (columns: string) => Promise<T>,
  ): Promise<T> {
    if (!this.#registered) connection.registerTableFunction(this.#function());
    this.#registered = true;
    this.#last += 1;
    const ticket = this.#last;
    this.#batches.set(ticket, batch);
    try {
      const columns = batch.columns.map(({ name }) => `unnest(${quoteName(name)}) as ${quoteName(name)}`);
      return await use(`(select ${columns.join(", ")} from ${FUNCTION}(${ticket}))`);
    } finally {
      this.#batches.delete(ticket);
    }
  }

  #function(): DuckDBTableFunction {
    return DuckDBTableFunction.create({
      name: FUNCTION,
      parameterTypes: [INTEGER],
      bindFunction: (info) => {
        const batch = this.#batches.get(Number(info.getParameter(0)));
        if (batch === undefined) return info.setError("no such batch");
        for (const { name, data } of batch.columns) info.addResultColumn(name, LIST(typeOf(data)));
        info.setCardinality(Math.ceil(batch.rows / STRETCH_ROWS), true);
        info.setBindData(batch);
      },
      initFunction: (info) => {
        // One thread: rows keep their order.
        info.setMaxThreads(1);
        info.setInitData({ at: 0 } satisfies Cursor);
      },
      mainFunction: (info, { chunk }) => {
        // An exception that left this callback would end the process.
        try {
          const batch = info.bindData as ColumnBatch;
          const cursor = info.initData as Cursor;
          const rows = Math.min(STRETCH_ROWS, batch.rows - cursor.at);
          fill(chunk, batch, cursor.at, rows);
          cursor.at += rows;
        } catch (error) {
          info.setError(error instanceof Error ? error.message : String(error));
        }
      },
    });
  }
}

function typeOf(column: ColumnData): DuckDBType {
  switch (column.kind) {
    case "fixed":
      return FIXED[column.type];
    case "text":
      return VARCHAR;
    case "dictionary":
      // DuckDB writes an enumeration as text with its dictionary made.
      return new DictionaryType(column.texts);
    case "list":
      return LIST(typeOf(column.child));
  }
}

/** An enumeration of texts. That of the binding also makes an index of them, for values that nobody gives here. */
class DictionaryType extends DuckDBEnumType {
  readonly #texts: readonly string[];

  constructor(texts: readonly string[]) {
    super([], DuckDBTypeId.UINTEGER);
    this.#texts = texts;
  }

  override toLogicalType(): DuckDBLogicalType {
    return DuckDBLogicalType.createEnum(this.#texts);
  }
}

/** One row with the rows from `from` on. */
function fill(chunk: DataChunk, { columns }: ColumnBatch, from: number, rows: number): void {
  duckdb.data_chunk_set_size(chunk, rows === 0 ? 0 : 1);
  if (rows === 0) return;
  for (const [index, { data }] of columns.entries()) {
    const vector = duckdb.data_chunk_get_vector(chunk, index);
    copy(vector, Uint32Array.of(0, 0, rows, 0), 0, LIST_ENTRY_WORDS);
    fillElements(vector, data, from, rows);
  }
}

function fillVector(vector: Vector, column: ColumnData, from: number, rows: number): void {
  switch (column.kind) {
    case "fixed":
      return copy(vector, column.values, from, rows);
    case "dictionary":
      return copy(vector, narrow(column, from, rows), 0, rows);
    case "text":
      return fillTexts(vector, column, from, rows);
    case "list":
      return fillLists(vector, column, from, rows);
  }
}

function fillTexts(vector: Vector, column: DataOf<"text">, from: number, rows: number): void {
  copy(vector, column.words, from * TEXT_WORDS, rows * TEXT_WORDS);
  const { longRows, longTexts } = column;
  for (let i = firstAtLeast(longRows, from); i < longRows.length; i += 1) {
    const row = (longRows[i] ?? 0) - from;
    const text = longTexts[i];
    if (row >= rows || text === undefined) break;
    duckdb.vector_assign_string_element_len(vector, row, text);
  }
}

/** Codes in the width that the engine has for an enumeration of this size. */
function narrow(
  { codes, texts }: DataOf<"dictionary">,
  from: number,
  rows: number,
): Uint8Array | Uint16Array | Uint32Array {
  const stretch = codes.subarray(from, from + rows);
  if (texts.length < 1 << 8) return new Uint8Array(stretch);
  return texts.length < 1 << 16 ? new Uint16Array(stretch) : stretch;
}

function fillLists(vector: Vector, { starts, child }: DataOf<"list">, from: number, rows: number): void {
  const first = starts[from] ?? 0;
  const words = rows * LIST_ENTRY_WORDS;
  const entries = new Uint32Array(scratchFor(words * Uint32Array.BYTES_PER_ELEMENT), 0, words);
  let start = first;
  for (let row = 0, at = 0; row < rows; row += 1, at += LIST_ENTRY_WORDS) {
    const end = starts[from + row + 1] ?? 0;
    entries[at] = start - first;
    entries[at + 1] = 0;
    entries[at + 2] = end - start;
    entries[at + 3] = 0;
    start = end;
  }
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  fillElements(vector, child, first, start - first);
}

/** Elements of the lists of a vector, of which all entries are there. */
function fillElements(vector: Vector, elements: ColumnData, from: number, count: number): void {
  duckdb.list_vector_reserve(vector, count);
  duckdb.list_vector_set_size(vector, count);
  if (count === 0) return;
  const child = duckdb.list_vector_get_child(vector);
  fillVector(child, elements, from, count);
  fillValidity(child, elements.validity, from, count);
}

function fillValidity(vector: Vector, validity: ValidityData, from: number, rows: number): void {
  if (validity.nulls === 0) return;
  duckdb.vector_ensure_validity_writable(vector);
  const bytes = Math.ceil(rows / 8);
  if (from % 8 === 0) {
    duckdb.copy_data_to_vector_validity(vector, 0, scratchOf(validity.bits, from / 8, bytes), 0, bytes);
    return;
  }
  const bits = new Uint8Array(bytes).fill(0xff);
  for (let row = 0; row < rows; row += 1) {
    if (isNull(validity, from + row)) bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7));
  }
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bytes);
}

/** Elements `from` … `from + count - 1` of an array to the start of a vector. */
function copy(
  vector: Vector,
  values: Int32Array | Uint32Array | Float32Array | Float64Array | Uint16Array | Uint8Array,
  from: number,
  count: number,
): void {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  duckdb.copy_data_to_vector(vector, 0, scratchOf(bytes, from * width, count * width), 0, count * width);
}

let scratch = new ArrayBuffer(1 << 16);

/** A stretch of bytes in memory that the binding takes: it refuses memory that threads share. */
function scratchOf(bytes: Uint8Array, from: number, count: number): ArrayBuffer {
  const memory = scratchFor(count);
  new Uint8Array(memory).set(bytes.subarray(from, from + count));
  return memory;
}

/** Memory of at least so many bytes, until the next call. */
function scratchFor(bytes: number): ArrayBuffer {
  if (scratch.byteLength < bytes) scratch = new ArrayBuffer(bytes * 2);
  return scratch;
}

function firstAtLeast(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
