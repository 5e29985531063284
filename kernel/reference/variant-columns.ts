import { WorkspaceError } from "#protocol/error.ts";

import { isInteger, isText } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

/** What a row must say to be a variant, and as what. */
const NEEDED = [
  { name: "chrom", isOf: isText, kind: "text", type: "varchar" },
  { name: "start", isOf: isInteger, kind: "a whole number", type: "bigint" },
  { name: "ref", isOf: isText, kind: "text", type: "varchar" },
  { name: "alt", isOf: isText, kind: "text", type: "varchar" },
] as const;

/** Names that the engines give to columns of their own while they look. */
const RESERVED = /^(?:karyon .*|file_row_number)$/i;

/**
 * Holds a table to what a join needs of it: both engines would say it in their own words, about queries that nobody
 * wrote.
 *
 * @throws {WorkspaceError} `asset` at a column that is not there, of another type, or has a name that cannot be used
 */
export function requireVariants(columns: readonly TableColumn[]): void {
  for (const { name, isOf, kind, type } of NEEDED) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      const other = columns.find((one) => one.name.toLowerCase() === name);
      throw new WorkspaceError({
        code: "asset",
        message: `the variants to join have no column ${name}`,
        hint:
          other === undefined
            ? "Join a table with chrom, start, ref and alt, such as user_vcf_normalized."
            : `Write ${other.name} as ${name} in the cell that makes them.`,
      });
    }
    if (!isOf(column)) {
      throw new WorkspaceError({
        code: "asset",
        message: `${name} of the variants to join is not ${kind}: ${column.type}`,
        hint: `Cast it in the cell that makes them: cast(${name} as ${type}) as ${name}.`,
      });
    }
  }
  const reserved = columns.find(({ name }) => RESERVED.test(name));
  if (reserved !== undefined) {
    throw new WorkspaceError({
      code: "asset",
      message: `the variants to join have a column of a name that a join uses itself: ${reserved.name}`,
      hint: "Give it another name in the cell that makes them.",
    });
  }
}
