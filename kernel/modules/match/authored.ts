import { existsSync } from "node:fs";
import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

import { quoteName, quoteText } from "../../engines/engine.ts";
import { numberedRows, parquetRows } from "../../engines/parquet-rows.ts";
import { tableColumns } from "../../engines/table-columns.ts";
import { STUDY_COLUMNS, WEIGHT_COLUMNS } from "../rows.ts";
import type { Columns } from "../rows.ts";
import { isArray } from "./array-calls.ts";
import { digestOfFiles } from "./module-card.ts";
import { moduleAt, SCRATCH } from "./request.ts";
import type { AnnotateRequest, JoinKey, LookUp, Match } from "./request.ts";

/** What reading modules takes of a match. */
export type ModuleReading = Pick<Match, "connection" | "signal"> & {
  readonly request: Pick<AnnotateRequest, "modules" | "ingest">;
};

/** Columns of an authored row, whatever the age of the module: an absent one is null. The match itself knows the module and the end. */
const { module: _weightModule, end: _end, ...WEIGHTS } = WEIGHT_COLUMNS;
const { module: _studyModule, ...STUDIES } = STUDY_COLUMNS;

/**
 * Makes the tables that {@link authored} fills, unless they are there, and takes out what is of no module of the
 * request, or of one that is another now. Before modules are read side by side: DuckDB plans a condition by what the
 * table holds then, and may leave it out.
 *
 * @returns what identifies each module of the request
 */
export async function prepareAuthored(
  { connection, request, signal }: ModuleReading,
  { modules }: LookUp,
): Promise<readonly string[]> {
  const identities = await Promise.all(request.modules.map(identityOf));
  for (const [index, { identity }] of modules) if (identities[index] !== identity) modules.delete(index);
  const stay = `module_index in (${[-1, ...modules.keys()].join(", ")})`;
  await connection.run(
    `create table if not exists ${SCRATCH.authored} (module_index INTEGER, module VARCHAR, authored_row BIGINT,
       ${definition(WEIGHTS)}, gene VARCHAR, phenotype VARCHAR, category VARCHAR, sign INTEGER, foreign_allele BOOLEAN);
     create table if not exists ${SCRATCH.studies} (module_index INTEGER, module VARCHAR,
       ${definition(STUDIES)});
     delete from ${SCRATCH.authored} where not ${stay};
     delete from ${SCRATCH.studies} where not ${stay}`,
    [],
    signal,
  );
  return identities;
}

/** Has the rows of one compiled module in the shared tables: they are read unless they are there since an earlier match. */
export async function authored(
  match: ModuleReading,
  index: number,
  identity: string,
  { modules }: LookUp,
): Promise<JoinKey> {
  const known = modules.get(index);
  if (known !== undefined) return known.key;
  const key = await readAuthored(match, index);
  modules.set(index, { identity, key });
  return key;
}

async function identityOf({ name, directory }: AnnotateRequest["modules"][number]): Promise<string> {
  return `${name} ${await digestOfFiles(directory)}`;
}

/**
 * Reads the tables of one compiled module into the shared ones, with gene, phenotype and category beside each row.
 * Modules of any age are taken: a genotype that is text is split, never sorted; absent columns are null.
 */
async function readAuthored(match: ModuleReading, index: number): Promise<JoinKey> {
  const { connection, signal } = match;
  const module = moduleAt(match, index);
  const path = join(module.directory, "weights.parquet");
  const types = await columnTypes(match, path);
  const { rows: before, placed } = await sizeOf(match, path, types);
  const key = joinKey(types, isArray(match) ? 0 : placed);
  if (key.key === null) return key;
  const source = numberedRows(path);
  const annotations = await annotationJoin(match, join(module.directory, "annotations.parquet"), types);
  // Not asked of the table: DuckDB plans by what a table holds, and takes no note of what others add before it is read.
  const [inserted] = await connection.rows<{ Count: number }>(
    `insert into ${SCRATCH.authored} by name
     with shaped as (select file_row_number as authored_row, ${shaped(WEIGHTS, types)} from ${source}),
     keyed as (
       select * replace (
         coalesce(variant_key, rsid, concat_ws(':', chrom, start, ref)) as variant_key,
         coalesce(coordinate_status, if(chrom is null or start is null, 'unplaced', 'high')) as coordinate_status,
         if(isfinite(weight), weight, null) as weight
       )
       from shaped
     )
     select ${index} as module_index, ${quoteText(module.name)} as module, keyed.*,
       ${annotations.columns},
       case when weight > 0 then 1 when weight < 0 then -1
         else case coalesce(direction, state) when 'protective' then 1 when 'risk' then -1 else 0 end end as sign,
       ref is not null and alts is not null and list_bool_or(list_transform(genotype,
         lambda a: regexp_full_match(a, '[ACGTN]+') and a <> ref and not list_contains(alts, a))) as foreign_allele
     from keyed ${annotations.join}`,
    [],
    signal,
  );
  const after = inserted?.Count;
  if (before !== after)
    throw new Error(`annotations changed the row count of ${module.name}: ${before} → ${after}`);
  await readStudies(match, index, module.name, join(module.directory, "studies.parquet"));
  return key;
}

