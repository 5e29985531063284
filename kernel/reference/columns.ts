import { PRIMARY_CONTIGS } from "../primary-contigs.ts";

/** A column of a reference shard, with its type in DuckDB's words. */
export interface ReferenceColumn {
  readonly name: string;
  readonly type: string;
}

const FLAGS = [
  "cosmic_101",
  "clinvar_202502",
  "dbsnp_156",
  "hgmd-public_20204",
  "e_cited",
  "e_multiple_observations",
  "e_freq",
  "e_topmed",
  "e_hapmap",
  "e_phenotype_or_disease",
  "e_esp",
  "e_gnomad",
  "e_1000g",
  "e_exac",
  "clin_risk_factor",
  "clin_protective",
  "clin_confers_sensitivity",
  "clin_other",
  "clin_drug_response",
  "clin_uncertain_significance",
  "clin_benign",
  "clin_likely_pathogenic",
  "clin_pathogenic",
  "clin_likely_benign",
  "clin_histocompatibility",
  "clin_not_provided",
  "clin_association",
] as const;
const SOURCES = 4;

/**
 * The columns of the Hugging Face dataset `just-dna-seq/ensembl_variations`, in its order: Ensembl's variation
 * VCFs as tables. `start` is POS, 1-based; `alt` holds all alternates of a row joined by `|`; names of contigs
 * have no `chr`. The flags say where a variant is listed, by what evidence, and how clinics class it.
 */
export const ENSEMBL_COLUMNS: readonly ReferenceColumn[] = [
  { name: "chrom", type: "VARCHAR" },
  { name: "start", type: "UINTEGER" },
  { name: "end", type: "UINTEGER" },
  { name: "id", type: "VARCHAR" },
  { name: "ref", type: "VARCHAR" },
  { name: "alt", type: "VARCHAR" },
  { name: "qual", type: "DOUBLE" },
  { name: "filter", type: "VARCHAR" },
  ...FLAGS.slice(0, SOURCES).map((name) => ({ name, type: "BOOLEAN" })),
  { name: "tsa", type: "VARCHAR" },
  ...FLAGS.slice(SOURCES).map((name) => ({ name, type: "BOOLEAN" })),
  { name: "ma", type: "VARCHAR" },
  { name: "maf", type: "FLOAT" },
  { name: "mac", type: "INTEGER" },
  { name: "aa", type: "VARCHAR" },
];

/** The 25 contigs that have a shard each. */
export const REFERENCE_CONTIGS: readonly string[] = PRIMARY_CONTIGS;

/** File name of the shard of a contig. */
export function shardName(contig: string): string {
  return `homo_sapiens-chr${contig}.parquet`;
}

/** Contig of a shard by its file name, `chr` stripped in any case and `M` folded to `MT`; null for another file. */
export function shardContig(file: string): string | null {
  const contig = /-chr(?<contig>[^-.]+)\.parquet$/i.exec(file)?.groups?.["contig"]?.toUpperCase();
  return contig === undefined ? null : contig === "M" ? "MT" : contig;
}
