import { compared } from "./compared.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";
import { LONGEST } from "./spelled.ts";
import { isWhole } from "./split.ts";

/**
 * Takes apart, at the places of the modules, the called records that put several bases in the place of as many, such as
 * `CA→TG`: a place inside gets the bases that the alleles of the genotype have there. The records stay whole. Left out
 * where a record of its own is at the place. Of records that are read together ({@link collectSplit}, which comes before)
 * it is their genotype that is taken apart: of CA→TG 1/0 and CA→CG 0/1 both copies have the G.
 *
 * Source: VCF edge cases A11.
 */
export async function collectParts({ connection, signal }: Match): Promise<void> {
  const bases = (allele: string): string =>
    `substr(${allele}, (p.start::bigint - r.start::bigint + 1), length(p.ref))`;
  await connection.run(
    `insert into ${SCRATCH.parts} by name
     with places as (
       select distinct chrom, start, ref from ${SCRATCH.authored}
       where chrom is not null and start is not null and ref is not null
     ),
     substitutions as (
       select file_row_number, chrom, start, ref, genotype, record from (
         select file_row_number, chrom, start, ref, genotype, 'the record' as record from ${SCRATCH.records} v
         where presence = 'called_variant' and ${isWhole("v")}
         union all
         select file_row_number, chrom, start, ref, genotype, 'the records' from ${SCRATCH.parts}
       ) where length(ref) between 2 and ${LONGEST} and list_bool_and(list_transform(genotype,
           lambda allele: length(allele) = length(ref) and regexp_full_match(allele, '[ACGT]+')))
     )
     select r.file_row_number, p.chrom, p.start, p.ref,
       list_sort(list_transform(r.genotype, lambda allele: ${bases("allele")})) as genotype,
       'a part of ' || r.record || ' at ' || r.start || ', whose alleles have ' || length(r.ref) || ' bases' as words
     from substitutions r join places p on p.chrom = r.chrom
       and p.start >= r.start and p.start + length(p.ref) <= r.start + length(r.ref)
     where length(p.ref) < length(r.ref) and ${bases("r.ref")} = p.ref
       and not exists (select 1 from ${SCRATCH.records} o
         where o.chrom = p.chrom and o.start = p.start and o.ref = p.ref)`,
    [],
    signal,
  );
}

/** SQL: pairs of an authored row of one module and a record that says the same, but of other bases. See {@link matchModule}. */
export function otherBases(index: number): string {
  return `
    select * from spelled
    union all
    select a.module_index, a.authored_row, p.file_row_number, false as inside, true as part
    from ${SCRATCH.authored} a
    join ${SCRATCH.parts} p on p.chrom = a.chrom and p.start = a.start and p.ref = a.ref
      and ${compared("p")} = ${compared("a")}
    where a.module_index = ${index}
      and (a.authored_row, p.file_row_number) not in (select authored_row, file_row_number from spelled)`;
}
