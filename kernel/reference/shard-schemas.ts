import { WorkspaceError } from "#protocol/error.ts";

import { isInteger, isText } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

const NEEDED = [
  { name: "chrom", isOf: isText, kind: "text" },
  { name: "start", isOf: isInteger, kind: "a whole number" },
  { name: "id", isOf: isText, kind: "text" },
  { name: "ref", isOf: isText, kind: "text" },
  { name: "alt", isOf: isText, kind: "text" },
] as const;

/**
 * Holds the shards of a reference to one schema, that of the first: a join reads each by itself and puts what it found
 * into one table. Columns that a later shard has besides are not looked at.
 */
export class ShardSchemas {
  #first: { readonly file: string; readonly columns: readonly TableColumn[] } | null = null;

  /** @throws {WorkspaceError} `asset` at a column that is not there, or of another type */
  add(file: string, columns: readonly TableColumn[]): void {
    const typeOf = (name: string): TableColumn | undefined => columns.find((one) => one.name === name);
    const missing = NEEDED.filter(({ name }) => typeOf(name) === undefined).map(({ name }) => name);
    if (missing.length > 0) {
      throw refused(
        `${file} has no column ${missing.join(", ")}`,
        "Use the dataset just-dna-seq/ensembl_variations, or one of its columns.",
      );
    }
    for (const { name, isOf, kind } of NEEDED) {
      const column = typeOf(name);
      if (column !== undefined && !isOf(column)) {
        throw refused(
          `${name} in ${file} is not ${kind}: ${column.type}`,
          "Use the dataset just-dna-seq/ensembl_variations, or one with its types.",
        );
      }
    }
    const first = (this.#first ??= { file, columns });
    for (const { name, type } of first.columns) {
      const other = typeOf(name);
      if (other?.type === type) continue;
      throw refused(
        other === undefined
          ? `${file} has no column ${name}, which ${first.file} has`
          : `${name} is ${other.type} in ${file}, and ${type} in ${first.file}`,
        "Shards of one snapshot have the same columns: karyon download-ensembl brings one.",
      );
    }
  }
}

function refused(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "asset", message, hint });
}
