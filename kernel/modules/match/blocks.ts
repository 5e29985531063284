import { compared } from "./compared.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

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
 * Collects the sites of several bases, each of which lies in a reference block or is called as the reference, with the
 * least depth and quality of these records: a site rests on its weakest base.
 */
export async function collectBridged({ connection, signal }: Match): Promise<void> {
  await connection.run(
    `create or replace table ${SCRATCH.bridged} as
     select chrom, start, "end", min(depth) as depth, min(quality) as quality from (
       select s.chrom, s.start, s."end", n.depth, n.quality,
         unnest(generate_series(greatest(n.start::bigint, s.start), least(n."end", s."end"))) as base
       from (select distinct chrom, start, "end" from ${SCRATCH.sites} where "end" > start) s
       join ${SCRATCH.near} n on n.chrom = s.chrom and n.start <= s."end" and n."end" >= s.start
       where n.presence in ${AGREEING})
     group by chrom, start, "end" having count(distinct base) = "end" - start + 1`,
    [],
    signal,
  );
}

/** SQL: whether a site that begins in a reference block is covered by it, or by it and what is next to it. */
export function isCovered(chrom: string, start: string, end: string, block: string): string {
  return `(${block}."end" >= ${end} or (${chrom}, ${start}, ${end}) in (select (chrom, start, "end") from ${SCRATCH.bridged}))`;
}

/** SQL: what a record rests on, such as `MIN_DP 23, GQ 50`; of one of {@link collectBridged}, its weakest bases. */
export function evidenceWords(record: string): string {
  return `${record}.depth.words || ', ' || ${record}.quality.words`;
}

/** SQL: what a site that begins in a block rests on: the block, or all that covers the site, which is `bridged` then. */
export function blockEvidence(block: string, bridged: string, end: string): string {
  return `if(${block}."end" < ${end}, ${evidenceWords(bridged)} || ', the least of several records', ${evidenceWords(block)})`;
}

/**
 * SQL: pairs of an authored reference row of one module and the reference block with evidence that its site begins in,
 * where reference calls cover all of it. A block states a stretch of sites of which only the first is written out, so REF
 * is compared there alone. Withheld where another record, kept or removed, touches the site and says something else.
 *
 * Source: VCF edge cases A1 (blocks are an interval table).
 */
export function answeredInside(index: number): string {
  const last = "a.start + length(a.ref) - 1";
  return `
    select a.module_index, a.authored_row, r.file_row_number, true as inside, false as part
    from ${SCRATCH.authored} a
    join ${SCRATCH.records} r on r.chrom = a.chrom and r.start <= a.start and r."end" >= a.start
      and len(${compared("r", "a")}) = len(${compared("a")})
    where a.module_index = ${index} and r.presence = 'hom_ref_block'
      and ${isCovered("a.chrom", "a.start", last, "r")}
      and ${isReference("a")} and ${hasOneRef("a")}
      and (r.start < a.start or (r.ref <> a.ref and starts_with(a.ref, r.ref)))
      and not exists (select 1 from ${SCRATCH.near} n where n.chrom = a.chrom and n.start <= ${last}
        and n."end" >= a.start and n.presence not in ${AGREEING})
      and not exists (select 1 from ${SCRATCH.removed} n where n.chrom = a.chrom and n.start <= ${last}
        and n."end" >= a.start)`;
}
