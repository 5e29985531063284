import { quoteName, quoteText } from "../engines/engine.ts";
import { trimmedSql } from "./trim-sql.ts";

/*
 * The queries of one pass, in their order, each kept under the name of its function's table. They are written in
 * what the SQL of DuckDB and of Polars share, so that both engines follow the same rule: no struct, no arg_min,
 * no lateral join.
 *
 * A place in the genome is one number, `pos`: the number of the contig in the pass times 2³², plus POS. A row of
 * a shard is one number too: the contig's times 2²⁸, plus the row's.
 */

const CONTIG = 2n ** 32n;
const ROWS = 2n ** 28n;
/** Numbers of dbSNP ids are below this; ids of other kinds stand behind them all. */
const RS_NUMBERS = 2n ** 33n;
const RANK = RS_NUMBERS * ROWS;
/** Complex rows are looked for by the stretch they lie in. */
const BLOCK = 64;
/** Stands for the block of a row whose alleles may reach beyond the next. */
const ANY_BLOCK = -(2n ** 62n);

/** Name of the column that numbers the rows of a file; no table of ours has it. */
export const ROW = "karyon row";

/** A contig of a pass and the table of its shard; null: the reference has none. */
export interface PassContig {
  readonly name: string;
  readonly shard: string | null;
}

/** Variants to look up: pos, ref, alt, and the number of the row as `key`. */
export function wantedSql(variants: string, contigs: readonly PassContig[]): string {
  return `
    select ${placeOf(contigs)} + cast(start as bigint) as pos, ref, alt, cast(${quoteName(ROW)} as bigint) as key
    from ${quoteName(variants)} as wanted_v where ${inContigs(contigs.filter(({ shard }) => shard !== null))} and alt <> ''`;
}

/** The same for several samples: each variant once, without a key; the file it is kept in numbers them. */
export function distinctWantedSql(variants: readonly string[], contigs: readonly PassContig[]): string {
  const each = variants.map(
    (table, at) => `select pos, ref, alt from (${wantedSql(table, contigs)}) as w${at}`,
  );
  return `select distinct pos, ref, alt from (${each.join(" union all ")}) as every`;
}

/** Alleles of the variants that are no bi-allelic substitution, one a row. */
export function splitSql(): string {
  return `
    select distinct pos, ref, allele, key, allele as said
    from (select pos, ref, unnest(string_to_array(alt, '|')) as allele, key from wanted
      where length(ref) > 1 or length(alt) > 1) as split_u`;
}

/** These alleles trimmed: key, said (as the record spells it), tpos, tref, talt. */
export function complexSql(): string {
  return trimmedSql("split", ["key", "said"]);
}

/**
 * Rows of the shards that may answer: substitutions of one base at a wanted place, and others that lie near one.
 * `priority` puts candidates in order: by the number of the rs id, ids of other kinds last, then by the row in the
 * shard, which it also holds.
 */
export function nearSql(contigs: readonly PassContig[]): string {
  const block = (pos: string, further = 0): string => `${further - 1} - (${pos} - ${pos} % ${BLOCK})`;
  const keys = [
    "select pos as k from wanted where length(ref) = 1 and length(alt) = 1",
    `select ${block("pos")} from wanted where length(ref) = 1 and length(alt) = 1`,
    `select ${block("pos", BLOCK)} from wanted where length(ref) = 1 and length(alt) = 1`,
    "select tpos from complex where length(tref) = 1 and length(talt) = 1",
    `select ${block("tpos")} from complex`,
    `select ${block("tpos", BLOCK)} from complex`,
    `select cast(${ANY_BLOCK} as bigint)`,
  ];
  const shards = contigs.flatMap(({ shard }, number) =>
    shard === null
      ? []
      : [
          `select cast(${BigInt(number) * CONTIG} as bigint) + cast(start as bigint) as pos, ref, alt, id, ${quoteName(ROW)} as r from ${quoteName(shard)} as near_t${number}`,
        ],
  );
  const number = `case when id like 'rs%' then least(coalesce(try_cast(substr(id, 3) as bigint), ${RS_NUMBERS - 1n}), ${RS_NUMBERS - 1n})
        else ${RS_NUMBERS - 1n} end`;
  return `
    select pos, ref, alt, ${number} * cast(${ROWS} as bigint) + cast(r as bigint) as priority
    from (
      select pos, ref, alt, id, r,
        case when length(ref) = 1 and length(alt) = 1 then pos
          when length(ref) < ${BLOCK} or length(alt) < ${BLOCK} then ${block("pos")}
          else cast(${ANY_BLOCK} as bigint) end as k
      from (${shards.join(" union all ")}) as near_shards) as near_s
    semi join (${keys.join(" union all ")}) as near_w on near_s.k = near_w.k`;
}

