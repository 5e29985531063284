import { WorkspaceError } from "#protocol/error.ts";

import { FILE, footerOf, integerOf, itemsOf } from "../../parquet/footer.ts";
import type { ThriftFields } from "../../parquet/compact-thrift.ts";

/** Fields of a column of a Parquet file, and the logical types that end Polars: with the process, or without words. */
const ELEMENT = { name: 4, converted: 6 } as const;
const UNREAD: ReadonlyMap<bigint, string> = new Map([
  [1n, "MAP"],
  [21n, "INTERVAL"],
]);

/** @throws {WorkspaceError} `engine` for a table with a column of a type that Polars does not read */
export async function refuseUnread(table: string, path: string): Promise<void> {
  const { metadata } = await footerOf(path);
  for (const column of itemsOf(metadata, FILE.schema)) {
    const type = UNREAD.get(integerOf(column, ELEMENT.converted));
    if (type === undefined) continue;
    throw new WorkspaceError({
      code: "engine",
      message: `polars does not read ${type}: column ${nameOf(column)} of ${table}`,
      hint: "Read the table on duckdb, or make it without that column or with another type.",
    });
  }
}

function nameOf(column: ThriftFields): string {
  const name = column.get(ELEMENT.name);
  return name !== undefined && "bytes" in name ? Buffer.from(name.bytes).toString() : "";
}
