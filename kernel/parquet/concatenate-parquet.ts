import { writeStruct } from "./compact-thrift.ts";
import type { ThriftFields } from "./compact-thrift.ts";
import { FILE, ParquetAssembly, footerOf } from "./footer.ts";

/** A Parquet file that is put together from others of one schema and one writer, without decoding anything. */
export class ParquetConcatenation {
  readonly #out: ParquetAssembly;
  /** Of the first part. */
  #metadata: ThriftFields | null = null;

  private constructor(out: ParquetAssembly) {
    this.#out = out;
  }

  static async open(target: string): Promise<ParquetConcatenation> {
    return new ParquetConcatenation(await ParquetAssembly.open(target));
  }

  /**
   * Adds the rows of a file behind those that are there. The file stays.
   *
   * @throws {Error} when its schema is another one, or it is no Parquet
   */
  async add(part: string): Promise<void> {
    const { metadata, groups } = await footerOf(part);
    this.#metadata ??= metadata;
    requireSameSchema(this.#metadata, metadata, part);
    for (const group of groups) await this.#out.add([group]);
  }

  /** Makes it whole. */
  async finish(): Promise<void> {
    if (this.#metadata === null) throw new Error("no parts to put together");
    await this.#out.finish(this.#metadata);
  }

  close(): Promise<void> {
    return this.#out.close();
  }
}

function requireSameSchema(first: ThriftFields, other: ThriftFields, path: string): void {
  const schemas = [first, other].map((one) => {
    const schema = one.get(FILE.schema);
    return schema === undefined ? Buffer.alloc(0) : writeStruct(new Map([[1, schema]]));
  });
  if (schemas[0]?.equals(schemas[1] ?? Buffer.alloc(0)) !== true) throw new Error(`another schema: ${path}`);
}
