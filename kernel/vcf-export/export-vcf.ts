import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import type { Progress } from "#protocol/record.ts";

import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { tableColumns } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { addedFields, freeId, ownFields } from "./fields.ts";
import type { ExportField, OwnFields } from "./fields.ts";
import { contigNames, vcfHeader } from "./header.ts";
import { CONTIG_TYPE, recordSql } from "./record-sql.ts";
import { readSourceHeads } from "./source-head.ts";
import type { SourceHead } from "./source-head.ts";
import { TEXT_MACROS } from "./text-sql.ts";
import { writeVcf } from "./write-vcf.ts";

export interface VcfExportRequest {
  /** The VCFs that the variants were read from: what their headers say is passed on. */
  readonly sources: readonly string[];
  readonly ingest: IngestSummary;
  /** Path of the normalised variants. */
  readonly variants: string;
  /** Path of the same variants joined with Ensembl; null when they are not. */
  readonly ensembl: string | null;
  readonly manifest: AnnotationManifest;
  /** Modules to write, each with the path of its table. */
  readonly modules: readonly { readonly name: string; readonly path: string }[];
  /** Lines for the header that every file gets. */
  readonly provenance: readonly string[];
  /** Directory that exists; the files go into `vcf_exports/` in it. */
  readonly staging: string;
  /** The name of a contig in the tables. */
  readonly fold: (name: string) => string;
}

