import type { AnnotationChange, AnnotationDiff } from "#protocol/annotation.ts";

import { quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";

/** Rows that a diff lists; the counts are of all. */
const MOST_ROWS = 500;

/**
 * What moved between two materialisations of matched annotations. A row is the same when module, rsID, place and
 * genotype are; it changed when its weight, state, direction or conclusion did. Of equal rows the first meets the first.
 *
 * `before` and `after` are paths of `user_hf_module_annotations.parquet`.
 */
export async function diffAnnotations(
  connection: Connection,
  before: string,
  after: string,
  signal: AbortSignal,
): Promise<AnnotationDiff> {
  const pairs = pairsSql(before, after);
  const modules = await connection.rows<AnnotationDiff["modules"][number]>(
    `with ${pairs}
    select module,
      count(*) filter (where kind = 'added') as added,
      count(*) filter (where kind = 'removed') as removed,
      count(*) filter (where kind = 'changed') as changed,
      count(b_weighed) as rows_before, count(a_weighed) as rows_after,
      round(sum(b_weight) filter (where b_weighed = 'called'), 2) as net_weight_before,
      round(sum(a_weight) filter (where a_weighed = 'called'), 2) as net_weight_after
    from pairs group by module order by module`,
    [],
    signal,
  );
  const rows = await connection.rows<AnnotationChange>(
    `with ${pairs}
    select kind, module, rsid, gene, chrom, start, genotype,
      b_weight as weight_before, a_weight as weight_after, b_state as state_before, a_state as state_after,
      b_conclusion as conclusion_before, a_conclusion as conclusion_after
    from pairs where kind <> 'same'
    order by abs(coalesce(a_weight, 0) - coalesce(b_weight, 0)) desc, module, chrom, start, genotype
    limit ${MOST_ROWS}`,
    [],
    signal,
  );
  return { modules, rows };
}

function pairsSql(before: string, after: string): string {
  const side = (name: string, path: string): string => `
    ${name} as (
      select module, rsid, chrom, start, array_to_string(genotype, '/') as genotype, gene, weight, state,
        direction, conclusion, genotype_evidence as weighed,
        row_number() over (partition by module, rsid, chrom, start, genotype order by file_row_number) as ordinal
      from read_parquet(${quoteText(path)}, file_row_number = true, hive_partitioning = false)
    )`;
  const key = ["module", "rsid", "chrom", "start", "genotype", "ordinal"];
  const same = key.map((name) => `b.${name} is not distinct from a.${name}`).join(" and ");
  const either = key.map((name) => `coalesce(a.${name}, b.${name}) as ${name}`).join(", ");
  const changed = ["weight", "state", "direction", "conclusion"]
    .map((name) => `a.${name} is distinct from b.${name}`)
    .join(" or ");
  return `${side("b_rows", before)}, ${side("a_rows", after)},
    pairs as (
      select ${either}, coalesce(a.gene, b.gene) as gene,
        case when b.module is null then 'added' when a.module is null then 'removed'
          when ${changed} then 'changed' else 'same' end as kind,
        b.weight as b_weight, a.weight as a_weight, b.state as b_state, a.state as a_state,
        b.conclusion as b_conclusion, a.conclusion as a_conclusion, b.weighed as b_weighed, a.weighed as a_weighed
      from b_rows b full join a_rows a on ${same}
    )`;
}
