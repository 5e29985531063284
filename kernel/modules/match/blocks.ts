import { compared } from "./compared.ts";
import { SCRATCH } from "./request.ts";

/** Presence of records beside which a block says nothing of a site that they touch: they say something else. */
const AGREEING = "('hom_ref_block', 'called_hom_ref')";

/** SQL: whether every allele of an authored genotype is the reference as a whole. */
export function isReference(alias: string): string {
  return `(len(${alias}.genotype) > 0
    and list_bool_and(list_transform(${alias}.genotype, lambda allele: allele = ${alias}.ref)))`;
}

/** SQL: whether the module states one reference allele alone at the place of an authored row. */
export function hasOneRef(alias: string): string {
  return `(select count(distinct ref) from ${SCRATCH.authored} b
    where b.module_index = ${alias}.module_index and b.chrom = ${alias}.chrom and b.start = ${alias}.start) = 1`;
}

/**
 * SQL: pairs of an authored reference row of one module and the reference block with evidence that its site lies in,
 * whole. A block states a stretch of sites of which only the first is written out, so REF is compared there alone.
 * Withheld where another record, kept or removed, touches the site and says something else.
 *
 * Source: VCF edge cases A1 (blocks are an interval table).
 */
export function answeredInside(index: number): string {
  const last = "a.start + length(a.ref) - 1";
  return `
    select a.module_index, a.authored_row, r.file_row_number, true as inside, false as part
    from ${SCRATCH.authored} a
    join ${SCRATCH.records} r on r.chrom = a.chrom and r.start <= a.start and r."end" >= ${last}
      and len(${compared("r", "a")}) = len(${compared("a")})
    where a.module_index = ${index} and r.presence = 'hom_ref_block'
      and ${isReference("a")} and ${hasOneRef("a")}
      and (r.start < a.start or (r.ref <> a.ref and starts_with(a.ref, r.ref)))
      and not exists (select 1 from ${SCRATCH.near} n where n.chrom = a.chrom and n.start <= ${last}
        and n."end" >= a.start and n.presence not in ${AGREEING})
      and not exists (select 1 from ${SCRATCH.removed} n where n.chrom = a.chrom and n.start <= ${last}
        and n."end" >= a.start)`;
}
