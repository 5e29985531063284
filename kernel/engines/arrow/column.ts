import type { DataType } from "apache-arrow";
import { BufferRegion, FieldNode } from "apache-arrow/ipc/metadata/message";

import type { VectorView } from "./vector-view.ts";

/** Gathers one column, or one child of a nested column, row by row of the batch that is being made. */
export interface ColumnWriter {
  /** The Arrow type of the column. Of a text column it is settled by the first batch: see `TextWriter`. */
  readonly type: DataType;
  /** Rows and bytes gathered for the batch. */
  readonly rows: number;
  readonly bytes: number;
  /** Appends rows `from` to `from + count` of a vector. */
  append(view: VectorView, from: number, count: number): void;
  /** Hands over what was gathered, depth first as Arrow orders it, and starts anew with {@link clear}. */
  write(body: Body): void;
  clear(): void;
}

/** The nodes and buffers of one batch, in Arrow's order. The buffers are copied when the message is framed. */
export class Body {
  readonly nodes: FieldNode[] = [];
  readonly buffers: Uint8Array[] = [];
  readonly regions: BufferRegion[] = [];
  /** Length of the body, each buffer padded to 8 bytes. */
  length = 0;

  node(rows: number, nulls: number): void {
    this.nodes.push(new FieldNode(rows, nulls));
  }

  buffer(bytes: Uint8Array): void {
    this.buffers.push(bytes);
    this.regions.push(new BufferRegion(this.length, bytes.length));
    this.length += Math.ceil(bytes.length / 8) * 8;
  }
}

/** A dictionary as it stands before a batch: what is new of it since the last one. */
export interface DictionaryPart {
  readonly id: number;
  readonly rows: number;
  /** Whether it adds to the dictionary of that id; else it takes its place. */
  readonly isDelta: boolean;
  readonly body: Body;
}

/** A column whose values are numbers of entries in a dictionary. */
export interface DictionarySource {
  /** What readers need to know before the batch that is about to be written; null when nothing is new. */
  takeDictionary(): DictionaryPart | null;
}
