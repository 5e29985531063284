import { SCRATCH } from "./request.ts";
import type { AnnotateRequest, Match } from "./request.ts";

/** Whether the genome is of a genotyping array: its calls have an rsID, and no position and no REF of their own. */
export function isArray({ request }: { readonly request: Pick<AnnotateRequest, "ingest"> }): boolean {
  return request.ingest.kind === "array";
}

/** What is said of a site whose bases are the complement of those that the file calls. */
export const OTHER_STRAND = "the file writes it on the other strand";
/** Fewer sites on the other strand than this, and up to this share, may be errors of a module. */
const FEW = 5;
const SHARE = 0.01;

/**
 * Makes the table of what an array calls at each site of the modules, found by rsID; empty for every other file.
 *
 * Columns: `module_index, variant_key, chrom, start` of the site, `file_row_number` of the record, and `presence`, with
 * `detail`: why a call cannot be compared. The file states no REF: a call is a variant or the reference by the
 * site's. A call is comparable when its bases are among the site's; when only their complements are, the file has
 * the other strand there, and nothing is turned round. Where a site's bases are each other's complement (A and T, C and
 * G), the strand cannot be seen: the call is read as the file writes it, and that is said; in a file that has the other
 * strand at more than a few sites where it can be seen, such a call is not comparable.
 *
 * Source: VCF edge cases A14, A15, A18 and H33.
 */
export async function collectArrayCalls(match: Match): Promise<void> {
  const { connection, signal } = match;
  await connection.run(
    `create or replace table ${SCRATCH.onArray} as
     with sites as (
       select s.module_index, s.variant_key, s.chrom, s.start, s.locus_count, a.ref, a.alts, s.rsid,
         if(a.ref is null or coalesce(len(a.alts), 0) = 0, null, list_prepend(a.ref, a.alts)) as bases
       from ${SCRATCH.sites} s
       join ${SCRATCH.authored} a on a.module_index = s.module_index and a.authored_row = s.authored_row
       where ${isArray(match)}
     ),
     found as (
       select s.*, r.file_row_number, r.presence, r.genotype, r.chrom as file_chrom,
         list_has_all(s.bases, r.genotype) as fits,
         list_has_all(s.bases, turned) as fits_turned, turned <> r.genotype as differs_turned
       from sites s join ${SCRATCH.ids} i on i.id = s.rsid
       join (
         select *, list_sort(list_transform(genotype, lambda base: translate(base, 'ACGT', 'TGCA'))) as turned
         from ${SCRATCH.records}
       ) r using (file_row_number)
     ),
     judged as (
       select *, case
         when presence = 'conflict' then 'lines of the file call different genotypes'
         when presence = 'unresolved' then 'the file writes I and D for an insertion or deletion, not its bases'
         when locus_count > 1 then 'the rsID stands for ' || locus_count || ' positions'
         when chrom <> file_chrom then 'the file has the rsID on chromosome ' || file_chrom
         when presence <> 'no_call' and (length(ref) > 1 or list_min(list_transform(alts, lambda alt: length(alt))) > 1)
           then 'an insertion or deletion, for which the file gives single bases'
         when presence <> 'no_call' and not fits and fits_turned then '${OTHER_STRAND}'
       end as hindrance,
       presence = 'called' and fits and fits_turned and differs_turned as alike
       from found
     ),
     strands as (
       select count(distinct file_row_number) filter (hindrance = '${OTHER_STRAND}') as other,
         count(distinct file_row_number) filter (presence = 'called' and fits <> fits_turned) as seen
       from judged
     )
     select module_index, variant_key, chrom, start, file_row_number,
       case when hindrance is not null or (alike and mixed) then 'not_comparable'
         when presence <> 'called' then presence
         when list_has_all([ref], genotype) then 'called_hom_ref'
         else 'called_variant' end as presence,
       coalesce(hindrance, if(alike, 'this site looks alike on both strands' || if(mixed,
         ', and the file has the other one at ' || other || ' of ' || seen || ' sites where it can be seen',
         ': read as the file writes it'), null)) as detail
     from judged, (select *, other >= ${FEW} and other > ${SHARE} * seen as mixed from strands)`,
    [],
    signal,
  );
}

/** SQL: whether a call `c` of {@link collectArrayCalls} is at the site of `site`. */
export function isAtSite(site: string): string {
  return `c.module_index = ${site}.module_index and c.variant_key = ${site}.variant_key
    and c.chrom is not distinct from ${site}.chrom and c.start is not distinct from ${site}.start`;
}
