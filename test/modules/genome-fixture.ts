import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { annotate } from "../../kernel/modules/annotate.ts";
import { compileAuthored } from "../../kernel/modules/compile.ts";
import { isBroken } from "../../kernel/modules/module.ts";
import type { LookUp } from "../../kernel/modules/match/request.ts";
import type { AuthoredModule } from "../../kernel/modules/module.ts";
import { parseModule } from "../../kernel/modules/parse.ts";
import { problemText } from "../../kernel/modules/problem.ts";

/** One record of a normalised VCF; what is left out is as in a plain heterozygous or homozygous call. */
export interface FixtureRecord {
  readonly chrom: string;
  readonly start: number;
  readonly end?: number;
  readonly rsid?: string;
  readonly ref: string;
  readonly alt: string;
  /** As ingest gives it: sorted, empty for a no-call. */
  readonly genotype: readonly string[];
  readonly presence?: string;
  readonly filter?: string;
  readonly MIN_DP?: number;
  readonly GQ?: number;
  /** `0/1` when not said. */
  readonly GT?: string;
  readonly PS?: number;
  readonly OLD_MULTIALLELIC?: string;
}

/** Calls of a heterozygote at 1:100 A>G, the record most cases start from. */
export const HET: FixtureRecord = { chrom: "1", start: 100, ref: "A", alt: "G", genotype: ["A", "G"] };
/** Columns of a `variants.csv`. */
export const HEADER = "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,gene,category\n";

/** A `variants.csv` of one genotype. */
export function row(place: string, genotype: string, rest = "0.5,protective,a sentence,GENE,lipids"): string {
  return `${HEADER}rs1,${place},${genotype},${rest}\n`;
}

export interface RemovedSite {
  readonly chrom: string;
  readonly start: number;
  readonly end: number;
  /** What it calls; a variant when not said. */
  readonly presence?: string;
  readonly removed_by: string;
}

/** Row of `user_hf_module_annotations.parquet`, the columns that tests look at. */
interface AnnotationRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly vcf_rsid: string | null;
  readonly chrom: string;
  readonly start: number;
  readonly ref: string;
  readonly alt: string | null;
  readonly genotype: readonly string[];
  readonly zygosity: string;
  readonly genotype_evidence: string;
  readonly restored_flank_bp: number | null;
  readonly gene: string | null;
  readonly category: string | null;
  readonly weight: number | null;
  readonly sign: number;
  readonly module_start: number | null;
  readonly module_ref: string | null;
  readonly study_count: number;
}

interface SiteRow {
  readonly module: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly category: string | null;
  readonly status: string;
  readonly detail: string | null;
}

export interface Annotated {
  readonly manifest: AnnotationManifest;
  readonly rows: readonly AnnotationRow[];
  readonly sites: readonly SiteRow[];
  /** Directory that the files were written to. */
  readonly staging: string;
}

/** A temporary directory with a DuckDB connection; both end with {@link Bench.close}. */
export class Bench {
  readonly directory: string;
  readonly connection: Connection;
  #made = 0;

  private constructor(directory: string, connection: Connection) {
    this.directory = directory;
    this.connection = connection;
  }

  static async open(): Promise<Bench> {
    const directory = await mkdtemp(join(tmpdir(), "karyon-modules-"));
    return new Bench(directory, await duckdb.open({ spillDirectory: join(directory, "spill") }));
  }

  async close(): Promise<void> {
    this.connection.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.directory, `${++this.#made}-${name}`);
  }

  /** Compiles a module and gives its directory. */
  async compile(module: AuthoredModule): Promise<string> {
    const directory = this.path(module.spec.name);
    await compileAuthored(module, directory, this.connection);
    return directory;
  }

  /** Writes a compiled module whose lead table is the result of a query: for tables of other ages. */
  async compiledBy(weights: string, annotations?: string): Promise<string> {
    const directory = this.path("compiled");
    await mkdir(directory);
    await this.#copy(weights, join(directory, "weights.parquet"));
    if (annotations !== undefined) await this.#copy(annotations, join(directory, "annotations.parquet"));
    return directory;
  }

  /** Annotates a genome that is given as records, or as a query over the columns of the normalised variants. */
  async annotate(options: {
    readonly records: readonly FixtureRecord[] | string;
    readonly removed?: readonly RemovedSite[];
    readonly modules: readonly { readonly name: string; readonly directory: string }[];
    readonly broken?: readonly { readonly name: string; readonly reason: string }[];
    readonly ingest?: Partial<IngestSummary>;
    readonly signal?: AbortSignal;
    readonly lookUp?: LookUp;
  }): Promise<Annotated> {
    const { records, removed = [], modules, broken } = options;
    const staging = this.path("staging");
    const variants = this.path("variants.parquet");
    const removedSites = this.path("removed.parquet");
    await this.#copy(typeof records === "string" ? records : recordsQuery(records), variants);
    await this.#copy(removedQuery(removed), removedSites);
    const [row] = await this.connection.rows<{ n: number }>(
      `select count(*)::integer as n from read_parquet(${quoteText(variants)})`,
    );
    const manifest = await annotate(
      {
        variants,
        removedSites,
        ingest: { ...ingestOf(row?.n ?? 0), ...options.ingest },
        modules,
        ...(broken === undefined ? {} : { broken }),
        staging,
        user: "anna",
        sample: "one",
        software: "karyon test",
      },
      this.connection,
      {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.lookUp === undefined ? {} : { lookUp: options.lookUp }),
      },
    );
    const table = <Row>(name: string): Promise<Row[]> =>
      this.connection.rows<Row>(`select * from read_parquet(${quoteText(join(staging, name))})`);
    return {
      manifest,
      rows: await table<AnnotationRow>("user_hf_module_annotations.parquet"),
      sites: await table<SiteRow>("modules/sites.parquet"),
      staging,
    };
  }

  async #copy(query: string, path: string): Promise<void> {
    await this.connection.run(`copy (${query}) to ${quoteText(path)} (format parquet)`);
  }
}

