import { join } from "node:path";

import { quoteName, quoteText } from "../../engines/engine.ts";
import { numberedRows } from "../../engines/parquet-rows.ts";
import { PARQUET_OPTIONS } from "../../engines/parquet-options.ts";
import { contigRank } from "../../primary-contigs.ts";
import { isArray } from "./array-calls.ts";
import { columnOr, moduleAt, SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/** Name of the table of all matches. */
export const ANNOTATIONS_FILE = "user_hf_module_annotations.parquet";

/** SQL: the last base of an authored site. */
const SITE_END = "a.start + length(a.ref) - 1";

/** Path of a module's own table inside the asset. */
export function weightsPath(name: string): string {
  return `modules/${name}_weights.parquet`;
}

/**
 * Writes every record that the module looked at with what the module says of it: all columns of the VCF, then all of
 * the module (a name that is taken gets `_{module}`), then `genotype_evidence` and `restored_flank_bp`. A record
 * that no authored row meets stays, its module columns null. A site inside a block is a row of its own: the block's,
 * at the place and with the alleles of the site. Inferred rows have null in the other columns of the VCF.
 */
export async function writeModuleTable(match: Match, index: number): Promise<void> {
  const { connection, signal } = match;
  const columns = [...match.columns.keys()];
  const module = moduleAt(match, index);
  const weights = numberedRows(join(module.directory, "weights.parquet"));
  const described = await connection.rows<{ column_name: string }>(
    `describe select * exclude (file_row_number) from ${weights}`,
    [],
    signal,
  );
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  const authored = described.map(({ column_name: name }) => {
    const alias = taken.has(name.toLowerCase()) ? `${name}_${module.name}` : name;
    return `w.${quoteName(name)} as ${quoteName(alias)}`;
  });
  const called = columns.map((name) => `r.${quoteName(name)}`);
  const inside = columns.map((name) => {
    if (name === "end") return `(${SITE_END})::uinteger as "end"`;
    return ofSite(name) ? `a.${quoteName(name)}` : `r.${quoteName(name)}`;
  });
  const inferred = columns.map((name) =>
    ofSite(name) ? `a.${quoteName(name)}` : `null as ${quoteName(name)}`,
  );
  const table = `
    with called as (
      select ${[...called, ...authored].join(", ")}, 'called' as genotype_evidence, null::integer as restored_flank_bp,
        m.authored_row as authored_order, r.file_row_number as record_order
      from ${SCRATCH.probed} p join ${SCRATCH.records} r on p.module_index = ${index} and r.file_row_number = p.file_row_number
      left join ${SCRATCH.matches} m on m.file_row_number = r.file_row_number and m.module_index = ${index}
        and not m.inside
      left join ${weights} w on w.file_row_number = m.authored_row
    ),
    inside as (
      select ${[...inside, ...authored].join(", ")}, 'called' as genotype_evidence, null::integer as restored_flank_bp,
        m.authored_row as authored_order, r.file_row_number as record_order
      from ${SCRATCH.matches} m
      join ${SCRATCH.authored} a on a.module_index = m.module_index and a.authored_row = m.authored_row
      join ${SCRATCH.records} r on r.file_row_number = m.file_row_number
      join ${weights} w on w.file_row_number = m.authored_row
      where m.module_index = ${index} and m.inside
    ),
    inferred as (
      select ${[...inferred, ...authored].join(", ")}, 'restored_hom_ref' as genotype_evidence,
        q.flank as restored_flank_bp, q.authored_row as authored_order, null as record_order
      from ${SCRATCH.restored} q
      join ${SCRATCH.authored} a on a.module_index = q.module_index and a.authored_row = q.authored_row
      join ${weights} w on w.file_row_number = q.authored_row
      where q.module_index = ${index}
    )
    select * exclude (authored_order, record_order) from (
      select * from called union all select * from inside union all select * from inferred
    )
    order by ${contigRank("chrom")}, start, authored_order, record_order`;
  await copy(match, table, weightsPath(module.name));
}

/** Whether a column of the VCF is one that a site states without a record of its own. */
function ofSite(column: string): boolean {
  return column === "chrom" || column === "start" || column === "ref" || column === "genotype";
}

/**
 * Writes the rows of all modules that a genotype meets, inferred ones marked, in the order of the modules. A site inside
 * a block, and one that is a part of a record, has its own place and alleles; of the latter, no GT.
 */
export async function writeAnnotations(match: Match): Promise<void> {
  const own = "(m.inside or m.part)";
  const depth = columnOr(match, "r", "DP", "INTEGER");
  const genotypeQuality = columnOr(match, "r", "GQ", "INTEGER");
  const text = columnOr(match, "r", "GT", "VARCHAR");
  // A row of an array lies where the module has the rsID, on its reference: the file states neither for GRCh38.
  const placed = isArray(match) ? "true" : own;
  const rows = `
    select a.*, r.rsid as vcf_rsid, if(${placed}, ${SITE_END}, r."end") as vcf_end,
      if(${placed}, a.ref, r.ref) as vcf_ref,
      if(m.part, array_to_string(list_sort(list_distinct(list_filter(p.genotype, lambda allele: allele <> a.ref))), '|'),
        r.alt) as vcf_alt,
      r.chrom as vcf_chrom, if(${placed}, a.start, r.start) as vcf_start,
      case when m.part then p.genotype when m.inside then a.genotype else r.genotype end as vcf_genotype,
      if(m.part, null, ${text}) as "GT", 'called' as genotype_evidence, null::integer as restored_flank_bp, r.presence,
      r.filter as vcf_filter, r.qual, ${depth} as depth, ${genotypeQuality} as genotype_quality,
      r.file_row_number as record_order
    from ${SCRATCH.matches} m
    join ${SCRATCH.authored} a on a.module_index = m.module_index and a.authored_row = m.authored_row
    join ${SCRATCH.records} r on r.file_row_number = m.file_row_number
    left join ${SCRATCH.parts} p on m.part and p.file_row_number = m.file_row_number and p.chrom = a.chrom
      and p.start = a.start and p.ref = a.ref
    union all
    select a.*, null, ${SITE_END}, a.ref, null, a.chrom, a.start, a.genotype,
      null, 'restored_hom_ref', q.flank, 'hom_ref_inferred', null, null, null, null, null
    from ${SCRATCH.restored} q
    join ${SCRATCH.authored} a on a.module_index = q.module_index and a.authored_row = q.authored_row`;
  const table = `
    with studied as (
      select module_index, ${studyKey("s")} as study_key, count(*)::integer as study_count
      from ${SCRATCH.studies} s group by all
    ),
    annotated as (${rows})
    select module, rsid, vcf_rsid, vcf_chrom as chrom, vcf_start as start, vcf_end as "end", vcf_ref as ref,
      vcf_alt as alt, vcf_genotype as genotype, "GT",
      case when len(vcf_genotype) < 2 then '' when vcf_genotype[1] = vcf_genotype[2] then 'hom' else 'het' end as zygosity,
      genotype_evidence, restored_flank_bp, presence, vcf_filter as "filter", qual, depth, genotype_quality,
      gene, phenotype, category, weight, sign, state, direction, conclusion, negatives, priority,
      annotated.start as module_start, annotated.ref as module_ref, alts as module_alts, curator, method, clinvar, pathogenic, benign, clin_sig,
      stat_significance, effect_size, effect_measure, effect_allele, flags, trait_efo_id, locus_index, locus_count,
      coordinate_status, coalesce(study_count, 0) as study_count
    from annotated left join studied
      on studied.module_index = annotated.module_index and studied.study_key = ${studyKey("annotated")}
    order by annotated.module_index, ${contigRank("vcf_chrom")}, vcf_start, authored_row, record_order`;
  await copy(match, table, ANNOTATIONS_FILE);
}

/** Writes the studies of the variants that {@link writeAnnotations} lists. */
export async function writeStudies(match: Match): Promise<void> {
  const table = `
    with listed as (
      select module_index, authored_row from ${SCRATCH.matches}
      union select module_index, authored_row from ${SCRATCH.restored}
    ),
    wanted as (
      select distinct a.module_index, ${studyKey("a")} as study_key
      from listed join ${SCRATCH.authored} a using (module_index, authored_row)
    )
    select module, rsid, chrom, start, ref, pmid, population, p_value, p_value_num, conclusion, study_design,
      stat_significance, effect_size, effect_measure, effect_allele, trait_efo_id, doi
    from ${SCRATCH.studies} s
    where (module_index, ${studyKey("s")}) in (select module_index, study_key from wanted)
    order by module_index, s.rowid`;
  await copy(match, table, "modules/studies.parquet");
}

/** Writes what the file says of every site. */
export async function writeSites(match: Match): Promise<void> {
  const table = `select * exclude (module_index) from ${SCRATCH.statuses} order by rowid`;
  await copy(match, table, "modules/sites.parquet");
}

/** A study belongs to a variant by rsID, else by place. */
function studyKey(alias: string): string {
  return `coalesce(${alias}.rsid, concat_ws(':', ${alias}.chrom, ${alias}.start, ${alias}.ref))`;
}

async function copy({ connection, request, signal }: Match, table: string, path: string): Promise<void> {
  await connection.run(
    `copy (${table}) to ${quoteText(join(request.staging, path))} (${PARQUET_OPTIONS})`,
    [],
    signal,
  );
}