async function readStudies(match: ModuleReading, index: number, name: string, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const types = await columnTypes(match, path);
  await match.connection.run(
    `insert into ${SCRATCH.studies} by name
     select ${index} as module_index, ${quoteText(name)} as module, ${shaped(STUDIES, types)}
     from ${parquetRows(path)}`,
    [],
    match.signal,
  );
}

/** Rows of a table of weights, and those of them with a place. */
async function sizeOf(
  { connection, signal }: ModuleReading,
  path: string,
  types: ReadonlyMap<string, string>,
): Promise<{ readonly rows: number; readonly placed: number }> {
  const placed =
    types.has("chrom") && types.has("start") ? "chrom is not null and start is not null" : "false";
  const [size] = await connection.rows<{ rows: number; placed: number }>(
    `select count(*)::integer as rows, (count(*) filter (${placed}))::integer as placed
     from ${parquetRows(path)}`,
    [],
    signal,
  );
  return size ?? { rows: 0, placed: 0 };
}

function joinKey(types: ReadonlyMap<string, string>, placed: number): JoinKey {
  const lacks = (names: readonly string[]): string[] => names.filter((name) => !types.has(name));
  const missing = lacks(["chrom", "start", "genotype"]);
  if (missing.length === 0 && placed > 0) return { key: "position" };
  const missingId = lacks(["rsid", "genotype"]);
  if (missingId.length === 0) return { key: "rsid" };
  return { key: null, missing: [...new Set([...missing, ...missingId])] };
}

/**
 * How gene, phenotype and category are found without a change of the row count: by variant and genotype, else by
 * variant, else by rsID; of several annotations the first.
 */
async function annotationJoin(
  match: ModuleReading,
  path: string,
  weights: ReadonlyMap<string, string>,
): Promise<{ readonly columns: string; readonly join: string }> {
  const nothing = "null::varchar as gene, null::varchar as phenotype, null::varchar as category";
  if (!existsSync(path)) return { columns: nothing, join: "" };
  const types = await columnTypes(match, path);
  const byVariant = types.has("variant_key") && weights.has("variant_key");
  const byGenotype = byVariant && types.has("genotype");
  const left = byGenotype
    ? "concat_ws(' ', keyed.variant_key, if(coalesce(phased, false), array_to_string(genotype, '|'), array_to_string(list_sort(genotype), '/')))"
    : byVariant
      ? "keyed.variant_key"
      : "keyed.rsid";
  const right = byGenotype ? "concat_ws(' ', variant_key, genotype)" : byVariant ? "variant_key" : "rsid";
  const fact = (name: string): string => (types.has(name) ? name : `null::varchar`);
  const facts = ["gene", "phenotype", "category"].map(
    (name) => `first(${fact(name)} order by row) as ${name}`,
  );
  return {
    columns: "annotation.gene, annotation.phenotype, nullif(annotation.category, '') as category",
    join: `left join (
        select ${right} as annotation_key, ${facts.join(", ")}
        from (select *, file_row_number as row from ${numberedRows(path)})
        group by annotation_key
      ) annotation on annotation.annotation_key = ${left}`,
  };
}

function definition(shape: Columns): string {
  return Object.entries(shape)
    .map(([name, type]) => `${quoteName(name)} ${type}`)
    .join(", ");
}

function shaped(shape: Columns, types: ReadonlyMap<string, string>): string {
  return Object.entries(shape)
    .map(([name, type]) => `${expression(name, type, types.get(name))} as ${quoteName(name)}`)
    .join(", ");
}

function expression(name: string, type: string, found: string | undefined): string {
  const column = quoteName(name);
  if (found === undefined) return name === "phased" ? "false" : `null::${type}`;
  // Older tables hold lists as text: genotypes as `A/G`, alternates as `C,T`.
  if (type === "VARCHAR[]" && !found.endsWith("[]")) {
    return `list_filter(string_split_regex(${column}::varchar, '[/|,;]'), lambda part: part <> '')`;
  }
  if (name === "chrom") return foldedContig(column);
  return `${column}::${type}`;
}

function foldedContig(column: string): string {
  const bare = `regexp_replace(trim(${column}::varchar), '^chr', '', 'i')`;
  return `case when ${bare} in ('') then null when lower(${bare}) in ('m', 'mt') then 'MT'
    when lower(${bare}) in ('x', 'y') then upper(${bare}) else ${bare} end`;
}

/** Column → type of a Parquet file, in order. */
export async function columnTypes(
  { connection, signal }: Pick<Match, "connection" | "signal">,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const columns = await tableColumns(connection, path, signal);
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** The column `n` of a query of one row. */
export async function countRows(match: Match, sql: string): Promise<number> {
  const [row] = await match.connection.rows<{ n: number }>(sql, [], match.signal);
  if (row === undefined) throw new WorkspaceError({ code: "engine", message: "a count gave no row" });
  return row.n;
}