/** A valid module of the given rows of `variants.csv`; coordinates come from the rows. */
export function moduleOf(
  name: string,
  variants: string,
  {
    resolution = null,
    studies = "rsid,pmid\nrs1,1\n",
  }: { resolution?: string | null; studies?: string } = {},
): AuthoredModule {
  const module = parseModule(name, {
    "module_spec.yaml": specOf(name),
    "variants.csv": variants,
    "studies.csv": studies,
    "resolution.csv": resolution,
  });
  if (isBroken(module)) throw new Error(module.problems.map(problemText).join("\n"));
  return module;
}

export function specOf(name: string): string {
  return [
    'schema_version: "1.0"',
    "module:",
    `  name: ${name}`,
    '  version: "1.2.0"',
    "  title: A fixture",
    "  description: Rows of a test",
    "genome_build: GRCh38",
    "",
  ].join("\n");
}

export async function manifestText(staging: string): Promise<string> {
  return readFile(join(staging, "modules", "manifest.json"), "utf8");
}

/** What ingest says of a file of plain variants. */
export function ingestOf(kept: number): IngestSummary {
  return {
    source: { name: "fixture.vcf", bytes: 1, sha256: "0" },
    records: { read: kept, kept, removed: {}, removed_total: 0 },
    presence: {},
    findings: [],
    build: { detected: "GRCh38", how: "by the fixture" },
    samples: { all: ["one"], chosen: "one" },
    kind: "variants",
    caller: null,
    quality_filters: {},
    has_rsids: false,
  };
}

function integer(value: number | undefined): string {
  return value === undefined ? "null::integer" : String(value);
}

/** Records as a query over the columns of the normalised variants. */
export function recordsQuery(records: readonly FixtureRecord[]): string {
  const values = records.map((record) => {
    const { chrom, start, ref, alt, genotype, GT: gt = "0/1" } = record;
    const end = record.end ?? start + ref.length - 1;
    const presence =
      record.presence ?? (genotype.some((allele) => allele !== ref) ? "called_variant" : "called_hom_ref");
    const alleles = `[${genotype.map(quoteText).join(", ")}]::varchar[]`;
    return (
      `(${quoteText(chrom)}, ${start}::uinteger, ${end}::uinteger, ${quoteText(record.rsid ?? "")}, ` +
      `${quoteText(ref)}, ${quoteText(alt)}, null::double, ${quoteText(record.filter ?? "PASS")}, ` +
      `${integer(record.MIN_DP)}, ${quoteText(gt)}, ${integer(record.GQ)}, 30, ${integer(record.PS)}, ` +
      `${record.OLD_MULTIALLELIC === undefined ? "null" : quoteText(record.OLD_MULTIALLELIC)}, ${alleles}, ${quoteText(presence)}, ${gt.includes("|")})`
    );
  });
  const names = `chrom, start, "end", rsid, ref, alt, qual, "filter", "MIN_DP", "GT", "GQ", "DP", "PS", "OLD_MULTIALLELIC", genotype, presence, phased`;
  return `select * from (values ${values.join(", ")}) as t(${names})`;
}

function removedQuery(removed: readonly RemovedSite[]): string {
  const rows = [{ chrom: "", start: 0, end: 0, removed_by: "" }, ...removed].map(
    ({ chrom, start, end, presence = "called_variant", removed_by }) =>
      `(${quoteText(chrom)}, ${start}::uinteger, ${end}::uinteger, ${quoteText(presence)}, ${quoteText(removed_by)})`,
  );
  return `select * from (values ${rows.join(", ")}) as t(chrom, start, "end", presence, removed_by) where chrom <> ''`;
}
