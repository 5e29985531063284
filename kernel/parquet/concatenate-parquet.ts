import { rename } from "node:fs/promises";

import { writeStruct } from "./compact-thrift.ts";
import type { ThriftFields } from "./compact-thrift.ts";
import { FILE, ParquetAssembly, footerOf } from "./footer.ts";

/**
 * Puts Parquet files of one schema and one writer together, in order, without decoding anything. A single file is
 * moved. The parts stay.
 *
 * @throws {Error} when the schemas differ or a part is no Parquet
 */
export async function concatenateParquet(parts: readonly string[], target: string): Promise<void> {
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("no parts to put together");
  if (rest.length === 0) return rename(first, target);
  const { metadata } = await footerOf(first);
  const out = await ParquetAssembly.open(target);
  try {
    for (const part of parts) {
      const footer = await footerOf(part);
      requireSameSchema(metadata, footer.metadata, part);
      for (const group of footer.groups) await out.add([group]);
    }
    await out.finish(metadata);
  } finally {
    await out.close();
  }
}

function requireSameSchema(first: ThriftFields, other: ThriftFields, path: string): void {
  const schemas = [first, other].map((one) => {
    const schema = one.get(FILE.schema);
    return schema === undefined ? Buffer.alloc(0) : writeStruct(new Map([[1, schema]]));
  });
  if (schemas[0]?.equals(schemas[1] ?? Buffer.alloc(0)) !== true) throw new Error(`another schema: ${path}`);
}
