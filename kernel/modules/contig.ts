import { PRIMARY_CONTIGS } from "../primary-contigs.ts";

/** Contigs that a module may name: every other name can only come out of a resolution, as an extra locus. */
const PRIMARY: ReadonlySet<string> = new Set(PRIMARY_CONTIGS);

/** Pseudo-autosomal regions of GRCh38 on Y, 1-based and inclusive; men have two alleles there. */
const PSEUDO_AUTOSOMAL_Y: readonly (readonly [number, number])[] = [
  [10_001, 2_781_479],
  [56_887_903, 57_217_415],
];

/** The name that tables use for a contig: `chr` stripped, `M` → `MT`, `x`/`y` in capitals; others verbatim. */
export function foldContig(name: string): string {
  const bare = name.trim().replace(/^chr/i, "");
  if (/^mt?$/i.test(bare)) return "MT";
  return /^[xy]$/i.test(bare) ? bare.toUpperCase() : bare;
}

/** SQL: {@link isHaploid} of the place of a row. */
export function isHaploidSql(alias: string): string {
  const regions = PSEUDO_AUTOSOMAL_Y.map(([first, last]) => `${alias}.start between ${first} and ${last}`);
  return `(${alias}.chrom = 'MT' or (${alias}.chrom = 'Y' and not (${regions.join(" or ")})))`;
}

export function isPrimary(contig: string): boolean {
  return PRIMARY.has(contig);
}

/** Whether a person has one allele at most at a position: MT, and Y outside the pseudo-autosomal regions. */
export function isHaploid(contig: string, start: number): boolean {
  if (contig === "MT") return true;
  return contig === "Y" && !PSEUDO_AUTOSOMAL_Y.some(([first, last]) => start >= first && start <= last);
}
