import type { Connection } from "../../engines/engine.ts";
import { quoteText } from "../../engines/engine.ts";
import { numberedRows } from "../../engines/parquet-rows.ts";
import type { KnownFinding } from "../known-finding.ts";
import { sum } from "./findings.ts";
import { isKept } from "./mask.ts";
import type { Reading } from "./read-records.ts";

/** Rows of later files at the place, and with the alleles, of a row of an earlier one. */
const TABLE = "karyon_twice";

/** Records of a genome in several files that stand in more than one of them. */
export interface Twice {
  /** Contigs on which there may be some, by folded name: those that two files have. */
  readonly contigs: ReadonlySet<string>;
  /** Query of the row numbers that are left out, as `file_row_number`. */
  readonly rows: string;
  /** Record-level status → rows that are left out. */
  readonly presence: Readonly<Record<string, number>>;
  readonly findings: readonly KnownFinding[];
}

/**
 * Looks for records that two files share. One with the same alleles and the same genotype at the same place is the same
 * call: that of the file that was read first stays. Of two genotypes neither is better, and both stay.
 *
 * `path`: the table with the rows of all files, one file after the other; `names` of the files. One contig is looked at
 * a time.
 */
export async function findTwice(
  connection: Connection,
  path: string,
  readings: readonly Reading[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<Twice> {
  const contigs = sharedContigs(readings);
  await connection.run(
    `CREATE TEMP TABLE ${TABLE} (file_row_number BIGINT, file INTEGER, chrom VARCHAR, "start" UINTEGER, presence VARCHAR, same BOOLEAN)`,
    [],
    signal,
  );
  for (const contig of contigs) {
    await connection.run(
      `INSERT INTO ${TABLE}
       WITH record AS (
         SELECT file_row_number, ${fileOf(readings)} AS file, chrom, "start", "end", ref, alt, genotype, presence
         FROM ${numberedRows(path)} WHERE chrom = ${quoteText(contig)}
       )
       SELECT later.file_row_number, any_value(later.file), any_value(later.chrom), any_value(later."start"),
         any_value(later.presence), bool_or(earlier.genotype IS NOT DISTINCT FROM later.genotype)
       FROM record earlier JOIN record later USING ("start", "end", ref, alt)
       WHERE earlier.file < later.file
       GROUP BY later.file_row_number`,
      [],
      signal,
    );
  }
  const counts = await connection.rows<{ presence: string | null; rows: number }>(
    `SELECT presence, count(*)::DOUBLE AS rows FROM ${TABLE} WHERE same GROUP BY presence`,
    [],
    signal,
  );
  const presence = counts.flatMap((one) =>
    one.presence === null ? [] : [[one.presence, one.rows] as const],
  );
  const findings = await connection.rows<{ same: boolean; count: number; place: string; file: number }>(
    `SELECT same, count(*)::DOUBLE AS count, arg_min(chrom || ':' || "start", file_row_number) AS place,
       arg_min(file, file_row_number) AS file
     FROM ${TABLE} GROUP BY same ORDER BY same DESC`,
    [],
    signal,
  );
  return {
    contigs,
    rows: `SELECT file_row_number FROM ${TABLE} WHERE same`,
    presence: Object.fromEntries(presence),
    findings: findings.map(({ same, count, place, file }) => ({
      kind: same ? "TWICE_IN_FILES" : "FILES_DISAGREE",
      count,
      first: `${names[file] ?? ""}: ${place}`,
    })),
  };
}

function sharedContigs(readings: readonly Reading[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { contigs } of readings) {
    for (const contig of new Set(contigs)) (seen.has(contig) ? shared : seen).add(contig);
  }
  return shared;
}

/** Number of the file of a row, from 0. */
function fileOf(readings: readonly Reading[]): string {
  let rows = 0;
  const starts = readings.slice(0, -1).map(({ masks }) => {
    const kept = masks.filter(({ mask }) => isKept(mask));
    rows += sum(kept, () => true);
    return `(file_row_number >= ${rows})::INTEGER`;
  });
  return starts.join(" + ");
}
