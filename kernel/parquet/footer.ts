import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

import { integer, readStruct, writeStruct } from "./compact-thrift.ts";
import type { Thrift, ThriftFields } from "./compact-thrift.ts";

const MAGIC = "PAR1";
/** Length of the footer and the magic behind it. */
const TAIL_BYTES = 8;

/** Fields of the footer's structs that are used here (parquet.thrift of apache/parquet-format). */
export const FILE = { schema: 2, rows: 3, groups: 4, keyValues: 5, columnOrders: 7 } as const;
export const GROUP = { columns: 1, bytes: 2, rows: 3, offset: 5, compressedBytes: 6, ordinal: 7 } as const;
const CHUNK = { offset: 2, metadata: 3 } as const;
const METADATA = { dataPage: 9, indexPage: 10, dictionaryPage: 11 } as const;
/** Offset index and column index: they hold places in the file themselves, and readers do without. */
const CHUNK_INDEXES = [4, 5, 6, 7];
/** Place and length of a Bloom filter. */
const BLOOM_FILTER = { offset: 14, bytes: 15 } as const;

const LIST = 9;
const STRUCT = 12;

/** What a Parquet file says of itself. */
export interface Footer {
  readonly metadata: ThriftFields;
  readonly groups: readonly RowGroup[];
}

/** A row group and the bytes of its file that hold its columns. */
export interface RowGroup {
  readonly path: string;
  readonly fields: ThriftFields;
  readonly rows: bigint;
  readonly from: number;
  readonly end: number;
}

/** @throws {Error} for a file that is no Parquet */
export async function footerOf(path: string): Promise<Footer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(TAIL_BYTES);
    await file.read(tail, 0, TAIL_BYTES, size - TAIL_BYTES);
    if (tail.toString("latin1", MAGIC.length) !== MAGIC) throw new Error(`not a Parquet file: ${path}`);
    const length = tail.readUInt32LE();
    const dataEnd = size - TAIL_BYTES - length;
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, dataEnd);
    const metadata = readStruct(bytes);
    return { metadata, groups: groupsOf(path, metadata, dataEnd) };
  } finally {
    await file.close();
  }
}

/** Row groups with rows; the bytes of each reach to where the next begins. */
function groupsOf(path: string, metadata: ThriftFields, dataEnd: number): RowGroup[] {
  const all = itemsOf(metadata, FILE.groups).filter((fields) => integerOf(fields, GROUP.rows) > 0n);
  const starts = all.map((fields) => startOf(fields));
  return all.map((fields, at) => ({
    path,
    fields,
    rows: integerOf(fields, GROUP.rows),
    from: starts[at] ?? 0,
    end: starts[at + 1] ?? dataEnd,
  }));
}

function startOf(group: ThriftFields): number {
  const pages = itemsOf(group, GROUP.columns).flatMap((chunk) => {
    const metadata = fieldsOf(chunk.get(CHUNK.metadata));
    return [METADATA.dataPage, METADATA.indexPage, METADATA.dictionaryPage].flatMap((id) => {
      // Zero stands for "not stated".
      const offset = Number(integerOf(metadata, id));
      return offset > 0 ? [offset] : [];
    });
  });
  return Math.min(...pages);
}

/** Writes a Parquet file out of row groups of others: their bytes are copied as they are, nothing is decoded. */
export class ParquetAssembly {
  readonly #out: FileHandle;
  readonly #groups: Thrift[] = [];
  #at: number = MAGIC.length;
  #rows = 0n;

  private constructor(out: FileHandle) {
    this.#out = out;
  }

  static async open(path: string): Promise<ParquetAssembly> {
    const out = await open(path, "w");
    try {
      await out.writeFile(MAGIC);
    } catch (error) {
      await out.close();
      throw error;
    }
    return new ParquetAssembly(out);
  }

  /** Adds a row group of all columns of `parts`, which have the same rows. */
  async add(parts: readonly [RowGroup, ...RowGroup[]]): Promise<void> {
    const [first] = parts;
    const offset = this.#at;
    const columns: Thrift[] = [];
    for (const part of parts) {
      for (const chunk of itemsOf(part.fields, GROUP.columns)) columns.push(moved(chunk, part, this.#at));
      this.#at += await copy(part, this.#out);
    }
    const fields = new Map(first.fields);
    fields.set(GROUP.columns, { type: LIST, element: STRUCT, items: columns });
    for (const id of [GROUP.bytes, GROUP.compressedBytes]) {
      const sum = parts.reduce((total, part) => total + integerOf(part.fields, id), 0n);
      if (fields.has(id)) fields.set(id, integer(sum));
    }
    if (fields.has(GROUP.offset)) fields.set(GROUP.offset, integer(BigInt(offset)));
    if (fields.has(GROUP.ordinal)) fields.set(GROUP.ordinal, integer(BigInt(this.#groups.length), 4));
    this.#groups.push({ type: STRUCT, fields });
    this.#rows += first.rows;
  }

  /** Writes the footer: `metadata` with the row groups that were added. */
  async finish(metadata: ThriftFields): Promise<void> {
    const footer = new Map(metadata);
    footer.set(FILE.rows, integer(this.#rows));
    footer.set(FILE.groups, { type: LIST, element: STRUCT, items: this.#groups });
    const bytes = writeStruct(footer);
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(bytes.length);
    tail.write(MAGIC, MAGIC.length);
    await this.#out.writeFile(Buffer.concat([bytes, tail]));
  }

  close(): Promise<void> {
    return this.#out.close();
  }
}

/** A column of a row group whose bytes lie at `at` now. */
function moved(column: ThriftFields, { from, end }: RowGroup, at: number): Thrift {
  const shift = BigInt(at - from);
  const chunk = new Map(column);
  for (const index of CHUNK_INDEXES) chunk.delete(index);
  move(chunk, CHUNK.offset, shift);
  const metadata = new Map(fieldsOf(chunk.get(CHUNK.metadata)));
  for (const id of Object.values(METADATA)) move(metadata, id, shift);
  const filter = Number(integerOf(metadata, BLOOM_FILTER.offset));
  if (from <= filter && filter < end) move(metadata, BLOOM_FILTER.offset, shift);
  // It lies behind another row group. Readers do without.
  else for (const id of Object.values(BLOOM_FILTER)) metadata.delete(id);
  chunk.set(CHUNK.metadata, { type: STRUCT, fields: metadata });
  return { type: STRUCT, fields: chunk };
}

function move(fields: Map<number, Thrift>, id: number, shift: bigint): void {
  const value = integerOf(fields, id);
  if (value > 0n) fields.set(id, integer(value + shift));
}

export function integerOf(fields: ThriftFields, id: number): bigint {
  const field = fields.get(id);
  return field !== undefined && "value" in field ? field.value : 0n;
}

export function itemsOf(fields: ThriftFields, id: number): ThriftFields[] {
  const field = fields.get(id);
  return field !== undefined && "items" in field ? field.items.map(fieldsOf) : [];
}

/** The fields of a struct; none for what is another thing, or not there. */
export function fieldsOf(value: Thrift | undefined): ThriftFields {
  return value !== undefined && "fields" in value ? value.fields : new Map();
}

/** @returns bytes copied */
async function copy({ path, from, end }: RowGroup, out: FileHandle): Promise<number> {
  if (end <= from) return 0;
  for await (const bytes of createReadStream(path, { start: from, end: end - 1, highWaterMark: 1 << 20 })) {
    // Not `write`: what there is no room for on the disk it leaves out, and says so by a number alone.
    await out.writeFile(bytes as Buffer);
  }
  return end - from;
}
