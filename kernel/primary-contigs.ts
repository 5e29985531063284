/** Primary contigs of the human genome, in the order of every table. */
export const PRIMARY_CONTIGS: readonly string[] = [
  ...Array.from({ length: 22 }, (_, index) => String(index + 1)),
  "X",
  "Y",
  "MT",
];

/** SQL: the place of a contig in that order; others stand behind all of these. */
export function contigRank(column: string): string {
  return `coalesce(list_position(['${PRIMARY_CONTIGS.join("','")}'], ${column}), ${PRIMARY_CONTIGS.length + 1})`;
}
