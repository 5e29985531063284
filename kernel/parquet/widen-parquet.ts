import { integer, writeStruct } from "./compact-thrift.ts";
import type { Thrift, ThriftFields } from "./compact-thrift.ts";
import { FILE, ParquetAssembly, fieldsOf, footerOf, integerOf } from "./footer.ts";

const CHILDREN = 5;
/** Of a column: type, length of its values, whether it is repeated or may be null, name, number of its children. */
const LAYOUT = [1, 2, 3, 4, CHILDREN];

/**
 * Adds columns to a Parquet file without decoding anything: `added` are files of one schema whose row groups,
 * one after the other, have as many rows as those of `path`; their columns come behind its own. All of them stay.
 *
 * @throws {Error} when the rows or the schemas of what is added differ, or a file is no Parquet
 */
export async function widenParquet(path: string, added: readonly string[], target: string): Promise<void> {
  const own = await footerOf(path);
  const footers = [];
  for (const part of added) footers.push(await footerOf(part));
  const [first] = footers;
  if (first === undefined) throw new Error("no columns to add");
  for (const [at, { metadata }] of footers.entries()) {
    // Under the schema of the first, the bytes of another would be other values.
    if (layout(metadata) !== layout(first.metadata)) throw new Error(`another schema: ${added[at] ?? ""}`);
  }
  const groups = footers.flatMap((footer) => footer.groups);
  if (groups.length !== own.groups.length) {
    throw new Error(`${groups.length} row groups to add to ${own.groups.length}: ${path}`);
  }
  const out = await ParquetAssembly.open(target);
  try {
    for (const [at, group] of own.groups.entries()) {
      const other = groups[at];
      if (other?.rows !== group.rows) {
        throw new Error(`${other?.rows ?? 0n} rows to add to ${group.rows}: ${path}`);
      }
      await out.add([group, other]);
    }
    await out.finish(together(own.metadata, first.metadata));
  } finally {
    await out.close();
  }
}

/** What two footers say of their columns, one after the other. */
function together(own: ThriftFields, added: ThriftFields): ThriftFields {
  const metadata = new Map(own);
  const [root, ...columns] = listOf(own, FILE.schema);
  const [otherRoot, ...others] = listOf(added, FILE.schema);
  if (root === undefined || otherRoot === undefined) throw new Error("a schema without a root");
  const fields = new Map(fieldsOf(root));
  const children = integerOf(fields, CHILDREN) + integerOf(fieldsOf(otherRoot), CHILDREN);
  fields.set(CHILDREN, integer(children, 5));
  metadata.set(FILE.schema, structs([{ type: 12, fields }, ...columns, ...others]));
  const orders = [listOf(own, FILE.columnOrders), listOf(added, FILE.columnOrders)];
  if (orders.every(({ length }) => length > 0)) metadata.set(FILE.columnOrders, structs(orders.flat()));
  // Without them, statistics of texts are not trusted.
  else metadata.delete(FILE.columnOrders);
  // A schema in another form may be among these.
  metadata.delete(FILE.keyValues);
  return metadata;
}

/** How the values of all columns lie there: what else a footer says of them, each writer says in its way. */
function layout(metadata: ThriftFields): string {
  const [, ...columns] = listOf(metadata, FILE.schema);
  const known = columns.map((column) => new Map([...fieldsOf(column)].filter(([id]) => LAYOUT.includes(id))));
  return known.map((fields) => writeStruct(fields).toString("base64")).join(" ");
}

function structs(items: readonly Thrift[]): Thrift {
  return { type: 9, element: 12, items };
}

function listOf(fields: ThriftFields, id: number): readonly Thrift[] {
  const field = fields.get(id);
  return field !== undefined && "items" in field ? field.items : [];
}