export interface VcfExportContext {
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

/** One written file. */
export interface ExportedVcf {
  /** Inside the staging directory. */
  readonly file: string;
  /** What it says beside what the input says, in words. */
  readonly says: string;
  readonly records: number;
  /** Records of which something is said. */
  readonly annotated: number;
}

/** What the files have in common. */
interface Shared {
  readonly request: VcfExportRequest;
  readonly connection: Connection;
  readonly context: VcfExportContext;
  readonly head: SourceHead;
  readonly columns: readonly TableColumn[];
  readonly own: OwnFields;
  /** IDs of INFO fields that are in use. */
  readonly taken: Set<string>;
  readonly contigs: ReadonlyMap<string, string>;
  readonly filters: readonly string[];
}

/** A source of INFO fields that is joined to the variants. */
interface Part {
  readonly info: readonly ExportField[];
  readonly says: string;
  readonly annotated: string;
}

/**
 * Writes annotated variants as VCF: one file a module, one with Ensembl when there is a join, and one with everything.
 * Genotypes and the other fields of the sample are those of the input; inferred genotypes, which the input does not
 * have, are left out. Memory is bounded by a batch of records.
 *
 * @throws {WorkspaceError} `source` when the header of the input cannot be read; `cancelled`
 */
export async function exportVcf(
  request: VcfExportRequest,
  connection: Connection,
  context: VcfExportContext,
): Promise<ExportedVcf[]> {
  const shared = await prepare(request, connection, context);
  await mkdir(join(request.staging, "vcf_exports"), { recursive: true });
  const written: ExportedVcf[] = [];
  const parts: { table: string; part: Part }[] = [];
  for (const { name, path } of request.modules) {
    const part = await modulePart(shared, name, path);
    const table = tableOf(name);
    const rows = `(from ${table} where "karyon first" = 1 order by chrom::${CONTIG_TYPE}, start, file_row_number)`;
    written.push(await write(shared, `${name}_annotated`, { from: rows, parts: [part] }));
    parts.push({ table, part });
  }
  const ensembl = request.ensembl === null ? null : await ensemblPart(shared, request.ensembl);
  const variants = numberedRows(request.ensembl ?? request.variants);
  const base = ensembl === null ? [] : [ensembl];
  if (ensembl !== null) {
    written.push(await write(shared, "ensembl_annotated", { from: variants, parts: base }));
  }
  const all = { from: variants, parts: [...base, ...parts.map(({ part }, at) => inAll(part, at))] };
  written.push(await write(shared, "all_annotations", all, base, joined(shared, variants, parts)));
  return written;
}

/**
 * The variants that modules looked at, with what each says. A join does not keep the order of the variants, so it
 * gives these few alone, and they take the place of the plain ones.
 */
function joined(shared: Shared, variants: string, parts: readonly { table: string; part: Part }[]): string {
  if (parts.length === 0) return `(from ${variants} limit 0)`;
  const columns = parts.flatMap(({ part }, at) =>
    part.info.map(({ column }) => `, m${at}.${quoteName(column)} as ${quoteName(columnInAll(at, column))}`),
  );
  const joins = parts.map(
    ({ table }, at) =>
      `left join ${table} m${at} on ${sameRecord(shared, `m${at}`)} and m${at}."karyon record" = 1 and m${at}."karyon first" = 1`,
  );
  const met = parts.map((_part, at) => `m${at}."karyon first" is not null`);
  return `(select v.*${columns.join("")} from ${variants} v ${joins.join(" ")}
    where ${met.join(" or ")} order by v.file_row_number)`;
}

/** Rows of a module that a record has met. */
const MATCHES = "karyon matches";
/** Columns of a module's table that say again what the record says, or hold for inferred genotypes alone. */
const LEFT_OUT = new Set([
  "chrom",
  "start",
  "end",
  "ref",
  "module",
  "genotype_evidence",
  "restored_flank_bp",
]);

async function prepare(
  request: VcfExportRequest,
  connection: Connection,
  context: VcfExportContext,
): Promise<Shared> {
  const { signal } = context;
  const head = await readSourceHeads(request.sources, signal);
  const columns = await tableColumns(connection, request.variants);
  const table = numberedRows(request.variants);
  const chroms = await connection.rows<{ chrom: string }>(
    `select chrom from ${table} group by chrom order by min(file_row_number)`,
    [],
    signal,
  );
  const filters = await connection.rows<{ filter: string }>(
    `select distinct "filter" from ${table} order by 1 limit 1000`,
    [],
    signal,
  );
  const contigs = contigNames(
    chroms.map(({ chrom }) => chrom),
    head,
    request.fold,
  );
  // An enumeration has to have something, even where no record was kept.
  const codes = [...contigs.keys(), ""].map((name) => quoteText(name)).join(", ");
  await connection.run(`${TEXT_MACROS} create type ${CONTIG_TYPE} as enum (${codes})`);
  const own = ownFields(columns, head);
  return {
    request,
    connection,
    context,
    head,
    columns,
    own,
    taken: new Set(own.info.map(({ id }) => id)),
    contigs,
    filters: filters.map(({ filter }) => filter),
  };
}

/**
 * Makes a table of what a module says: of each record that it looked at, the rows that met it, `karyon first` in their
 * order. What is said twice of one key is said of two records, which `karyon record` tells apart.
 */
async function modulePart(shared: Shared, name: string, path: string): Promise<Part> {
  const { connection, columns, context, request } = shared;
  const added = (await tableColumns(connection, path)).slice(columns.length);
  const title = request.manifest.modules.find((module) => module.name === name)?.title ?? name;
  const matches: ExportField = {
    column: MATCHES,
    type: "INTEGER",
    id: freeId(`${name}_matches`, shared.taken),
    number: "1",
    declared: "Integer",
    description: `rows of module ${title} that this genotype meets; the other fields are of the first`,
    own: false,
  };
  const fields = addedFields(
    added.filter((column) => !LEFT_OUT.has(column.name.replace(new RegExp(`_${name}$`), ""))),
    { name, title: `module ${title}` },
    shared.taken,
  );
  const told = added.find((column) => column.name === "module" || column.name === `module_${name}`);
  const names = (columns: readonly string[]): string => columns.map(quoteName).join(", ");
  const key = names(recordKey(shared));
  const said = names(added.map((column) => column.name));
  await connection.run(
    `create table ${tableOf(name)} as
    select *, row_number() over (partition by ${key}, "karyon record" order by file_row_number) as "karyon first",
      (count(${quoteName(told?.name ?? "module")}) over (partition by ${key}, "karyon record"))::integer as ${quoteName(MATCHES)}
    from (select *, row_number() over (partition by ${key}, ${said} order by file_row_number) as "karyon record"
      from ${numberedRows(path)} where genotype_evidence = 'called')`,
    [],
    context.signal,
  );
  return { info: [matches, ...fields], says: title, annotated: `${quoteName(MATCHES)} > 0` };
}

async function ensemblPart({ connection, columns, taken }: Shared, path: string): Promise<Part> {
  const added = (await tableColumns(connection, path)).slice(columns.length);
  return {
    info: addedFields(added, { name: "ensembl", title: "Ensembl" }, taken),
    says: "Ensembl",
    annotated: "ensembl_match is not null",
  };
}

/** Where the records of one file come from, and what it says of them. */
interface Records {
  readonly from: string;
  readonly parts: readonly Part[];
}

/** `plain` says what `from` has of the parts, when not all of it; `instead` gives some records with everything. */
async function write(
  shared: Shared,
  name: string,
  { from, parts }: Records,
  plain: readonly Part[] = parts,
  instead: string | null = null,
): Promise<ExportedVcf> {
  const { request, connection, context, own, contigs, head } = shared;
  const { signal } = context;
  const { ingest } = request;
  // The input's may have no name, which readers refuse.
  const sample = own.format.length === 0 ? null : ingest.samples.chosen || "SAMPLE";
  const file = `vcf_exports/${name}.vcf.gz`;
  context.progress({ phase: `writing ${name}.vcf.gz` });
  const anyAllele = ingest.kind === "gvcf" ? anyAlleleOf(head) : null;
  const sql = (rows: string, of: readonly Part[]): string =>
    recordSql({
      from: rows,
      info: infoOf(own, of),
      format: own.format,
      annotated: of.map(({ annotated }) => `coalesce(${annotated}, false)`).join(" or ") || "false",
      contigs,
      anyAllele,
    });
  const info = infoOf(own, parts);
  const written = await writeVcf(join(request.staging, file), {
    header: vcfHeader({ ...shared, ...request, info, format: own.format, sample }),
    records: connection.stream(sql(from, plain), [], signal),
    instead: instead === null ? null : connection.stream(sql(instead, parts), [], signal),
    contigs: [...contigs.values()],
  });
  return { file, says: parts.map(({ says }) => says).join(", "), ...written };
}

function infoOf(own: OwnFields, parts: readonly Part[]): ExportField[] {
  return [...own.info, ...parts.flatMap((part) => part.info)];
}

/** The allele that stands for any other, as the input's caller names it. */
function anyAlleleOf({ meta }: SourceHead): string {
  return meta.some((line) => line.startsWith("##ALT=<ID=NON_REF")) ? "<NON_REF>" : "<*>";
}

/** What tells one record of a file from another: two that share all of it say the same. */
function recordKey({ columns }: Shared): string[] {
  const key = ["chrom", "start", "ref", "alt", "rsid"];
  return columns.some(({ name }) => name === "GT") ? [...key, "GT"] : key;
}

function sameRecord(shared: Shared, alias: string): string {
  return recordKey(shared)
    .map((column) => `v.${quoteName(column)} is not distinct from ${alias}.${quoteName(column)}`)
    .join(" and ");
}

/** What a module says, by the columns that it has beside those of other modules. */
function inAll(part: Part, at: number): Part {
  return {
    ...part,
    info: part.info.map((field) => ({ ...field, column: columnInAll(at, field.column) })),
    annotated: `${quoteName(columnInAll(at, MATCHES))} > 0`,
  };
}

function columnInAll(at: number, column: string): string {
  return `karyon ${at} ${column}`;
}

/** Name of the table of a module. */
function tableOf(module: string): string {
  return quoteName(`karyon module ${module}`);
}
