import { quoteName, quoteText } from "../engines/engine.ts";
import type { NamedQuery } from "../engines/engine.ts";
import { trimmedSql } from "./trim-sql.ts";

/*
 * The queries of one pass, in their order: the sink of either engine carries each out once, under its name. They
 * are written in what the SQL of DuckDB and of Polars share, so that both engines follow the same rule: no struct,
 * no arg_min, no lateral join. The smaller table of a join stands on its right, where it is held in memory.
 *
 * A place in the genome is one number, `pos`: the number of the contig in the pass times 2³², plus POS. So are the
 * key of a variant (the contig's times 2⁴⁰) and a row of a shard (the contig's times 2²⁸).
 */

const PLACES = 2n ** 32n;
const KEYS = 2n ** 40n;
const ROWS = 2n ** 28n;
/** Numbers of dbSNP ids are below this; ids of other kinds stand behind them all. */
const RS_NUMBERS = 2n ** 33n;
const RANK = RS_NUMBERS * ROWS;
/** Complex rows are looked for by the stretch they lie in. */
const BLOCK = 32;
/** Stands for the block of a row whose alleles may reach beyond the next. */
const ANY_BLOCK = -(2n ** 62n);

/** Name of the column that numbers the rows of a file; no table of ours has it. */
export const ROW = "karyon row";
const SUBSTITUTION = "length(ref) = 1 and length(alt) = 1";