/** Variants of one alternate that a row of the shard spells in the same way: most of them. */
export function plainSql(): string {
  return `
    select key, min(priority) as priority from (
      select plain_w.key, plain_n.priority
      from (select * from wanted where alt not like '%|%') as plain_w
      join near as plain_n on plain_w.pos = plain_n.pos and plain_w.ref = plain_n.ref and plain_w.alt = plain_n.alt) as plain_p
    group by key`;
}

/** Alleles of all other variants, trimmed. */
export function restSql(): string {
  return `
    select rest_c.key, rest_c.said, rest_c.tpos, rest_c.tref, rest_c.talt from complex as rest_c anti join plain as rest_p on rest_c.key = rest_p.key
    union all
    select rest_w.key, rest_w.alt as said, rest_w.pos as tpos, rest_w.ref as tref, rest_w.alt as talt
    from (select * from wanted where length(ref) = 1 and length(alt) = 1) as rest_w anti join plain as rest_q on rest_w.key = rest_q.key`;
}

/** Alleles of the rows that may answer and are no bi-allelic substitution, one a row. */
export function spelledSql(): string {
  return `
    select pos, ref, unnest(string_to_array(alt, '|')) as allele, pos as rpos, ref as rref,
      length(alt) - length(replace(alt, '|', '')) + 1 as listed, priority
    from near where length(ref) > 1 or length(alt) > 1`;
}

/** Which rows say which alleles of the rest. */
export function pairsSql(): string {
  const substitutions = `
    select pos as rpos, ref as rref, 1 as listed, priority, pos as tpos, ref as tref, alt as talt
    from near where length(ref) = 1 and length(alt) = 1`;
  const alleles = `${substitutions} union all ${trimmedSql("spelled", ["rpos", "rref", "listed", "priority"])}`;
  return `
    select distinct pairs_a.key, pairs_a.said, pairs_a.tpos, pairs_r.priority, pairs_r.rpos, pairs_r.rref, pairs_r.listed
    from rest as pairs_a join (${alleles}) as pairs_r on pairs_a.tpos = pairs_r.tpos and pairs_a.tref = pairs_r.tref and pairs_a.talt = pairs_r.talt`;
}

/**
 * The best row for each allele of the rest. Better is, first, a row at the same position with the same REF and
 * the same set of alternates (`exact`), then one of the same position and REF (`allele`), then one that says the
 * same change with other bases around it (`trimmed`); next, the smaller `priority`.
 */
export function bestSql(): string {
  const placed = `
    select best_p.key, best_p.said, best_p.priority, best_p.listed, case when best_w.wpos = best_p.rpos and best_w.wref = best_p.rref then 1 else 0 end as same
    from pairs as best_p join (select key as wkey, pos as wpos, ref as wref from wanted) as best_w on best_p.key = best_w.wkey`;
  const held = `
    select best_d.key, best_d.said, best_d.priority, best_d.listed, best_d.same, best_h.found
    from (${placed}) as best_d
    join (select key as hkey, priority as hpriority, count(distinct said) as found from pairs group by key, priority) as best_h
      on best_d.key = best_h.hkey and best_d.priority = best_h.hpriority`;
  return `
    select best_e.key, best_e.said,
      min(case when best_e.same = 0 then 2 when best_e.found = best_e.listed and best_e.found = best_n.said_count then 0 else 1 end
        * cast(${RANK} as bigint) + best_e.priority) as best
    from (${held}) as best_e
    join (select key as nkey, count(distinct said) as said_count from rest group by key) as best_n on best_e.key = best_n.nkey
    group by best_e.key, best_e.said`;
}

