import type { ModuleResult, PresenceStatus } from "#protocol/annotation.ts";

import { isArray } from "./array-calls.ts";
import { refMismatches } from "./pairs.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/** Category of a row that states none. */
const OTHER = "other";

export interface CategoryTotal {
  readonly category: string;
  readonly matched: number;
  readonly positive: number;
  readonly negative: number;
  readonly net_weight: number | null;
}

/** What is counted of one module. */
export type ModuleCounts = Pick<
  ModuleResult,
  "probed" | "restored" | "presence" | "authored" | "ref_mismatches" | "unmatchable"
> & { readonly categories: readonly CategoryTotal[] };

interface Numbers {
  readonly probed: number;
  readonly restored: number;
  readonly ref_mismatches: number;
  readonly genotypes: number;
  readonly sites: number;
  readonly placed: number;
  readonly phased_order: number;
  readonly allele_not_at_locus: number;
  readonly unplaced: number;
  readonly no_rsid: number;
}

/**
 * Counts what the modules gave, those together that are counted alike.
 *
 * `byPosition`: indexes of the modules that are joined by position.
 *
 * @returns the counts of a module by its index; zeros for one of which nothing is known
 */
export async function countModules(
  match: Match,
  byPosition: readonly number[],
): Promise<(index: number) => ModuleCounts> {
  const numbers = await byModule<Numbers>(match, numbersSql(match, byPosition));
  const categories = await byModule<CategoryTotal>(match, CATEGORIES);
  const statuses = await byModule<{ status: PresenceStatus; n: number }>(match, STATUSES);
  return (index) => {
    const [found] = numbers.get(index) ?? [];
    const of = (name: keyof Numbers): number => found?.[name] ?? 0;
    const reasons = ["phased_order", "allele_not_at_locus", "unplaced", "no_rsid"] as const;
    return {
      categories: categories.get(index) ?? [],
      probed: of("probed"),
      restored: of("restored"),
      presence: Object.fromEntries((statuses.get(index) ?? []).map(({ status, n }) => [status, n])),
      authored: { genotypes: of("genotypes"), sites: of("sites"), placed: of("placed") },
      ref_mismatches: of("ref_mismatches"),
      unmatchable: Object.fromEntries(
        reasons.flatMap((reason) => (of(reason) > 0 ? [[reason, of(reason)]] : [])),
      ),
    };
  };
}

// Summed in order, so that the order of the rows cannot move the last digit.
const CATEGORIES = `
  select a.module_index, coalesce(a.category, '${OTHER}') as category, count(*)::integer as matched,
    (count(*) filter (a.sign > 0))::integer as positive, (count(*) filter (a.sign < 0))::integer as negative,
    sum(a.weight order by a.weight) as net_weight
  from ${SCRATCH.matches} m
  join ${SCRATCH.authored} a on a.module_index = m.module_index and a.authored_row = m.authored_row
  group by 1, 2 order by 1, 2`;

const STATUSES = `
  select module_index, status, count(*)::integer as n from ${SCRATCH.statuses}
  group by 1, 2 order by 1, 2`;

/** SQL: {@link Numbers} of the modules that have rows. */
function numbersSql({ request }: Match, byPosition: readonly number[]): string {
  const unplaced = request.ingest.has_rsids ? "rsid is null" : "true";
  const byRsid = isArray({ request });
  return `
    select * from (
      select module_index, count(distinct (variant_key, genotype, phased))::integer as genotypes,
        (count(*) filter (phased and genotype <> list_sort(genotype)))::integer as phased_order,
        (count(*) filter (foreign_allele))::integer as allele_not_at_locus,
        (count(*) filter ((chrom is null or start is null) and ${unplaced} and not ${byRsid}))::integer as unplaced,
        (count(*) filter (rsid is null and ${byRsid}))::integer as no_rsid
      from ${SCRATCH.authored} group by 1)
    left join (
      select module_index, count(*)::integer as sites, count(chrom)::integer as placed
      from ${SCRATCH.sites} group by 1) using (module_index)
    left join (
      select module_index, count(*)::integer as probed from (
        select module_index, file_row_number, null as start from ${SCRATCH.probed}
        union select a.module_index, n.file_row_number, nullif(a.start, n.start) from ${SCRATCH.matches} m
        join ${SCRATCH.authored} a using (module_index, authored_row)
        join ${SCRATCH.near} n using (file_row_number) where m.inside)
      group by 1) using (module_index)
    left join (select module_index, count(*)::integer as restored from ${SCRATCH.restored} group by 1) using (module_index)
    left join (${refMismatches(byPosition)}) using (module_index)`;
}

async function byModule<Row>(
  { connection, signal }: Match,
  sql: string,
): Promise<ReadonlyMap<number, readonly Row[]>> {
  const found = new Map<number, Row[]>();
  for (const { module_index, ...row } of await connection.rows<Row & { module_index: number }>(
    sql,
    [],
    signal,
  )) {
    found.set(module_index, [...(found.get(module_index) ?? []), row as Row]);
  }
  return found;
}