/** A contig of a pass and the table of its shard; null: the reference has none. */
export interface PassContig {
  readonly name: string;
  readonly shard: string | null;
  /** Positions of the rows of the shard that may answer, 1-based, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** What is looked up in one pass. */
export interface Pass {
  /** Tables of variants. */
  readonly variants: readonly string[];
  readonly contigs: readonly PassContig[];
  /** Columns of the reference that are wanted. */
  readonly columns: readonly string[];
  /** Bases that REF and an alternate may have in common, at the most: of the variants and of the reference. */
  readonly longest: number;
}

/**
 * From the tables of the variants to `chosen` and `near`: key, row, found of the variants that have a row, and
 * the rows with the wanted columns of the reference, by `karyon r`.
 */
export function matchSteps({ variants, contigs, columns, longest }: Pass): NamedQuery[] {
  return [
    {
      name: "wanted",
      sql: variants.length > 1 ? distinctWantedSql(variants, contigs) : wantedSql(variants, contigs),
    },
    { name: "split", sql: splitSql() },
    { name: "complex", sql: trimmedSql("split", ["key", "said", "wpos", "wref"], longest) },
    { name: "sought", sql: soughtSql() },
    { name: "near", sql: nearSqls(contigs, columns), readsMuch: true },
    { name: "plain", sql: plainSql() },
    { name: "rest", sql: restSql() },
    { name: "spelled", sql: spelledSql() },
    { name: "trimmed", sql: trimmedSql("spelled", ["rpos", "rref", "listed", "priority"], longest) },
    { name: "pairs", sql: pairsSql() },
    { name: "best", sql: bestSql() },
    { name: "chosen", sql: chosenSql() },
  ];
}

/** Key of a variant: its contig, its row in the file, and which of several samples it is of. */
export function keyOf(contigs: readonly PassContig[], samples = 1, sample = 0): string {
  return `${numberOf(contigs, KEYS)} + cast(${quoteName(ROW)} as bigint) * ${samples} + ${sample}`;
}

/** Variants to look up: key, pos, ref, alt. */
function wantedSql(variants: readonly string[], contigs: readonly PassContig[]): string {
  const known = inContigs(contigs.filter(({ shard }) => shard !== null));
  return variants
    .map(
      (table, at) => `
    select ${keyOf(contigs, variants.length, at)} as key, ${placeOf(contigs)} as pos, ref, alt
    from ${quoteName(table)} as wanted_v${at} where ${known} and alt <> ''`,
    )
    .join(" union all ");
}

/** The same for several samples: each variant once, under the smallest key. */
function distinctWantedSql(variants: readonly string[], contigs: readonly PassContig[]): string {
  return `select min(key) as key, pos, ref, alt from (${wantedSql(variants, contigs)}) as every group by pos, ref, alt`;
}

/** Alleles of the variants that are no bi-allelic substitution, one a row; said: as the record spells it. */
function splitSql(): string {
  return `
    select distinct pos, ref, allele, key, allele as said, pos as wpos, ref as wref
    from (select key, pos, ref, unnest(string_to_array(alt, '|')) as allele from wanted where not (${SUBSTITUTION})) as split_u`;
}

/** The block of a place, below zero: places are not. */
function blockOf(pos: string, further = 0): string {
  return `${further - 1} - (${pos} - ${pos} % ${BLOCK})`;
}

/** What rows of the shards are looked for by: a wanted place, or a block that one touches. */
function soughtSql(): string {
  return [
    `select pos as k from wanted where ${SUBSTITUTION}`,
    `select ${blockOf("pos")} from wanted where ${SUBSTITUTION}`,
    `select ${blockOf("pos", BLOCK)} from wanted where ${SUBSTITUTION}`,
    "select tpos from complex where length(tref) = 1 and length(talt) = 1",
    `select ${blockOf("tpos")} from complex`,
    `select ${blockOf("tpos", BLOCK)} from complex`,
    `select cast(${ANY_BLOCK} as bigint)`,
  ].join(" union all ");
}

/** Rows of the shards that may answer, one shard after the other: of each, some memory is taken at once. */
function nearSqls(contigs: readonly PassContig[], columns: readonly string[]): string[] {
  return contigs.flatMap((contig, number) =>
    contig.shard === null ? [] : [nearSql({ ...contig, shard: contig.shard }, BigInt(number), columns)],
  );
}

/**
 * Of one shard, substitutions of one base at a wanted place, and others that lie near one. `karyon priority` puts
 * candidates in order: by the number of the rs id, ids of other kinds last, then by the row in the shard, which it
 * also holds.
 */
function nearSql(
  { shard, from, to }: PassContig & { readonly shard: string },
  contig: bigint,
  columns: readonly string[],
): string {
  const kept = [...new Set(["id", "ref", "alt", ...columns])].map(quoteName).join(", ");
  const read = [...new Set([ROW, "start", "id", "ref", "alt", ...columns])].map(quoteName).join(", ");
  const number = `case when id like 'rs%' then least(coalesce(try_cast(substr(id, 3) as bigint), ${RS_NUMBERS - 1n}), ${RS_NUMBERS - 1n})
        else ${RS_NUMBERS - 1n} end`;
  return `
    select ${kept}, "karyon pos", cast(${contig * ROWS} as bigint) + cast(${quoteName(ROW)} as bigint) as "karyon r",
      ${number} * cast(${ROWS} as bigint) + cast(${quoteName(ROW)} as bigint) as "karyon priority"
    from (
      select *,
        case when ${SUBSTITUTION} then "karyon pos"
          when length(ref) < ${BLOCK} or length(alt) < ${BLOCK} then ${blockOf(`"karyon pos"`)}
          else cast(${ANY_BLOCK} as bigint) end as "karyon k"
      from (
        select ${read}, cast(${contig * PLACES} as bigint) + cast(start as bigint) as "karyon pos"
        from ${quoteName(shard)} as near_t where start >= ${from} and start <= ${to}) as near_p) as near_s
    semi join sought as near_w on near_s."karyon k" = near_w.k`;
}

/**
 * Variants of one alternate that a row of the shard spells in the same way: most of them. They meet by place, and what
 * is spelled otherwise is dropped: of a key of several columns Polars makes texts first, which takes longer.
 */
function plainSql(): string {
  return `
    select key, min(priority) as priority from (
      select plain_w.key, plain_n.priority
      from (select "karyon pos" as npos, ref as nref, alt as nalt, "karyon priority" as priority from near) as plain_n
      join (select * from wanted where alt not like '%|%') as plain_w on plain_n.npos = plain_w.pos
      where plain_n.nref = plain_w.ref and plain_n.nalt = plain_w.alt) as plain_p
    group by key`;
}

/** Alleles of all other variants, trimmed: key, said, wpos, wref, tpos, tref, talt. */
function restSql(): string {
  return `
    select key, said, wpos, wref, tpos, tref, talt from complex as rest_c anti join (select key as pkey from plain) as rest_p on rest_c.key = rest_p.pkey
    union all
    select key, alt as said, pos as wpos, ref as wref, pos as tpos, ref as tref, alt as talt
    from (select * from wanted where ${SUBSTITUTION}) as rest_w anti join (select key as pkey from plain) as rest_q on rest_w.key = rest_q.pkey`;
}

/** Alleles of the rows that may answer and are no bi-allelic substitution, one a row. */
function spelledSql(): string {
  return `
    select pos, ref, unnest(string_to_array(alt, '|')) as allele, pos as rpos, ref as rref,
      length(alt) - length(replace(alt, '|', '')) + 1 as listed, priority
    from (select "karyon pos" as pos, ref, alt, "karyon priority" as priority from near where not (${SUBSTITUTION})) as spelled_n`;
}

/** Which rows say which alleles of the rest; same: at the same position with the same REF. */
function pairsSql(): string {
  const substitutions = `
    select "karyon pos" as rpos, ref as rref, 1 as listed, "karyon priority" as priority, "karyon pos" as tpos, ref as tref, alt as talt
    from near where ${SUBSTITUTION}`;
  const alleles = `${substitutions} union all select rpos, rref, listed, priority, tpos, tref, talt from trimmed`;
  return `
    select distinct pairs_a.key, pairs_a.said, pairs_r.priority, pairs_r.listed,
      case when pairs_a.wpos = pairs_r.rpos and pairs_a.wref = pairs_r.rref then 1 else 0 end as same
    from (${alleles}) as pairs_r join rest as pairs_a on pairs_r.tpos = pairs_a.tpos and pairs_r.tref = pairs_a.tref and pairs_r.talt = pairs_a.talt`;
}

/**
 * The best row for each allele of the rest. Better is, first, a row at the same position with the same REF and
 * the same set of alternates (`exact`), then one of the same position and REF (`allele`), then one that says the
 * same change with other bases around it (`trimmed`); next, the smaller `priority`.
 */
export function bestSql(): string {
  const held = `
    select best_d.key, best_d.said, best_d.priority, best_d.listed, best_d.same, best_h.found
    from pairs as best_d
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
 * The row chosen for each variant that has one: key, r, found, and `ids` where alternates have different rows:
 * the ids of the best rows of all alternates, in the order of {@link bestSql}; the first of them is the one chosen.
 */
function chosenSql(): string {
  // A rank or an rs number stands above the row, and the contig comes from the key.
  const row = (key: string, priority: string): string =>
    `cast((${key} - ${key} % cast(${KEYS} as bigint)) / ${KEYS / ROWS} as bigint) + ${priority} % cast(${ROWS} as bigint)`;
  const first = `select key, min(best) as best, count(distinct best) as others from best group by key`;
  const several = `
    select distinct ${row("chosen_b.key", "chosen_b.best")} as r, chosen_b.key, chosen_b.best from best as chosen_b
    join (select key as fkey from (${first}) as chosen_f1 where others > 1) as chosen_f on chosen_b.key = chosen_f.fkey`;
  const ids = `
    select key as ikey, array_to_string(array_agg(id order by best), ';') as ids
    from (select chosen_m.key, chosen_m.best, chosen_s.id
      from (select "karyon r" as nr, id from near) as chosen_s join (${several}) as chosen_m on chosen_s.nr = chosen_m.r) as chosen_named
    group by key`;
  return `
    select key, ${row("key", "priority")} as r, 'exact' as found, cast(null as varchar) as ids from plain
    union all
    select chosen_y.key, chosen_y.r, chosen_y.found, chosen_i.ids from (
      select key, ${row("key", "best")} as r,
        case when best < cast(${RANK} as bigint) then 'exact' when best < cast(${2n * RANK} as bigint) then 'allele' else 'trimmed' end as found
      from (${first}) as chosen_c) as chosen_y
    left join (${ids}) as chosen_i on chosen_y.key = chosen_i.ikey`;
}

/** Contig and POS as one number. */
export function placeOf(contigs: readonly PassContig[]): string {
  return `${numberOf(contigs, PLACES)} + cast(start as bigint)`;
}

/** Number of the contig in the pass, times a factor. */
function numberOf(contigs: readonly PassContig[], factor: bigint): string {
  const cases = contigs.flatMap(({ name, shard }, number) =>
    shard === null ? [] : [`when chrom = ${quoteText(name)} then cast(${BigInt(number) * factor} as bigint)`],
  );
  return cases.length === 0 ? "cast(0 as bigint)" : `case ${cases.join(" ")} end`;
}

export function inContigs(contigs: readonly PassContig[]): string {
  return contigs.length === 0
    ? "false"
    : `chrom in (${contigs.map(({ name }) => quoteText(name)).join(", ")})`;
}
