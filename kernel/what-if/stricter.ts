import { join } from "node:path";

import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { Thresholds } from "#protocol/what-if.ts";

import { hashValue } from "../cells/hash-value.ts";
import { inputFile } from "../cells/input-files.ts";
import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { tableColumns } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";

/** Columns that state the depth of a record: the first that does counts, as it did when the file was read. */
const DEPTHS = ["DP", "MIN_DP", "INFO_DP"];

/**
 * Normalised variants without the records that a stricter rule would remove, as files in a directory that exists. They
 * are among the removed ones then, so that no reference genotype is inferred where one of them was. A value that is
 * not stated passes.
 */
export async function stricter(
  variants: InputFiles,
  thresholds: Thresholds,
  directory: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<InputFiles> {
  const [kept, removed] = [inputFile(variants, NORMALIZED_FILE), inputFile(variants, REMOVED_FILE)];
  const depth = depthOf(await tableColumns(connection, kept));
  const rules = [
    ...(thresholds.min_qual === null ? [] : [{ name: "min_qual", sql: `qual < ${thresholds.min_qual}` }]),
    ...(thresholds.min_depth === null || depth === null
      ? []
      : [{ name: "min_depth", sql: `${depth} < ${thresholds.min_depth}` }]),
  ];
  if (rules.length === 0) return variants;
  const fails = rules.map(({ sql }) => `coalesce(${sql}, false)`).join(" or ");
  const by = rules.map(({ name, sql }) => `case when ${sql} then ${quoteText(name)} end`).join(", ");
  const from = parquetRows(kept);
  const target = { kept: join(directory, NORMALIZED_FILE), removed: join(directory, REMOVED_FILE) };
  await connection.sink(`select * from ${from} where not (${fails})`, target.kept, { signal });
  await connection.sink(
    `select chrom, start, "end", presence, removed_by from ${parquetRows(removed)}
     union all select chrom, start, "end", presence, concat_ws(',', ${by}) from ${from} where ${fails}`,
    target.removed,
    { signal },
  );
  return {
    ...variants,
    dataVersion: hashValue([variants.dataVersion, thresholds]) as InputFiles["dataVersion"],
    files: {
      [NORMALIZED_FILE]: { path: target.kept, hash: "" },
      [REMOVED_FILE]: { path: target.removed, hash: "" },
    },
  };
}

/** SQL of the depth of a record; null: the table has no column of it. Of a list the first value counts. */
function depthOf(columns: readonly TableColumn[]): string | null {
  const stated = DEPTHS.flatMap((depth) => columns.filter(({ name }) => name === depth));
  const numbers = stated.map(({ name, type }) => {
    return `try_cast(${quoteName(name)}${type.endsWith("[]") ? "[1]" : ""} as integer)`;
  });
  return numbers.length === 0 ? null : `coalesce(${numbers.join(", ")})`;
}
