import type { Restoration } from "#protocol/annotation.ts";

import { contigRank } from "../../primary-contigs.ts";
import { isArray, isAtSite } from "./array-calls.ts";
import { blockEvidence, evidenceWords, isCovered, isReference } from "./blocks.ts";
import { hasOtherMitochondrion, SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";
import { requiresCall } from "./restore.ts";
import { isWhole } from "./split.ts";
import { alternatesOf, isStructural } from "./structural.ts";

/**
 * States for every site of the given modules what the file says of it: of all the evidence the strongest, in the
 * order of the list below. Sites of other modules are `module_unjoinable`.
 *
 * Columns: `module_index, module, rsid, chrom, start, ref, gene, category, status, detail`; one row per variant and locus.
 */
export async function judgeSites(
  match: Match,
  joinable: readonly number[],
  { applied }: Restoration,
): Promise<void> {
  const { connection, signal } = match;
  const joined = joinable.length === 0 ? "false" : `s.module_index in (${joinable.join(", ")})`;
  await connection.run(
    `create or replace table ${SCRATCH.statuses} as
     with sites as (select *, row_number() over () as site from ${SCRATCH.sites}),
     here as (
       select s.site, case when ${isStructural(alternatesOf("r"))} then 'structural'
           when r.presence = 'called_variant' and ${hasAmbiguousAllele("r")} then 'ambiguous'
           else r.presence end as presence, r.genotype, s.ref is null or r.ref = s.ref as same_ref,
         starts_with(r.ref, s.ref) or starts_with(s.ref, r.ref) as same_anchor, null as words, r.file_row_number
       from sites s join ${SCRATCH.records} r on r.chrom = s.chrom and r.start = s.start
         and (${isWhole("r")} or r.ref is distinct from s.ref)
       union all
       select s.site, r.presence, r.genotype, true, true, null, r.file_row_number
       from sites s join ${SCRATCH.ids} i on i.id = s.rsid
       join ${SCRATCH.records} r using (file_row_number)
       where (s.chrom is null or s.start is null) and not ${isArray(match)}
       union all
       select s.site, case when p.genotype is null then 'unphased'
         when list_bool_and(list_transform(p.genotype, lambda allele: allele = p.ref)) then 'called_hom_ref'
         else 'called_variant' end, p.genotype, true, true, p.words, p.file_row_number
       from sites s join ${SCRATCH.parts} p on p.chrom = s.chrom and p.start = s.start and p.ref = s.ref
     ),
     over as (
       select s.site, n.*, s.start as site_start, s."end" as site_end,
         ${evidenceWords("n")} as own_words, ${blockEvidence("n", "b", 's."end"')} as words
       from sites s join ${SCRATCH.near} n on n.chrom = s.chrom and n.start <= s.start and n."end" >= s.start
       left join ${SCRATCH.bridged} b on b.chrom = s.chrom and b.start = s.start and b."end" = s."end"
     ),
     gone as (
       select s.site, r.presence, r.removed_by
       from sites s join ${SCRATCH.removed} r on r.chrom = s.chrom and r.start <= s."end" and r."end" >= s.start
     ),
     several as (
       select site, if(count(distinct genotype) > 1, 'another record of this position calls another genotype',
         'several records of this position call it, and each is counted') as words
       from here where same_ref and presence in ('called_variant', 'called_hom_ref', 'half_call')
       group by site having count(*) > 1
     ),
     beside as (
       select site, file_row_number, 'another variant begins at this position, and is not counted in' as words
       from here where presence in ('called_variant', 'structural') and not same_ref and same_anchor
       union all
       select site, file_row_number, 'inside the variant at ' || start || ', too, which is not counted in'
       from over where presence = 'called_variant' and start < site_start
     ),
     evidence as (
       select site, 0 as rank, 'not_comparable' as status, 'the mitochondrion of the file is not the rCRS' as detail
       from sites where ${hasOtherMitochondrion(match)} and chrom = 'MT'
       union all
       select s.site, 1 as rank, 'called_match' as status,
         coalesce(min(if(n.presence = 'hom_ref_block', ${blockEvidence("n", "b", 's."end"')}, null)), min(several.words),
           min(if(m.part, p.words, null)), min(beside.words), min(c.detail)) as detail
       from sites s
       join ${SCRATCH.authored} a on a.module_index = s.module_index and a.variant_key = s.variant_key
         and a.chrom is not distinct from s.chrom and a.start is not distinct from s.start
       join ${SCRATCH.matches} m on m.module_index = a.module_index and m.authored_row = a.authored_row
       left join ${SCRATCH.near} n using (file_row_number)
       left join ${SCRATCH.bridged} b on b.chrom = s.chrom and b.start = s.start and b."end" = s."end"
       left join ${SCRATCH.parts} p on p.file_row_number = m.file_row_number and p.chrom = s.chrom
         and p.start = s.start and p.ref = s.ref
       left join several on several.site = s.site
       left join beside on beside.site = s.site and beside.file_row_number <> m.file_row_number
       left join ${SCRATCH.onArray} c on ${isAtSite("s")}
       group by s.site
       union all
       select s.site, if(c.presence = 'not_comparable', 9, 8),
         if(c.presence = 'called_variant', 'called_other_genotype', c.presence), c.detail
       from sites s join ${SCRATCH.onArray} c on ${isAtSite("s")}
       union all
       select site, rank, status, coalesce(words, detail) from (
         select site, presence, words, unnest([
           {'rank': 2, 'presence': 'called_variant', 'status': 'called_other_genotype', 'detail': null},
           {'rank': 3, 'presence': 'called_hom_ref', 'status': 'called_hom_ref', 'detail': null},
           {'rank': 5, 'presence': 'ambiguous', 'status': 'not_comparable', 'detail': 'an allele has a letter that stands for several bases'},
           {'rank': 5, 'presence': 'unphased', 'status': 'not_comparable', 'detail': null},
           {'rank': 5, 'presence': 'half_call', 'status': 'half_call', 'detail': null},
           {'rank': 6, 'presence': 'overlapped', 'status': 'overlapped', 'detail': 'a deletion spans the site'},
           {'rank': 7, 'presence': 'polyploid', 'status': 'not_comparable', 'detail': 'more than two alleles called'},
           {'rank': 8, 'presence': 'no_call', 'status': 'no_call', 'detail': null}
         ], recursive := true) from here where same_ref
       ) as said(site, seen, words, rank, presence, status, detail) where seen = presence
       union all
       select site, 4, 'hom_ref_block', words from over
       where presence = 'hom_ref_block' and ${isWhole("over")} and ${isCovered("chrom", "site_start", "site_end", "over")}
       union all
       select site, 9, 'not_comparable', 'the file states another REF' from here
       where not same_ref and not same_anchor and presence <> 'structural'
       union all
       select s.site, 10, 'not_comparable',
         'a variant begins inside it, at ' || min(n.start) || ': what lies on one copy is not looked at'
       from sites s join ${SCRATCH.near} n on n.chrom = s.chrom and n.start > s.start and n.start <= s."end"
       where n.presence in ('called_variant', 'half_call') group by s.site
       union all
       select site, rank, status, detail from (
         select site, presence, unnest([
           {'rank': 11, 'presence': 'called_variant', 'status': 'called_other_genotype', 'detail': 'another variant begins at this position'},
           {'rank': 12, 'presence': 'half_call', 'status': 'half_call', 'detail': 'another variant begins at this position'},
           {'rank': 13, 'presence': 'overlapped', 'status': 'overlapped', 'detail': 'a deletion spans the site'},
           {'rank': 14, 'presence': 'polyploid', 'status': 'not_comparable', 'detail': 'more than two alleles called'}
         ], recursive := true) from here where not same_ref and same_anchor
       ) as said(site, seen, rank, presence, status, detail) where seen = presence
       union all
       select site, 14, 'not_comparable', 'the record here is of a structural variant' from here
       where presence = 'structural'
       union all
       select site, 15, 'overlapped', 'inside the variant at ' || start from over
       where presence in ('called_variant', 'overlapped') and start < site_start
       union all
       select site, 16, 'filtered', removed_by from gone where presence is distinct from 'no_call'
       union all
       select site, 17, 'no_call', 'a rule removes the record as well' from gone where presence = 'no_call'
       union all
       select site, 17, 'no_call', 'inside the record at ' || start from over
       where presence = 'no_call' and start <= site_start
       union all
       select site, 18, 'not_comparable',
         case when ${isArray(match)} then 'the module gives it no rsID'
           when chrom is null or start is null then 'the variant has no known position'
           else 'the rsID stands for ' || locus_count || ' positions' end
       from sites where if(${isArray(match)}, rsid is null, chrom is null or start is null or locus_count > 1)
       union all
       select s.site, 19, 'hom_ref_inferred', 'nearest call ' || q.flank || ' bp away'
       from sites s
       join ${SCRATCH.authored} a on a.module_index = s.module_index and a.variant_key = s.variant_key
         and a.chrom is not distinct from s.chrom and a.start is not distinct from s.start
       join ${SCRATCH.restored} q on q.module_index = a.module_index and q.authored_row = a.authored_row
       union all
       select s.site, 21, 'no_data', 'not inferred: the module asks for a call here'
       from sites s
       join ${SCRATCH.authored} a on a.module_index = s.module_index and a.variant_key = s.variant_key
         and a.chrom is not distinct from s.chrom and a.start is not distinct from s.start
       where ${applied} and ${isReference("a")} and ${requiresCall("a")}
       union all
       select site, 20, 'no_data', coalesce('a block without evidence: ' || own_words, '0/0 without a read') from over
       where presence = 'no_data'
     ),
     best as (select site, arg_min({status: status, detail: detail}, rank) as verdict from evidence group by site)
     select s.module_index, s.module, s.rsid, s.chrom, s.start, s.ref, s.gene, s.category,
       if(${joined}, coalesce(verdict.status, 'no_data'), 'module_unjoinable') as status,
       if(${joined}, verdict.detail, null) as detail
     from sites s left join best using (site)
     order by s.module_index, ${contigRank("s.chrom")}, s.start, s.authored_row`,
    [],
    signal,
  );
}

/** SQL: whether an allele of a called genotype has N or another letter that stands for several bases. */
function hasAmbiguousAllele(alias: string): string {
  return `list_bool_or(list_transform(${alias}.genotype,
    lambda allele: regexp_full_match(allele, '[A-Z]+') and not regexp_full_match(allele, '[ACGT]+')))`;
}
