import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { IngestSummary, QualityFilters } from "#protocol/annotation.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../../kernel/sources/source.ts";
import { ingestVcf } from "../../kernel/sources/vcf/ingest.ts";

/** Lengths of a few contigs of GRCh38. */
export const CONTIGS: readonly string[] = [
  "##contig=<ID=1,length=248956422>",
  "##contig=<ID=2,length=242193529>",
  "##contig=<ID=X,length=156040895>",
  "##contig=<ID=MT,length=16569>",
];

export const FIELDS: readonly string[] = [
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth, all samples">',
  '##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">',
  '##INFO=<ID=DB,Number=0,Type=Flag,Description="In dbSNP">',
  '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
  '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
  '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Least depth">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths">',
];

export interface VcfParts {
  readonly meta?: readonly string[];
  readonly samples?: readonly string[];
  /** Records as text; runs of spaces stand for tabs. */
  readonly records: readonly string[];
}

/** A VCF as text: GRCh38, one sample named S, unless said otherwise. */
export function vcfOf({ meta = [...CONTIGS, ...FIELDS], samples = ["S"], records }: VcfParts): string {
  const columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
  if (samples.length > 0) columns.push("FORMAT", ...samples);
  const lines = [
    "##fileformat=VCFv4.2",
    ...meta,
    columns.join("\t"),
    ...records.map((record) => tabbed(record)),
  ];
  return `${lines.join("\n")}\n`;
}

export function tabbed(record: string): string {
  return record.replaceAll(/ +/g, "\t");
}

/** One SNV on contig 1 with the GT given. */
export function call(
  genotype: string,
  { ref = "A", alt = "G", pos = 100 }: { ref?: string; alt?: string; pos?: number } = {},
): string {
  return `1 ${pos} . ${ref} ${alt} 50 PASS . GT ${genotype}`;
}

export interface Row {
  readonly chrom: string;
  readonly start: number;
  readonly end: number;
  readonly rsid: string;
  readonly ref: string;
  readonly alt: string;
  readonly qual: number | null;
  readonly filter: string;
  readonly genotype: readonly string[] | null;
  readonly presence: string | null;
  readonly phased: boolean | null;
  readonly [column: string]: unknown;
}

export interface RemovedRow {
  readonly chrom: string;
  readonly start: number;
  readonly end: number;
  readonly presence: string | null;
  readonly removed_by: string;
}

export interface Ingested {
  readonly summary: IngestSummary;
  readonly rows: readonly Row[];
  readonly removed: readonly RemovedRow[];
  readonly columns: readonly { readonly column_name: string; readonly column_type: string }[];
  /** Rows of each row group of the table. */
  readonly rowGroups: readonly number[];
  /** What was left in the directory for temporary files. */
  readonly leftBehind: readonly string[];
}

export interface IngestOptions {
  readonly sample?: string;
  readonly filters?: QualityFilters;
  readonly name?: string;
}

/** Ingests the text with the real engine and reads back what it wrote. */
export async function ingested(vcf: string | Buffer, options: IngestOptions = {}): Promise<Ingested> {
  const directory = await mkdtemp(join(tmpdir(), "karyon-vcf-"));
  try {
    const path = join(directory, options.name ?? "case.vcf");
    await writeFile(path, vcf);
    return await ingestedFile(path, directory, options);
  } finally {
    await rm(directory, { recursive: true });
  }
}

export async function ingestedFile(
  path: string | readonly string[],
  directory: string,
  { sample, filters = {} }: IngestOptions = {},
): Promise<Ingested> {
  const spillDirectory = join(directory, "spill");
  const summary = await ingestVcf(
    {
      paths: typeof path === "string" ? [path] : path,
      sample: sample ?? null,
      filters,
      staging: directory,
      spillDirectory,
    },
    duckdb,
    { signal: new AbortController().signal, progress: () => undefined },
  );
  const connection = await duckdb.open({ spillDirectory: join(directory, "read") });
  try {
    const table = quoteText(join(directory, NORMALIZED_FILE));
    const removed = quoteText(join(directory, REMOVED_FILE));
    const groups = await connection.rows<{ rows: number }>(
      `SELECT DISTINCT ON (row_group_id) row_group_num_rows::INTEGER AS rows FROM parquet_metadata(${table})`,
    );
    return {
      summary,
      rows: await connection.rows<Row>(`SELECT * FROM ${table}`),
      removed: await connection.rows<RemovedRow>(`SELECT * FROM ${removed} ORDER BY ALL`),
      columns: await connection.rows(`DESCRIBE FROM ${table}`),
      rowGroups: groups.map(({ rows }) => rows),
      leftBehind: await readdir(spillDirectory),
    };
  } finally {
    connection.close();
  }
}

/** The finding of a kind; null when there is none. */
export function finding(
  { summary }: Ingested,
  kind: string,
): { readonly count: number; readonly first: string | null } | null {
  const found = summary.findings.find((one) => one.kind === kind);
  return found === undefined ? null : { count: found.count, first: found.first };
}