/**
 * The row chosen for each variant that has one: key, row, found, and `ids` where alternates have different rows:
 * the ids of the best rows of all alternates, in the order of {@link bestSql}; the first of them is the one chosen.
 */
export function chosenSql(contigs: readonly PassContig[]): string {
  const row = (priority: string): string => `${priority} % cast(${ROWS} as bigint)`;
  const shift = `(chosen_w.pos - chosen_w.pos % cast(${CONTIG} as bigint)) / ${CONTIG / ROWS}`;
  const first = `select key, min(best) as best, count(distinct best) as others from best group by key`;
  const shards = numberedShards(contigs, ["id"]);
  const several = `
    select chosen_x.key, chosen_x.best, cast(${shift.replaceAll("chosen_w.", "chosen_x.")} as bigint) + ${row("chosen_x.best")} as r from (
      select distinct chosen_b.key, chosen_b.best, chosen_w.pos from best as chosen_b
      join (select key as fkey from (${first}) as chosen_f1 where others > 1) as chosen_f on chosen_b.key = chosen_f.fkey
      join (select key as wkey, pos from wanted) as chosen_w on chosen_b.key = chosen_w.wkey) as chosen_x`;
  const ids = `
    select key as ikey, array_to_string(array_agg(id order by best), ';') as ids
    from (select chosen_m.key, chosen_m.best, chosen_s.id from (${several}) as chosen_m join (${shards}) as chosen_s on chosen_m.r = chosen_s.r) as chosen_named
    group by key`;
  return `
    select chosen_p.key, cast(${shift} as bigint) + ${row("chosen_p.priority")} as row, 'exact' as found, cast(null as varchar) as ids
    from plain as chosen_p join (select key as pkey, pos from wanted) as chosen_w on chosen_p.key = chosen_w.pkey
    union all
    select chosen_y.key, chosen_y.row, chosen_y.found, chosen_i.ids from (
      select chosen_c.key, cast(${shift} as bigint) + ${row("chosen_c.best")} as row,
        case when chosen_c.best < cast(${RANK} as bigint) then 'exact' when chosen_c.best < cast(${2n * RANK} as bigint) then 'allele' else 'trimmed' end as found
      from (${first}) as chosen_c join (select key as ckey, pos from wanted) as chosen_w on chosen_c.key = chosen_w.ckey) as chosen_y
    left join (${ids}) as chosen_i on chosen_y.key = chosen_i.ikey`;
}

/** Columns of the shards of a pass, with the number of the row as `r`. */
export function numberedShards(contigs: readonly PassContig[], columns: readonly string[]): string {
  const each = contigs.flatMap(({ shard }, number) =>
    shard === null
      ? []
      : [
          `select ${columns.map((name) => `${quoteName(name)}, `).join("")}cast(${BigInt(number) * ROWS} as bigint) + cast(${quoteName(ROW)} as bigint) as r from ${quoteName(shard)} as n${number}`,
        ],
  );
  return each.join(" union all ");
}

/** Number of the contig times 2³². */
export function placeOf(contigs: readonly PassContig[]): string {
  const cases = contigs.flatMap(({ name, shard }, number) =>
    shard === null ? [] : [`when chrom = ${quoteText(name)} then cast(${BigInt(number) * CONTIG} as bigint)`],
  );
  return cases.length === 0 ? "cast(0 as bigint)" : `case ${cases.join(" ")} end`;
}

export function inContigs(contigs: readonly PassContig[]): string {
  return contigs.length === 0
    ? "false"
    : `chrom in (${contigs.map(({ name }) => quoteText(name)).join(", ")})`;
}
