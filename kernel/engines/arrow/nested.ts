import { Field, FixedSizeList, List, Map_, SparseUnion, Struct } from "apache-arrow";
import type { DataType } from "apache-arrow";

import { bitAt, Bitmap } from "./bitmap.ts";
import { Bytes } from "./bytes.ts";
import type { Body, ColumnWriter } from "./column.ts";
import type { VectorView } from "./vector-view.ts";

/** A field of a nested type. */
export interface Child {
  readonly name: string;
  readonly writer: ColumnWriter;
}

/** LIST and MAP, which DuckDB keeps as a list of structs of key and value, as Arrow does. */
export class ListWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #child: ColumnWriter;
  readonly #validity = new Bitmap();
  readonly #offsets = new Bytes();

  constructor(type: List | Map_, child: ColumnWriter) {
    this.type = type;
    this.#child = child;
    this.clear();
  }

  static list(child: ColumnWriter): ListWriter {
    return new ListWriter(new List(field("item", child)), child);
  }

  static map(key: ColumnWriter, value: ColumnWriter): ListWriter {
    const entries = new StructWriter([
      { name: "key", writer: key },
      { name: "value", writer: value },
    ]);
    const struct = new Struct<{ key: DataType; value: DataType }>([
      new Field("key", key.type, false),
      field("value", value),
    ]);
    return new ListWriter(new Map_(new Field("entries", struct, false)), entries);
  }

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return this.#offsets.length + this.#child.bytes;
  }

  append(view: VectorView, from: number, count: number): void {
    const validity = view.validity();
    const data = view.data(16);
    const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    const child = view.listChild();
    this.#validity.append(validity, from, count);
    let offsetAt = this.#offsets.reserve(4 * count) >> 2;
    const offsets = this.#offsets.words;
    let end = this.#child.rows;
    let runStart = 0;
    let runEnd = 0;
    for (let row = from; row < from + count; row++) {
      // Of the 64 bits of each, the lower half says all: no memory has room for more values.
      const length = validity === null || bitAt(validity, row) ? (words[4 * row + 2] ?? 0) : 0;
      const start = words[4 * row] ?? 0;
      // Lists most often lie one after the other; where they do not, each stretch is appended by itself.
      if (length > 0 && start !== runEnd) {
        if (runEnd > runStart) this.#child.append(child, runStart, runEnd - runStart);
        runStart = start;
        runEnd = start;
      }
      runEnd += length;
      end += length;
      offsets[offsetAt++] = end;
    }
    if (runEnd > runStart) this.#child.append(child, runStart, runEnd - runStart);
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    body.buffer(this.#offsets.view());
    this.#child.write(body);
  }

  clear(): void {
    this.#validity.clear();
    this.#offsets.clear();
    this.#offsets.words[this.#offsets.reserve(4) >> 2] = 0;
    this.#child.clear();
  }
}

/** ARRAY: so many values for each row. */
export class ArrayWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #length: number;
  readonly #child: ColumnWriter;
  readonly #validity = new Bitmap();

  constructor(length: number, child: ColumnWriter) {
    this.type = new FixedSizeList(length, field("item", child));
    this.#length = length;
    this.#child = child;
  }

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return this.#child.bytes;
  }

  append(view: VectorView, from: number, count: number): void {
    this.#validity.append(view.validity(), from, count);
    this.#child.append(view.arrayChild(this.#length), from * this.#length, count * this.#length);
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    this.#child.write(body);
  }

  clear(): void {
    this.#validity.clear();
    this.#child.clear();
  }
}

export class StructWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #children: readonly Child[];
  readonly #validity = new Bitmap();

  constructor(children: readonly Child[]) {
    this.type = new Struct(children.map(({ name, writer }) => field(name, writer)));
    this.#children = children;
  }

  get rows(): number {
    return this.#validity.length;
  }

  get bytes(): number {
    return bytesOf(this.#children);
  }

  append(view: VectorView, from: number, count: number): void {
    this.#validity.append(view.validity(), from, count);
    for (const [i, { writer }] of this.#children.entries()) writer.append(view.structChild(i), from, count);
  }

  write(body: Body): void {
    body.node(this.rows, this.#validity.nulls);
    body.buffer(this.#validity.view());
    for (const { writer } of this.#children) writer.write(body);
  }

  clear(): void {
    this.#validity.clear();
    for (const { writer } of this.#children) writer.clear();
  }
}

/**
 * UNION as Arrow's sparse union: every member has a value for every row, the tag says which one counts.
 * Arrow's unions have no nulls of their own: a null row is a null of the first member.
 */
export class UnionWriter implements ColumnWriter {
  readonly type: DataType;
  readonly #children: readonly Child[];
  readonly #tags = new Bytes();

  constructor(children: readonly Child[]) {
    this.type = new SparseUnion(
      Int32Array.from(children.keys()),
      children.map(({ name, writer }) => field(name, writer)),
    );
    this.#children = children;
  }

  get rows(): number {
    return this.#tags.length;
  }

  get bytes(): number {
    return this.#tags.length + bytesOf(this.#children);
  }

  append(view: VectorView, from: number, count: number): void {
    const tag = view.structChild(0);
    const tags = tag.data(1);
    const validity = tag.validity();
    const start = this.#tags.reserve(count);
    for (let i = 0; i < count; i++) {
      const valid = validity === null || bitAt(validity, from + i);
      this.#tags.bytes[start + i] = valid ? (tags[from + i] ?? 0) : 0;
    }
    for (const [i, { writer }] of this.#children.entries())
      writer.append(view.structChild(i + 1), from, count);
  }

  write(body: Body): void {
    body.node(this.rows, 0);
    body.buffer(this.#tags.view());
    for (const { writer } of this.#children) writer.write(body);
  }

  clear(): void {
    this.#tags.clear();
    for (const { writer } of this.#children) writer.clear();
  }
}

function field(name: string, writer: ColumnWriter): Field {
  return new Field(name, writer.type, true);
}

function bytesOf(children: readonly Child[]): number {
  return children.reduce((sum, { writer }) => sum + writer.bytes, 0);
}
