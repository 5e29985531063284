import { columnOr, SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/**
 * Reads together the records that a multi-allelic one was split into: of one place and REF, each with an alternate of its
 * own. Alone each says of its alternate how many copies have it. Of the others `bcftools norm -m-` says REF: of A→G 1/0
 * and A→T 0/1 the genotype is G/T, and neither A/G nor A/T; of A→G 0/0 and A→T 0/1 it is A/T, and not A/A. `vt decompose`
 * says `.`, and REF of the reference alone: of A→G 1/. and A→T ./1 it is G/T, too, of 0/. and 0/1 A/T.
 * Beside A→* 0/1 one copy is deleted, which that record says by itself; A→<NON_REF> 0/0 is a block that says nothing of
 * the alternates beside it.
 *
 * Records whose own genotype is not that of the place go into a table, and are met by nothing; where no record has it, it
 * is one of the parts. Left as they are where more copies are called than there are, where a `.` may be any allele, and
 * where two alternates may lie on one copy: an insertion does beside a substitution of the base before it, unless both
 * records name the one that they are of. Others of one REF change the same bases.
 *
 * Deletions and insertions that begin at one base lose what REF and alternate have in common at the end when they are
 * split and left-aligned: CTT→C,CT becomes CTT→C and CT→C. They are read together as of the longest REF.
 *
 * Source: VCF edge cases A10, G2, G6 and A17; OLD_MULTIALLELIC of https://genome.sph.umich.edu/wiki/Vt#Decompose
 */
export async function collectSplit(match: Match): Promise<void> {
  const { connection, signal } = match;
  const rest = "list_transform(range(copies - len(called)), lambda copy: ref)";
  await connection.run(
    `create or replace temp table karyon_split_calls as
     with said as (
       select file_row_number, chrom, start, ref, alt, genotype, presence = 'half_call' as half,
         list_filter(genotype, lambda allele: allele <> r.ref) as called,
         case when presence = 'half_call' then 2 when presence <> 'overlapped' or len(genotype) > 1 then len(genotype) end
           as copies,
         ${columnOr(match, "r", "OLD_MULTIALLELIC", "VARCHAR")} as origin
       from ${SCRATCH.records} r
       where presence in ('called_variant', 'called_hom_ref') and alt <> '' and regexp_full_match(ref || alt, '[ACGT]+')
         or presence = 'half_call' and regexp_full_match(ref || alt, '[ACGT]+[*]?')
         or presence = 'overlapped' and alt = '*' or presence = 'hom_ref_block' and alt = ''
     ),
     longest as (
       select chrom, start, max_by(ref, length(ref)) as ref from said s where ${isIndel("s")}
       group by chrom, start having count(distinct ref) > 1
     ),
     calls as (
       select s.* replace (s.ref || tail as ref, s.alt || tail as alt,
         list_transform(s.genotype, lambda allele: allele || tail) as genotype,
         list_transform(s.called, lambda allele: allele || tail) as called)
       from (
         select s, coalesce(substr(l.ref, length(s.ref) + 1), '') as tail
         from said s left join longest l on l.chrom = s.chrom and l.start = s.start and ${isIndel("s")}
           and starts_with(l.ref, s.ref))
     ),
     places as (
       select chrom, start, ref, max(copies) as copies, flatten(list(called)) as called, bool_or(half) as half,
         max(if(half, len(genotype) - len(called), 0)) as uncalled,
         count(origin) = count(*) and count(distinct origin) = 1 as one_record
       from calls group by chrom, start, ref
       having count(*) > 1 and count(distinct alt) = count(*) and min(copies) = max(copies)
     ),
     together as (
       select chrom, start, ref, list_sort(called || ${rest}) as whole from places
       where if(half, len(called) + uncalled = copies, len(called) <= copies) and (length(ref) > 1 or one_record
         or len(list_distinct(list_transform(list_filter(called, lambda allele: allele <> '*'),
           lambda allele: length(allele) > 1))) < 2)
     )
     select c.*, whole, min(c.file_row_number) filter (c.genotype = whole) over place as own,
       min(c.file_row_number) filter (len(c.called) > 0) over place as first
     from calls c join together using (chrom, start, ref)
     window place as (partition by c.chrom, c.start, c.ref);
     create or replace table ${SCRATCH.split} as
     select file_row_number from karyon_split_calls where (alt <> '*' or half) and file_row_number is distinct from own;
     create or replace table ${SCRATCH.parts} as
     select file_row_number, chrom, start, ref, whole as genotype,
       array_to_string(whole, '/') || ' is put together from the records of this position, each of one alternate' as words
     from karyon_split_calls where own is null and file_row_number = first and not list_contains(whole, '*');
     drop table karyon_split_calls`,
    [],
    signal,
  );
}

/** SQL: whether a record deletes or inserts bases behind its first one. */
function isIndel(alias: string): string {
  return `(length(${alias}.ref) <> length(${alias}.alt) and least(length(${alias}.ref), length(${alias}.alt)) = 1
    and regexp_full_match(${alias}.alt, '[ACGT]+') and left(${alias}.ref, 1) = left(${alias}.alt, 1))`;
}

/** SQL: whether a record's own genotype is that of its place, as far as is known. */
export function isWhole(alias: string): string {
  return `${alias}.file_row_number not in (select file_row_number from ${SCRATCH.split})`;
}
