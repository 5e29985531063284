import { Field, Schema } from "apache-arrow";
import type { DuckDBType } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { DataChunk } from "@duckdb/node-bindings";

import { Body } from "./column.ts";
import type { ColumnWriter } from "./column.ts";
import { StreamColumns } from "./columns.ts";
import { batchMessage, dictionaryMessage, schemaMessage } from "./message.ts";
import { VectorView } from "./vector-view.ts";

/** Metadata key of a field that holds the engine's name of its type, such as `DECIMAL(18,3)`. */
export const TYPE_KEY = "karyon.type";
/** A batch is ended when it has so many bytes… */
const BATCH_BYTES = 1 << 20;
/** …and no more rows are appended at once than may have four times as many, going by the rows before. */
const SLICE_BYTES = 4 * BATCH_BYTES;
/** What a row is taken for before one was seen. */
const UNSEEN_ROW_BYTES = 1 << 20;

export interface ResultColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Gathers chunks of one result and makes batches of them. */
export class BatchEncoder {
  readonly #columns: readonly ResultColumn[];
  readonly #writers: readonly ColumnWriter[];
  readonly #shared = new StreamColumns();
  #rows = 0;
  #rowBytes = UNSEEN_ROW_BYTES;
  #decided = false;

  /** @throws {WorkspaceError} `engine` for a column of a type that has no place in a table */
  constructor(columns: readonly ResultColumn[]) {
    this.#columns = columns;
    this.#writers = columns.map(({ type }) => this.#shared.writer(type));
  }

  /** Rows gathered for the batch that is being made. */
  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#bytes() >= BATCH_BYTES;
  }

  /** Appends rows of a chunk from row `from`, as many as go into the batch, and returns how many did. */
  append(chunk: ChunkView, from: number): number {
    const count = Math.min(chunk.rows - from, Math.max(1, Math.floor(SLICE_BYTES / this.#rowBytes)));
    for (const [i, writer] of this.#writers.entries()) writer.append(chunk.column(i), from, count);
    this.#rows += count;
    this.#rowBytes = Math.max(1, this.#bytes() / this.#rows);
    return count;
  }

  /** The messages of what was gathered: before the first batch the schema, before each what dictionaries gained. */
  take(): Uint8Array[] {
    const messages: Uint8Array[] = [];
    if (!this.#decided) {
      for (const writer of this.#shared.undecided) writer.decide();
      messages.push(schemaMessage(this.#schema()));
      this.#decided = true;
    }
    for (const source of this.#shared.dictionaries) {
      const part = source.takeDictionary();
      if (part !== null) messages.push(dictionaryMessage(part));
    }
    if (this.#rows > 0) messages.push(this.#batch());
    return messages;
  }

  #batch(): Uint8Array {
    const body = new Body();
    for (const writer of this.#writers) writer.write(body);
    const message = batchMessage(this.#rows, body);
    for (const writer of this.#writers) writer.clear();
    this.#rows = 0;
    return message;
  }

  #schema(): Schema {
    const names = distinctNames(this.#columns.map(({ name }) => name));
    const fields = this.#columns.map(({ type }, i) => {
      const writer = this.#writers[i];
      if (writer === undefined) throw new Error(`no writer for column ${i}`);
      return new Field(names[i] ?? "", writer.type, true, new Map([[TYPE_KEY, type.toString()]]));
    });
    return new Schema(fields);
  }

  #bytes(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.bytes, 0);
  }
}

/** A chunk of a result and its columns. */
export class ChunkView {
  readonly rows: number;
  readonly #chunk: DataChunk;
  readonly #columns: VectorView[] = [];

  constructor(chunk: DataChunk) {
    this.#chunk = chunk;
    this.rows = duckdb.data_chunk_get_size(chunk);
  }

  column(index: number): VectorView {
    return (this.#columns[index] ??= new VectorView(
      duckdb.data_chunk_get_vector(this.#chunk, index),
      this.rows,
    ));
  }
}

/** Names made different the way DuckDB does where it must: the second `a` is `a_1`. */
function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let n = 1; seen.has(distinct) || (distinct !== name && taken.has(distinct)); n++)
      distinct = `${name}_${n}`;
    seen.add(distinct);
    return distinct;
  });
}
