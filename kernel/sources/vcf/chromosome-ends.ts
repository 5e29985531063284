import { WorkspaceError } from "#protocol/error.ts";

import type { Connection } from "../../engines/engine.ts";
import { parquetRows } from "../../engines/parquet-rows.ts";
import { OTHER_BUILD_HINT, OUR_BUILD, ourLengthOf } from "./build.ts";

/**
 * Passes the records of a file that does not say on which build it is, when each lies on its chromosome as ours has it.
 * One that lies beyond the end is on another build.
 *
 * `table`: path of the kept records; `at`: what is read.
 *
 * @throws {WorkspaceError} `source` that names the record
 */
export async function requireWithinChromosomes(
  connection: Connection,
  table: string,
  at: string,
  signal: AbortSignal,
): Promise<void> {
  const lasts = await connection.rows<{ chrom: string; last: number }>(
    `select chrom, max("start") as last from ${parquetRows(table)} group by chrom order by chrom`,
    [],
    signal,
  );
  for (const { chrom, last } of lasts) {
    const length = ourLengthOf(chrom);
    if (length === null || last <= length) continue;
    throw new WorkspaceError({
      code: "source",
      message: `not on ${OUR_BUILD}: a record lies at ${chrom}:${last}, and chromosome ${chrom} has ${length} bases there`,
      hint: OTHER_BUILD_HINT,
      at,
    });
  }
}
