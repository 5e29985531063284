import { compared } from "./compared.ts";
import { SCRATCH } from "./request.ts";
import { isWhole } from "./split.ts";

/** Alleles of more bases are compared as they are spelled alone: their search would take long, and they are rare. */
export const LONGEST = 1_000;

/**
 * SQL: pairs of an authored row of one module and a record that says the same with other bases around it: once what
 * REF and the alleles of the genotype have in common is taken off, first at the end and then at the beginning, place
 * and alleles agree. So `AT→GT` is A→G, and `A→AA` at p is `T→TA` at p−1. Nothing is moved along a repeat: that takes
 * the sequence of the reference.
 *
 * Source: VCF edge cases A10.
 */
export function spelledOtherwise(index: number): string {
  const authored = trimmed(
    SCRATCH.authored,
    "module_index, authored_row",
    `module_index = ${index} and chrom is not null and start is not null and genotype = list_sort(genotype)`,
  );
  const called = trimmed(
    SCRATCH.records,
    "file_row_number",
    `presence = 'called_variant' and ${isWhole(SCRATCH.records)}`,
  );
  return `
    select a.module_index, a.authored_row, r.file_row_number, false as inside, false as part
    from (${authored}) a join (${called}) r
      on a.chrom = r.chrom and a.place = r.place and a.least_ref = r.least_ref and a.least = r.least
    where a.start <> r.start or a.ref <> r.ref`;
}

/**
 * SQL: rows with a genotype that has another allele than REF, and its shortest form: `place`, `least_ref` (which may
 * be empty) and `least`, sorted.
 */
function trimmed(table: string, columns: string, condition: string): string {
  const common = (alleles: string, most: string, side: "left" | "right"): string =>
    `coalesce(list_max(list_filter(range(1, ${most} + 1),
      lambda k: len(list_distinct(list_transform(${alleles}, lambda allele: ${side}(allele, k)))) = 1)), 0)`;
  return `
    select * exclude (alleles, tail, head), start + head as place,
      substr(alleles[1], head + 1) as least_ref,
      list_sort(list_transform(alleles[2:], lambda allele: substr(allele, head + 1))) as least
    from (select *, ${common("alleles", "list_min(list_transform(alleles, lambda allele: length(allele)))", "left")} as head
      from (select * replace (list_transform(alleles, lambda allele: left(allele, length(allele) - tail)) as alleles)
        from (select *, ${common("alleles", "list_min(list_transform(alleles, lambda allele: length(allele)))", "right")} as tail
          from (select ${columns}, chrom, start, ref, list_prepend(ref, ${compared(table)}) as alleles from ${table}
            where ${condition} and ref is not null
              and list_bool_or(list_transform(genotype, lambda allele: allele <> ref)))
          where list_bool_and(list_transform(alleles,
            lambda allele: regexp_full_match(allele, '[ACGT]+') and length(allele) <= ${LONGEST})))))`;
}
