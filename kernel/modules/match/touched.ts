import { parquetRows } from "../../engines/parquet-rows.ts";
import { columnOr, comparable, SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";
import { LONGEST } from "./spelled.ts";

/** Positions are looked up by stretches of 2^14 bases, so that one hash probe a record tells whether a site is near. */
const BIN_BITS = 14;
const BIN_BASES = 2 ** BIN_BITS;
/**
 * Records that a scan is told of by number: it leaves out what lies between them, and then decodes a part of the file.
 * With more of them there is hardly anything to leave out.
 */
const NAMED_RECORDS = 2_000;
const NO_EVIDENCE = `null::struct("value" integer, words varchar) as depth,
  null::struct("value" integer, words varchar) as quality`;

/** Makes the table of places: one row per module, variant and locus. */
export async function collectSites({ connection, signal }: Match): Promise<void> {
  await connection.run(
    `create or replace table ${SCRATCH.sites} as
     select module_index, first(module) as module, variant_key, first(rsid) as rsid, chrom, start,
       first(ref order by authored_row) as ref,
       start + greatest(length(coalesce(first(ref order by authored_row), ' ')), 1) - 1 as "end",
       max(coalesce(locus_count, 1)) as locus_count,
       first(gene order by authored_row) as gene, first(category order by authored_row) as category,
       first(coordinate_status order by authored_row) as coordinate_status,
       min(authored_row) as authored_row
     from ${SCRATCH.authored}
     group by module_index, variant_key, chrom, start`,
    [],
    signal,
  );
}

/**
 * Collects what the genome says at and around the sites of all modules. The large file is read twice, and only in
 * part: three columns to find the records near a site, and all columns of the few that are at one, are a block around
 * one, or are a variant that touches one.
 *
 * `flank`: how far around a site records are wanted, in bases; 0 when no reference genotype is to be inferred.
 */
export async function collectTouched(match: Match, flank: number): Promise<void> {
  const { connection, request, signal } = match;
  const file = comparable(match);
  // A block's evidence is read for gVCFs alone: elsewhere these columns would only cost time.
  const evidence = request.ingest.kind === "gvcf" ? evidenceSql(match, "v") : NO_EVIDENCE;
  await connection.run(
    `create or replace table ${SCRATCH.near} as
     with bins as (${bins(flank)})
     select v.chrom, v.start, v."end", v.presence, v.file_row_number, ${evidence}
     from ${file} v
     where ${nearBins(match, "v")};
     set dynamic_or_filter_threshold = ${NAMED_RECORDS};
     create or replace table ${SCRATCH.records} as
     select v.* from ${file} v where v.file_row_number in (
       select n.file_row_number from ${SCRATCH.near} n
       semi join ${SCRATCH.sites} s on n.chrom = s.chrom and n.start = s.start
       union
       select n.file_row_number from ${SCRATCH.near} n
       join ${SCRATCH.sites} s on n.chrom = s.chrom and n.start < s.start and n."end" >= s.start
       where n.presence = 'hom_ref_block'
       union
       select n.file_row_number from ${SCRATCH.near} n
       join (
         select chrom, start, "end", unnest(generate_series(
           greatest(start::bigint - ${LONGEST}, 0) // ${LONGEST}, ("end" + 1) // ${LONGEST})) as stretch
         from ${SCRATCH.sites} where chrom is not null
       ) s on n.chrom = s.chrom and n.start // ${LONGEST} = s.stretch
         and n.start <= s."end" + 1 and n."end" + 1 >= s.start
       where n.presence = 'called_variant')`,
    [],
    signal,
  );
}

/**
 * SQL: what a reference block rests on, by the fields that ingest looked at: its depth and its quality, each a number and
 * words for it, such as `MIN_DP 23`. They are ordered by the number; one that is not stated comes last.
 */
function evidenceSql(match: Match, alias: string): string {
  const first = (names: readonly string[], none: string): string => {
    const values = names.map((name) => columnOr(match, alias, name, "INTEGER"));
    const words = names.map((name, at) => `'${name} ' || ${values[at]}::varchar`);
    return `{value: coalesce(${values.join(", ")}), words: coalesce(${words.join(", ")}, '${none}')}`;
  };
  return `${first(["MIN_DP", "DP"], "depth not stated")} as depth,
    ${first(["GQ", "RGQ", "GQX"], "quality not stated")} as quality`;
}

/** Collects the records around the sites that a quality rule removed. */
export async function collectRemoved(match: Match): Promise<void> {
  const { connection, request, signal } = match;
  await connection.run(
    `create or replace table ${SCRATCH.removed} as
     with bins as (${bins(0)})
     select v.chrom, v.start, v."end", v.presence, v.removed_by from ${parquetRows(request.removedSites)} v
     where ${nearBins(match, "v")}`,
    [],
    signal,
  );
}

/** SQL: stretches that hold every record of less than a stretch that touches, or lies within `flank` of, a site. */
function bins(flank: number): string {
  return `select distinct chrom, unnest(generate_series(
      (greatest(start::bigint - ${Math.max(flank, BIN_BASES)}, 0) >> ${BIN_BITS}),
      ("end"::bigint + ${flank}) >> ${BIN_BITS})) as bin
    from ${SCRATCH.sites} where chrom is not null`;
}

/** SQL: whether a record lies in one of them; one that is longer than a stretch may begin elsewhere, and is taken, too. */
function nearBins({ request }: Match, alias: string): string {
  const mayBeLong = (request.ingest.longest ?? BIN_BASES) >= BIN_BASES;
  const near = `(${alias}.chrom, ${alias}.start >> ${BIN_BITS}) in (select chrom, bin from bins)`;
  return mayBeLong ? `(${near} or ${alias}."end"::bigint - ${alias}.start >= ${BIN_BASES})` : near;
}

/**
 * SQL: identifiers that can be looked for in no other way: of rows without a place, of modules that are joined by rsID
 * alone (`modules`: their indexes), and of all rows in a file of unknown build, which is held against their places.
 */
export function wantedIds({ request }: Match, modules: readonly number[]): string {
  const whole = modules.length === 0 ? "false" : `module_index in (${modules.join(", ")})`;
  const probing = request.ingest.build.detected === null;
  return `select distinct rsid from ${SCRATCH.authored}
    where rsid is not null and (chrom is null or start is null or ${whole} or ${probing})`;
}

/**
 * Adds the records whose ID names one of {@link wantedIds}, and their identifiers one by one: an ID may hold several,
 * separated by `;`.
 */
export async function collectByRsid(match: Match, modules: readonly number[]): Promise<void> {
  const { connection, request, signal } = match;
  const file = comparable(match);
  const read = request.ingest.has_rsids ? "true" : "false";
  await connection.run(
    `create or replace table ${SCRATCH.ids} as
     with wanted as (${wantedIds(match, modules)}),
     found as (
       select file_row_number, rsid from ${file} v
       where ${read} and (v.rsid in (select rsid from wanted) or contains(v.rsid, ';'))
     ),
     each as (select file_row_number, unnest(string_split(rsid, ';')) as id from found)
     select distinct file_row_number, trim(id) as id from each where trim(id) in (select rsid from wanted);
     insert into ${SCRATCH.records}
     select v.* from ${file} v
     where ${read} and v.file_row_number in (
       select file_row_number from ${SCRATCH.ids}
       except select file_row_number from ${SCRATCH.records})`,
    [],
    signal,
  );
}
