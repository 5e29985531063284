import { isHaploidSql } from "../contig.ts";

/**
 * SQL: a genotype as it is compared. On MT, and on Y outside the pseudo-autosomal regions, a person has one copy at most:
 * callers that know of no haploid contigs write 1/1 for it, and so do some modules. Two alleles that are alike are one
 * there. `place`: what has the contig and the position.
 *
 * Source: VCF edge cases G3.
 */
export function compared(alias: string, place: string = alias): string {
  const genotype = `${alias}.genotype`;
  return `if(${isHaploidSql(place)} and len(list_distinct(${genotype})) = 1, ${genotype}[1:1], ${genotype})`;
}
