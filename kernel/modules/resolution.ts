import { foldContig } from "./contig.ts";
import type { Problem } from "./problem.ts";
import { readTable } from "./table.ts";
import type { Row, TableColumns } from "./table.ts";

const KNOWN = (
  "variant_key rsid chrom start ref alts genome_build locus_index vrs_id vrs_spec caid source " +
  "authority status rsid_alternates rsid_current rsid_status fetched_at"
).split(" ");
export const RESOLUTION_COLUMNS: TableColumns = {
  known: KNOWN,
  needed: [["rsid", "variant_key"], ["chrom"], ["start"]],
};

/**
 * How far a coordinate was checked. `verified` by a second source · `high` from a reference database · `medium`
 * from one weaker source · `recalled` unverified · `authored` written beside the genotype · `unplaced` none known.
 */
const COORDINATE_STATUSES = ["verified", "high", "medium", "recalled", "authored", "unplaced"] as const;
type CoordinateStatus = (typeof COORDINATE_STATUSES)[number];

/** A place on GRCh38 that an identifier resolves to: 1-based. An rsID may resolve to several. */
export interface Locus {
  readonly chrom: string;
  readonly start: number;
  readonly ref: string | null;
  readonly alts: readonly string[] | null;
  readonly status: CoordinateStatus;
}

/** Variant key → its loci by locus index. A key that is known to have no place has an empty list. */
export type Resolution = ReadonlyMap<string, readonly Locus[]>;

/**
 * Reads `resolution.csv`. A status that this table does not know (`resolved`) counts as `high`. Rows of one place, such
 * as one for each alternate, are one locus: two of them would count each match twice.
 */
export function parseResolution(file: string, text: string, problems: Problem[]): Resolution {
  const indexed = new Map<string, { index: number; locus: Locus }[]>();
  for (const row of readTable(file, text, RESOLUTION_COLUMNS, problems)) {
    const key = row.text("rsid")?.toLowerCase() ?? row.text("variant_key");
    if (key === null) {
      row.error("variant_key", "is empty");
      continue;
    }
    const loci = indexed.get(key) ?? [];
    indexed.set(key, loci);
    const locus = locusOf(row);
    if (locus !== null) loci.push({ index: row.integer("locus_index") ?? loci.length, locus });
  }
  return new Map(
    [...indexed].map(([key, loci]) => [
      key,
      onePerPlace(loci.toSorted((a, b) => a.index - b.index).map(({ locus }) => locus)),
    ]),
  );
}

/** The first of each place and ref, with the alternates of all. */
function onePerPlace(loci: readonly Locus[]): readonly Locus[] {
  const places = new Map<string, Locus>();
  for (const locus of loci) {
    const place = `${locus.chrom}:${locus.start}:${locus.ref}`;
    const first = places.get(place);
    const alts = first?.alts && locus.alts && [...new Set([...first.alts, ...locus.alts])];
    places.set(place, first === undefined ? locus : { ...first, alts: alts ?? null });
  }
  return [...places.values()];
}

function locusOf(row: Row): Locus | null {
  const build = row.text("genome_build");
  if (build !== null && build !== "GRCh38") return row.error("genome_build", `not GRCh38: ${build}`);
  const [chrom, start] = [row.text("chrom"), row.integer("start")];
  if (chrom === null || start === null) return null;
  const [[ref = null], alts] = [row.alleles("ref"), row.alleles("alts")];
  const status = row.text("status")?.toLowerCase();
  return {
    chrom: foldContig(chrom),
    start,
    ref,
    alts: alts.length === 0 ? null : alts,
    status: COORDINATE_STATUSES.find((known) => known === status) ?? "high",
  };
}
