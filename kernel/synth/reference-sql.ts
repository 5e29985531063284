import { quoteName, quoteText } from "../engines/engine.ts";
import { ENSEMBL_COLUMNS } from "../reference/columns.ts";
import { basesOf } from "./positions.ts";
import type { Stretch } from "./contigs.ts";

/** Thousandths of rows for which a flag of the dataset is set; the rest of the flags are set for one row in 10,000. */
const FLAG_SHARES: Readonly<Record<string, number>> = {
  dbsnp_156: 985,
  cosmic_101: 12,
  clinvar_202502: 4,
  "hgmd-public_20204": 1,
  e_freq: 620,
  e_topmed: 560,
  e_gnomad: 540,
  e_1000g: 130,
  e_multiple_observations: 90,
  e_exac: 12,
  e_cited: 3,
  e_phenotype_or_disease: 4,
  clin_uncertain_significance: 2,
  clin_likely_benign: 1,
};

/**
 * Rows `background` of one contig, ascending: made-up variants spread evenly over the stretches, one for each
 * bin of equal width. One in two hundred repeats the row before it under another id.
 */
export function backgroundSql(stretches: readonly Stretch[], rows: number, key: string): string {
  const bases = basesOf(stretches);
  const width = Math.max(1, Math.floor(bases / Math.max(rows, 1)));
  return `
    select start, ref, ${alternates("ref", "h")} as alt, h, own from (
      select ${place(stretches, `i * ${width} + (h % ${width})::bigint`)}::uinteger as start,
        case when kind >= 86 and kind < 93
          then anchor || repeat(other, 1 + ((h >> 40) % 3)::integer) || substr('ACGT', ((h >> 44) % 4)::integer + 1, 1)
          else anchor end as ref,
        h, own
      from (select i, own, h, ((h >> 8) % 100)::integer as kind,
          substr('ACGT', ((h >> 16) % 4)::integer + 1, 1) as anchor,
          substr('CATG', ((h >> 24) % 4)::integer + 1, 1) as other
        from (select i, own, hash(${key}, i) as h
          from (select case when hash(${key}, range, 'copy') % 200 = 0 and range > 0 then range - 1 else range end as i,
              hash(${key}, range, 'id') as own
            from range(${rows}))))
    )`;
}

/** ALT of a made-up row: a substitution, a deletion to the first base, an insertion, or two of them. */
function alternates(ref: string, h: string): string {
  const kind = `((${h} >> 8) % 100)`;
  const other = (shift: number): string =>
    `substr(replace('ACGT', left(${ref}, 1), ''), ((${h} >> ${shift}) % 3)::integer + 1, 1)`;
  return `case
    when ${kind} < 82 then ${other(28)}
    when ${kind} < 86 then array_to_string(list_distinct([${other(28)}, ${other(32)}]), '|')
    when ${kind} < 92 then left(${ref}, 1)
    when ${kind} < 93 then left(${ref}, 1) || '|' || left(${ref}, 2)
    else ${ref} || repeat(${other(36)}, 1 + ((${h} >> 44) % 5)::integer) end`;
}

/**
 * About nine tenths of the distinct variants of a genome (table `genome`: start, ref, alt with `|`) as a
 * reference may spell them: the same, with a further alternate, in another order, one row for each alternate,
 * or, where lengths differ, with a base more before it or behind it.
 */
export function genomeSql(key: string): string {
  return `
    with known as (
      select start, ref, alt, string_split(alt, '|') as alleles, hash(${key}, start, ref, alt) as h
      from (select distinct start, ref, alt from genome where regexp_full_match(alt, '[ACGT|]+'))
    ),
    kept as (select *, ((h >> 8) % 100)::integer as kind from known where h % 100 < 90),
    spelled as (
      select start, ref, h,
        case when length(alleles) > 1 and kind >= 70 then array_to_string(list_reverse_sort(alleles), '|')
          when length(alleles) = 1 and length(ref) = 1 and length(alt) = 1 and kind < 4
            then alt || '|' || substr(replace(replace('ACGT', ref, ''), alt, ''), 1 + ((h >> 20) % 2)::integer, 1)
          else alt end as alt
      from kept where not (length(alleles) > 1 and kind < 30) and not (length(ref) <> length(alt) and length(alleles) = 1 and kind < 20)
      union all
      select start, ref, hash(h, allele), allele from (select start, ref, h, unnest(alleles) as allele from kept where length(alleles) > 1 and kind < 30)
      union all
      select start - 1, base || ref, h, base || alt
      from (select *, substr('ACGT', ((h >> 24) % 4)::integer + 1, 1) as base from kept where length(ref) <> length(alt) and length(alleles) = 1 and kind < 10)
      union all
      select start, ref || base, h, alt || base
      from (select *, substr('ACGT', ((h >> 24) % 4)::integer + 1, 1) as base from kept where length(ref) <> length(alt) and length(alleles) = 1 and kind >= 10 and kind < 20)
    )
    select start::uinteger as start, ref, alt, h, hash(h, 'id') as own from spelled
    union all
    select start::uinteger, ref, alt, h, hash(h, 'copy') from spelled where (h >> 32) % 200 = 0`;
}

/** All columns of the dataset, made from rows of start, ref, alt and two hashes: of the variant, and of its row. */
export function wideSql(contig: string, rows: string): string {
  const made: Readonly<Record<string, string>> = {
    chrom: quoteText(contig),
    start: "start",
    end: "start + length(ref)::uinteger - 1",
    id: "case when own % 500 = 0 then 'COSV' || (50000000 + own % 90000000) else 'rs' || (1 + own % 2000000000) end",
    ref: "ref",
    alt: "alt",
    qual: "null",
    filter: "'.'",
    tsa: `case when contains(alt, '|') and length(ref) > 1 then 'sequence_alteration'
      when length(ref) = length(string_split(alt, '|')[1]) then 'SNV'
      when length(ref) > length(alt) then 'deletion' else 'insertion' end`,
    ma: "case when (h >> 12) % 100 < 60 then string_split(alt, '|')[1] end",
    maf: "case when (h >> 12) % 100 < 60 then pow(((h >> 4) % 100000) / 200000.0, 2) * 2 end",
    mac: "case when (h >> 12) % 100 < 13 then 1 + (h >> 4) % 2504 end",
    aa: "case when (h >> 12) % 100 < 70 then left(ref, 1) end",
  };
  const columns = ENSEMBL_COLUMNS.map(({ name, type }, index) => {
    const share = FLAG_SHARES[name] ?? 0.1;
    const value = made[name] ?? `(own >> ${index % 16}) % 10000 < ${share * 10}`;
    return `(${value})::${type} as ${quoteName(name)}`;
  });
  return `select ${columns.join(", ")} from (${rows})`;
}

/** Position of the n-th base of the stretches. */
function place(stretches: readonly Stretch[], offset: string): string {
  let before = 0;
  const cases = stretches.map(({ first, last }) => {
    const from = before;
    before += last - first + 1;
    return `when o < ${before} then ${first - from} + o`;
  });
  return `list_transform([${offset}], o -> case ${cases.join(" ")} else ${stretches.at(-1)?.last ?? 1} end)[1]`;
}
