import { FLANK_BP } from "#protocol/annotation.ts";
import type { Restoration, Spread } from "#protocol/annotation.ts";
import { count, counted } from "#protocol/numerals.ts";

import { quoteText } from "../../engines/engine.ts";
import { parquetRows } from "../../engines/parquet-rows.ts";
import { PRIMARY_CONTIGS } from "../../primary-contigs.ts";
import { countRows } from "./authored.ts";
import { hasOneRef, isReference } from "./blocks.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/** A file with fewer distinct positions is taken for a targeted one. */
const WHOLE_GENOME_SITES = 1_000_000;
/** Share of the spanned bases that must lie near a call. Whole genomes have 0.94 and more, panels about 0.2. */
const WHOLE_GENOME_BREADTH = 0.75;
/** A whole genome has some hundred thousand indels, and millions of substitutions. */
const FEW = 1_000;
const KINDS = { indels: "insertions or deletions", substitutions: "substitutions" } as const;

/**
 * Whether a missing record may be read as the reference: only in a file that lists variants alone and covers a whole
 * genome.
 */
export async function restorationScope(match: Match): Promise<Restoration> {
  const { request } = match;
  const no = (reason: string): Restoration => ({ applied: false, reason, max_flank_bp: FLANK_BP });
  const { kind, records, findings, spread } = request.ingest;
  if (kind === "gvcf") return no("the file states reference blocks itself");
  if (kind === "array") return no("a genotyping array says nothing of what is not on it");
  if (kind === "sites_only") return no("the file states no genotypes");
  if (findings.some(({ kind: found }) => found === "IMPUTED"))
    return no("the genotypes are imputed, and nothing is known of a site that the panel does not have");
  const file = parquetRows(request.variants);
  if (kind === "all_sites" && match.columns.has("filter")) {
    const kept = await countRows(
      match,
      `select count(*)::integer as n from ${file} where contains("filter", 'RefCall')`,
    );
    if (kept > 0) return no(`the file states reference calls itself: ${counted(kept, "record")}`);
  }
  if (records.kept < WHOLE_GENOME_SITES) return no(targeted(records.kept));
  const { positions: sites, near, span } = spread ?? (await spreadOf(match, file));
  if (sites < WHOLE_GENOME_SITES) return no(targeted(sites));
  const breadth = span === 0 ? 0 : near / span;
  const share = `${(100 * breadth).toFixed(1)} % of the spanned bases lie within ${count(FLANK_BP)} bases of a call`;
  if (breadth < WHOLE_GENOME_BREADTH) {
    return { ...no(`the file is targeted: ${share}`), sites, breadth };
  }
  const blindTo = await unlistedKind(match, file);
  const blind =
    blindTo === null
      ? ""
      : `; the file lists hardly any ${KINDS[blindTo]}, so nothing is inferred at sites of them`;
  return {
    applied: true,
    reason: `a whole genome of variants: ${count(sites)} positions, ${share}${blind}`,
    max_flank_bp: FLANK_BP,
    ...(blindTo === null ? {} : { blind_to: blindTo }),
    sites,
    breadth,
  };
}

/**
 * What ingest did not count, as the file came in no order: the table has one. A window without an order runs over the rows
 * as they lie, in one streaming pass.
 */
async function spreadOf({ connection, signal }: Match, file: string): Promise<Spread> {
  const contigs = PRIMARY_CONTIGS.map((contig) => quoteText(contig)).join(", ");
  const [row] = await connection.rows<Spread>(
    `with steps as (
       select chrom, if(lag(chrom) over () = chrom, start::bigint - lag(start::bigint) over (), null) as step
       from ${file}
     )
     select (count(*) - count(*) filter (step = 0))::double as positions,
       coalesce(sum(if(step > ${2 * FLANK_BP}, ${2 * FLANK_BP}, step)), 0)::double as near, coalesce(sum(step), 0)::double as span
     from steps where chrom in (${contigs})`,
    [],
    signal,
  );
  return row ?? { positions: 0, near: 0, span: 0 };
}

/**
 * Substitutions or indels, when a whole genome has fewer than {@link FEW} of them: some vendors give each in a file of its
 * own, and a file of the others says nothing of them. Of what is there no more than so many are read.
 */
async function unlistedKind(match: Match, file: string): Promise<keyof typeof KINDS | null> {
  const few = (condition: string): Promise<number> =>
    countRows(
      match,
      `select count(*)::integer as n from (select 1 from ${file}
       where presence = 'called_variant' and ${condition} limit ${FEW})`,
    );
  const one = "not contains(alt, '|') and not contains(alt, '<')";
  if ((await few(`length(ref) <> length(alt) and ${one}`)) < FEW) return "indels";
  return (await few("length(ref) = 1 and length(alt) = 1")) < FEW ? "substitutions" : null;
}

/**
 * Infers the authored reference genotypes whose site the file does not touch. Withheld where a record of any kind,
 * kept or removed, covers the site; where the module states several refs or the rsID several places; where no call
 * lies within the flank on the same contig; where the file lists no variants of the site's kind; where the row asks for
 * a call, see {@link requiresCall}.
 */
export async function restore(match: Match, scope: Restoration): Promise<void> {
  const { connection, signal } = match;
  await connection.run(
    `create or replace table ${SCRATCH.restored} as
     with candidates as (
       select module_index, authored_row, chrom, start, start + length(ref) - 1 as "end"
       from ${SCRATCH.authored} a
       where ${scope.applied} and chrom is not null and start is not null and ref is not null
         and ${isReference("a")}
         and coalesce(locus_count, 1) <= 1
         and ${hasOneRef("a")} and ${isListed(scope)} and not ${requiresCall("a")}
     ),
     untouched as (
       select * from candidates c
       where not exists (select 1 from ${SCRATCH.near} n
           where n.chrom = c.chrom and n.start <= c."end" and n."end" >= c.start)
         and not exists (select 1 from ${SCRATCH.removed} r
           where r.chrom = c.chrom and r.start <= c."end" and r."end" >= c.start)
     )
     select u.module_index, u.authored_row, min(abs(n.start::bigint - u.start::bigint))::integer as flank
     from untouched u join ${SCRATCH.near} n on n.chrom = u.chrom
     where n.presence in ('called_variant', 'called_hom_ref')
       and abs(n.start::bigint - u.start::bigint) <= ${scope.max_flank_bp}
     group by u.module_index, u.authored_row`,
    [],
    signal,
  );
}

/**
 * SQL: whether the genotype of an authored row has to be called: as the module says, else where it classifies the variant
 * clinically. There a missing record never stands for the reference.
 *
 * Source: VCF edge cases §4.
 */
export function requiresCall(alias: string): string {
  const flags = ["pathogenic", "benign"].map((name) => `coalesce(${alias}.${name}, false)`);
  return `coalesce(${alias}.requires_callable, ${flags.join(" or ")} or coalesce(${alias}.clin_sig, '') <> '')`;
}

/** SQL: whether the file lists variants of the kind that an authored row is about. */
function isListed({ blind_to: blindTo }: Restoration): string {
  if (blindTo === undefined) return "true";
  const same = "list_transform(alts, lambda alternate: length(alternate) = length(ref))";
  return `(len(alts) > 0 and ${blindTo === "indels" ? `list_bool_and(${same})` : `not list_bool_or(${same})`})`;
}

function targeted(sites: number): string {
  return `the file is targeted: ${count(sites)} positions, and a whole genome has at least ${count(WHOLE_GENOME_SITES)}`;
}
