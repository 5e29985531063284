import { join } from "node:path";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { TracedVariant } from "#protocol/trace.ts";

import { linkFiles } from "../assets/perform-step.ts";
import { inputFile } from "../cells/input-files.ts";
import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { tableColumns } from "../engines/table-columns.ts";
import { authored, prepareAuthored } from "../modules/match/authored.ts";
import { newLookUp } from "../modules/match/look-up.ts";
import { ANNOTATIONS_FILE } from "../modules/match/outputs.ts";
import { SCRATCH } from "../modules/match/request.ts";
import type { AuthoredRow, Hit } from "./judge-row.ts";
import type { Span } from "./records.ts";

/** A variant of a module at one place, as the match left it. */
export type Site = Omit<TracedVariant, "words" | "rows">;

/** Which sites are meant: those with the rsID, those that a span touches, and those met by a record that begins at one. */
export interface Wanted {
  readonly rsid: string | null;
  readonly spans: readonly Span[];
  /** Null: of all modules. */
  readonly module: string | null;
}

/** The sites that are meant, in the order of the annotations. */
export async function sitesOf(
  annotations: InputFiles,
  wanted: Wanted,
  connection: Connection,
  signal: AbortSignal,
): Promise<Site[]> {
  const table = inputFile(annotations, ANNOTATIONS_FILE);
  const columns = await tableColumns(connection, table, signal);
  const begins = wanted.spans.map(
    ({ chrom, start }) => `(a.chrom = ${quoteText(chrom)} and a.start = ${start})`,
  );
  // Annotations that were made earlier do not tell the module's own place.
  const met =
    begins.length > 0 && columns.some(({ name }) => name === "module_start")
      ? `or exists (select 1 from ${parquetRows(table)} a where a.module = s.module
           and a.rsid is not distinct from s.rsid and a.module_start = s.start and a.chrom = s.chrom
           and (${begins.join(" or ")}))`
      : "";
  const last = "s.start + greatest(length(coalesce(s.ref, ' ')), 1) - 1";
  const touched = wanted.spans.map(
    ({ chrom, start, end }) =>
      `(s.chrom = ${quoteText(chrom)} and s.start <= ${end} and ${last} >= ${start})`,
  );
  const isNamed = wanted.rsid === null ? "false" : `s.rsid = ${quoteText(wanted.rsid)}`;
  const isOfModule = wanted.module === null ? "true" : `s.module = ${quoteText(wanted.module)}`;
  return connection.rows<Site>(
    `select module, rsid, chrom, start::double as start, ref, gene, status, detail
     from ${numberedRows(inputFile(annotations, "modules/sites.parquet"))} s
     where ${isOfModule} and (${[isNamed, ...touched].join(" or ")} ${met})
     order by file_row_number`,
    [],
    signal,
  );
}

/** What the rows of one module met at the sites. */
export async function hitsOf(
  annotations: InputFiles,
  module: AnnotationManifest["modules"][number],
  sites: readonly Site[],
  connection: Connection,
  signal: AbortSignal,
): Promise<Hit[]> {
  if (module.path === null) return [];
  const path = inputFile(annotations, module.path);
  const types = new Map((await tableColumns(connection, path, signal)).map(({ name, type }) => [name, type]));
  // A column of the module whose name the genome has is called after the module, too.
  const own = (name: string): string => {
    const suffixed = `${name}_${module.name}`;
    return types.has(suffixed) ? suffixed : name;
  };
  const column = (name: string): string => (types.has(own(name)) ? quoteName(own(name)) : "null");
  const genotype = column("genotype");
  // Older modules hold genotypes as text.
  const alleles =
    types.get(own("genotype"))?.endsWith("[]") === true
      ? `array_to_string(${genotype}, '/')`
      : `regexp_replace(${genotype}::varchar, '[|,;]', '/', 'g')`;
  return connection.rows<Hit>(
    `select ${column("rsid")}::varchar as rsid, ${column("start")}::double as module_start,
       ${column("ref")}::varchar as module_ref, ${alleles} as authored, chrom, start::double as start, ref, presence,
       genotype_evidence as evidence, restored_flank_bp as flank
     from ${parquetRows(path)} where ${genotype} is not null and ${isAtSites(sites, column("rsid"), column("start"))}`,
    [],
    signal,
  );
}

/** Every authored row of the sites, read as the match reads them, in authored order. `directory`: of this call alone. */
export async function authoredRows(
  modules: InputFiles,
  sites: readonly Site[],
  ingest: IngestSummary,
  directory: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<AuthoredRow[]> {
  const names = [...new Set(sites.map(({ module }) => module))];
  const files = Object.entries(modules.files).filter(([name]) =>
    names.some((module) => name.startsWith(`${module}/`)),
  );
  await linkFiles({ ...modules, files: Object.fromEntries(files) }, directory);
  const there = names.filter((module) => `${module}/weights.parquet` in modules.files);
  const reading = {
    connection,
    signal,
    request: { ingest, modules: there.map((name) => ({ name, directory: join(directory, name) })) },
  };
  const lookUp = newLookUp();
  const identities = await prepareAuthored(reading, lookUp);
  for (const [index, identity] of identities.entries()) await authored(reading, index, identity, lookUp);
  return connection.rows<AuthoredRow>(
    `select module, rsid, chrom, start::double as start, ref, alts, genotype, phased, weight, state, conclusion, foreign_allele
     from ${SCRATCH.authored} where genotype is not null and ${isAtSites(sites, "rsid", "start")}
     order by module_index, authored_row`,
    [],
    signal,
  );
}

/** Whether a row of a module is of a site: by the rsID and the place that both state. */
export function isOf(
  site: Site,
  row: { readonly rsid: string | null; readonly start: number | null; readonly ref: string | null },
): boolean {
  if (row.rsid !== site.rsid || row.start !== site.start) return false;
  return site.rsid !== null || row.ref === site.ref;
}

/** SQL: rows that may be of one of the sites. */
function isAtSites(sites: readonly Site[], rsid: string, start: string): string {
  const ids = [...new Set(sites.flatMap((site) => (site.rsid === null ? [] : [quoteText(site.rsid)])))];
  const starts = [...new Set(sites.flatMap((site) => (site.start === null ? [] : [site.start])))];
  const conditions = [
    ...(ids.length === 0 ? [] : [`${rsid} in (${ids.join(", ")})`]),
    ...(starts.length === 0 ? [] : [`${start} in (${starts.join(", ")})`]),
  ];
  return `(${conditions.length === 0 ? "false" : conditions.join(" or ")})`;
}
