import { createReadStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

import { integer, readStruct, writeStruct } from "./compact-thrift.ts";
import type { Thrift, ThriftFields } from "./compact-thrift.ts";

const MAGIC = "PAR1";
/** Length of the footer and the magic behind it. */
const TAIL_BYTES = 8;
/** Fields of the footer's structs that are used here (parquet.thrift of apache/parquet-format). */
const FILE = { schema: 2, rows: 3, groups: 4 } as const;
const GROUP = { columns: 1, rows: 3, offset: 5, ordinal: 7 } as const;
const CHUNK = { offset: 2, metadata: 3 } as const;
/** Offset index and column index: they hold places in the file themselves, and readers do without. */
const CHUNK_INDEXES = [4, 5, 6, 7];
/** Places of data pages, index pages, dictionary page and Bloom filter. */
const METADATA_OFFSETS = [9, 10, 11, 14];

/**
 * Puts Parquet files of one schema and one writer together, in order: their row groups are copied as they are,
 * nothing is decoded, and one footer says where they are now. A single file is moved. The parts stay.
 *
 * @throws {Error} when the schemas differ or a part is no Parquet
 */
export async function concatenateParquet(parts: readonly string[], target: string): Promise<void> {
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("no parts to put together");
  if (rest.length === 0) return rename(first, target);
  const out = await open(target, "w");
  try {
    await out.write(MAGIC);
    let at = MAGIC.length;
    let rows = 0n;
    const groups: Thrift[] = [];
    let footer: ThriftFields | null = null;
    for (const part of parts) {
      const { metadata, dataEnd } = await footerOf(part);
      footer ??= metadata;
      requireSameSchema(footer, metadata, part);
      const shift = BigInt(at - MAGIC.length);
      for (const group of itemsOf(metadata, FILE.groups)) {
        if (integerOf(group, GROUP.rows) > 0n) groups.push(moved(group, shift, groups.length));
      }
      rows += integerOf(metadata, FILE.rows);
      at += await copy(part, MAGIC.length, dataEnd, out);
    }
    const merged = new Map(footer ?? []);
    merged.set(FILE.rows, integer(rows));
    merged.set(FILE.groups, { type: 9, element: 12, items: groups });
    const bytes = writeStruct(merged);
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(bytes.length);
    tail.write(MAGIC, 4);
    await out.write(Buffer.concat([bytes, tail]));
  } finally {
    await out.close();
  }
}

async function footerOf(path: string): Promise<{ metadata: ThriftFields; dataEnd: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(TAIL_BYTES);
    await file.read(tail, 0, TAIL_BYTES, size - TAIL_BYTES);
    if (tail.toString("latin1", 4) !== MAGIC) throw new Error(`not a Parquet file: ${path}`);
    const length = tail.readUInt32LE();
    const dataEnd = size - TAIL_BYTES - length;
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, dataEnd);
    return { metadata: readStruct(bytes), dataEnd };
  } finally {
    await file.close();
  }
}

function requireSameSchema(first: ThriftFields, other: ThriftFields, path: string): void {
  const schemas = [first, other].map((one) => {
    const schema = one.get(FILE.schema);
    return schema === undefined ? Buffer.alloc(0) : writeStruct(new Map([[1, schema]]));
  });
  if (schemas[0]?.equals(schemas[1] ?? Buffer.alloc(0)) !== true) throw new Error(`another schema: ${path}`);
}

/** A row group that lies `shift` bytes further. */
function moved(group: ThriftFields, shift: bigint, ordinal: number): Thrift {
  const fields = new Map(group);
  const columns = itemsOf(group, GROUP.columns).map((column): Thrift => {
    const chunk = new Map(column);
    for (const index of CHUNK_INDEXES) chunk.delete(index);
    move(chunk, CHUNK.offset, shift);
    const metadata = new Map(fieldsOf(chunk.get(CHUNK.metadata)));
    for (const offset of METADATA_OFFSETS) move(metadata, offset, shift);
    chunk.set(CHUNK.metadata, { type: 12, fields: metadata });
    return { type: 12, fields: chunk };
  });
  fields.set(GROUP.columns, { type: 9, element: 12, items: columns });
  move(fields, GROUP.offset, shift);
  if (fields.has(GROUP.ordinal)) fields.set(GROUP.ordinal, integer(BigInt(ordinal), 4));
  return { type: 12, fields };
}

/** Zero stands for "not stated". */
function move(fields: Map<number, Thrift>, id: number, shift: bigint): void {
  const value = integerOf(fields, id);
  if (value > 0n) fields.set(id, integer(value + shift));
}

function integerOf(fields: ThriftFields, id: number): bigint {
  const field = fields.get(id);
  return field !== undefined && "value" in field ? field.value : 0n;
}

function itemsOf(fields: ThriftFields, id: number): ThriftFields[] {
  const field = fields.get(id);
  return field !== undefined && "items" in field ? field.items.map(fieldsOf) : [];
}

function fieldsOf(value: Thrift | undefined): ThriftFields {
  return value !== undefined && "fields" in value ? value.fields : new Map();
}

/** @returns bytes copied */
async function copy(path: string, from: number, end: number, out: FileHandle): Promise<number> {
  if (end <= from) return 0;
  for await (const bytes of createReadStream(path, { start: from, end: end - 1, highWaterMark: 1 << 20 })) {
    await out.write(bytes as Buffer);
  }
  return end - from;
}
