import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { footerOf } from "../parquet/footer.ts";
import { LONGEST } from "./longest-in-common.ts";

/** Positions of one contig, 1-based, both ends included. */
export interface Stretch {
  readonly contig: string;
  readonly from: number;
  readonly to: number;
  readonly variants: number;
}

/** Rows that lie together in a file of variants, and what they are about. */
export interface VariantGroup {
  /** Number of its first row in the file, from 0. */
  readonly first: number;
  readonly rows: number;
  /** In the order of the rows. */
  readonly stretches: readonly Stretch[];
  /** Bases that REF and an alternate of one of them may have in common, at the most. */
  readonly longest: number;
}

/** The row groups of a Parquet file of variants, in order; one without rows where there are none. */
export async function variantGroups(path: string, facts: Connection): Promise<VariantGroup[]> {
  const { groups } = await footerOf(path);
  const rows = groups.map((group) => Number(group.rows));
  const firsts: number[] = [];
  let first = 0;
  for (const count of rows) {
    firsts.push(first);
    first += count;
  }
  const found = await facts.rows<{
    number: number;
    chrom: string | null;
    low: number;
    high: number;
    variants: number;
    longest: number;
  }>(
    `select ${numberSql(firsts, 0, firsts.length)} as number, chrom, min(start) as low, max(start) as high,
       count(*) as variants, max(${LONGEST}) as longest
     from ${numberedRows(path)}
     group by all order by min(file_row_number)`,
  );
  if (rows.length === 0) return [{ first: 0, rows: 0, stretches: [], longest: 0 }];
  return rows.map((count, at) => {
    const here = found.filter(({ number, chrom, low }) => number === at && chrom !== null && low !== null);
    return {
      first: firsts[at] ?? 0,
      rows: count,
      stretches: here.map(({ chrom, low, high, variants }) => ({
        contig: chrom ?? "",
        from: low,
        to: high,
        variants,
      })),
      longest: Math.max(0, ...here.map(({ longest }) => longest ?? 0)),
    };
  });
}

/** The number of the group that a row is in, by halves: there may be thousands. */
function numberSql(firsts: readonly number[], from: number, end: number): string {
  if (end - from < 2) return String(from);
  const middle = (from + end) >> 1;
  return `case when file_row_number < ${firsts[middle] ?? 0} then ${numberSql(firsts, from, middle)} else ${numberSql(firsts, middle, end)} end`;
}
