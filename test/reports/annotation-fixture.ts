import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { AnnotationManifest, IngestSummary, ModuleResult } from "#protocol/annotation.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import type { Annotations, MatchedRow, SiteRow, StudyRow } from "../../kernel/reports/annotation-files.ts";
import type { ReportFacts } from "../../kernel/reports/view-model.ts";

/** Column types of the files that the match writes; the fixture's files are made with them. */
const ROW_TYPES = {
  module: "VARCHAR",
  rsid: "VARCHAR",
  vcf_rsid: "VARCHAR",
  chrom: "VARCHAR",
  start: "UINTEGER",
  end: "UINTEGER",
  ref: "VARCHAR",
  alt: "VARCHAR",
  genotype: "VARCHAR[]",
  GT: "VARCHAR",
  zygosity: "VARCHAR",
  genotype_evidence: "VARCHAR",
  restored_flank_bp: "INTEGER",
  presence: "VARCHAR",
  filter: "VARCHAR",
  qual: "DOUBLE",
  depth: "INTEGER",
  genotype_quality: "INTEGER",
  gene: "VARCHAR",
  phenotype: "VARCHAR",
  category: "VARCHAR",
  weight: "DOUBLE",
  sign: "INTEGER",
  state: "VARCHAR",
  direction: "VARCHAR",
  conclusion: "VARCHAR",
  negatives: "VARCHAR",
  priority: "VARCHAR",
  module_ref: "VARCHAR",
  module_alts: "VARCHAR[]",
  curator: "VARCHAR",
  method: "VARCHAR",
  clinvar: "BOOLEAN",
  pathogenic: "BOOLEAN",
  benign: "BOOLEAN",
  clin_sig: "VARCHAR",
  stat_significance: "VARCHAR",
  effect_size: "DOUBLE",
  effect_measure: "VARCHAR",
  effect_allele: "VARCHAR",
  flags: "VARCHAR[]",
  trait_efo_id: "VARCHAR",
  locus_index: "UINTEGER",
  locus_count: "UINTEGER",
  coordinate_status: "VARCHAR",
  study_count: "INTEGER",
};
const STUDY_TYPES = {
  module: "VARCHAR",
  rsid: "VARCHAR",
  chrom: "VARCHAR",
  start: "UINTEGER",
  ref: "VARCHAR",
  pmid: "VARCHAR",
  population: "VARCHAR",
  p_value: "VARCHAR",
  p_value_num: "DOUBLE",
  conclusion: "VARCHAR",
  study_design: "VARCHAR",
  stat_significance: "VARCHAR",
  effect_size: "DOUBLE",
  effect_measure: "VARCHAR",
  effect_allele: "VARCHAR",
  trait_efo_id: "VARCHAR",
  doi: "VARCHAR",
};
const SITE_TYPES = {
  module: "VARCHAR",
  rsid: "VARCHAR",
  chrom: "VARCHAR",
  start: "UINTEGER",
  ref: "VARCHAR",
  gene: "VARCHAR",
  category: "VARCHAR",
  status: "VARCHAR",
  detail: "VARCHAR",
};

export async function openDuckdb(folder: string): Promise<Connection> {
  return duckdb.open({ spillDirectory: join(folder, "spill"), threads: 1 });
}

/** Writes the files of a match into `folder`, as the match does: real Parquet, by DuckDB. */
export async function writeAnnotations(
  folder: string,
  found: Annotations,
  connection: Connection,
): Promise<void> {
  await mkdir(join(folder, "modules"), { recursive: true });
  await writeFile(join(folder, "modules/manifest.json"), JSON.stringify(found.manifest));
  const write = async (
    name: string,
    rows: readonly object[],
    types: Record<string, string>,
  ): Promise<void> => {
    const json = join(folder, "rows.json");
    await writeFile(json, rows.map((row) => JSON.stringify(row)).join("\n"));
    const columns = Object.entries(types).map(([column, type]) => `${quoteText(column)}: ${quoteText(type)}`);
    await connection.run(
      `copy (select * from read_json(${quoteText(json)}, format = 'newline_delimited', columns = {${columns.join(", ")}}))
       to ${quoteText(join(folder, name))} (format parquet)`,
    );
  };
  await write("user_hf_module_annotations.parquet", found.rows, ROW_TYPES);
  await write("modules/studies.parquet", found.studies, STUDY_TYPES);
  const { category, ...earlier } = SITE_TYPES;
  const isEarlier = found.sites.every((one) => one.category === undefined);
  await write("modules/sites.parquet", found.sites, isEarlier ? earlier : { ...earlier, category });
}

export function matched(fields: Partial<MatchedRow> = {}): MatchedRow {
  return {
    module: "coronary",
    rsid: "rs4977574",
    vcf_rsid: "",
    chrom: "9",
    start: 22_098_575,
    end: 22_098_575,
    ref: "A",
    alt: "G",
    genotype: ["A", "G"],
    zygosity: "het",
    genotype_evidence: "called",
    restored_flank_bp: null,
    presence: "called_variant",
    filter: "PASS",
    qual: 51.2,
    depth: 38,
    genotype_quality: 50,
    gene: "CDKN2B-AS1",
    phenotype: "coronary disease",
    category: null,
    weight: -1.3,
    sign: -1,
    state: "risk",
    direction: null,
    conclusion: "One copy of the risk allele.",
    negatives: null,
    priority: null,
    module_ref: "A",
    module_alts: ["G"],
    curator: null,
    method: null,
    clinvar: null,
    pathogenic: null,
    benign: null,
    clin_sig: null,
    stat_significance: null,
    effect_size: null,
    effect_measure: null,
    effect_allele: null,
    flags: [],
    trait_efo_id: null,
    locus_index: 1,
    locus_count: 1,
    coordinate_status: "verified",
    ...fields,
  };
}

export function study(fields: Partial<StudyRow> = {}): StudyRow {
  return {
    module: "coronary",
    rsid: "rs4977574",
    chrom: "9",
    start: 22_098_575,
    ref: "A",
    pmid: "17478681",
    population: "European",
    p_value: "3e-10",
    conclusion: "Associated with coronary disease.",
    study_design: "Case and control",
    stat_significance: null,
    effect_size: null,
    effect_measure: null,
    effect_allele: null,
    doi: null,
    ...fields,
  };
}

export function site(fields: Partial<SiteRow> = {}): SiteRow {
  return {
    module: "coronary",
    rsid: "rs4977574",
    chrom: "9",
    start: 22_098_575,
    gene: "CDKN2B-AS1",
    status: "called_match",
    detail: null,
    ...fields,
  };
}

/** A module; its counts are those of `rows`. */
export function moduleResult(
  name: string,
  rows: readonly MatchedRow[] = [],
  fields: Partial<ModuleResult> = {},
): ModuleResult {
  const mine = rows.filter(({ module }) => module === name);
  const called = mine.filter(({ genotype_evidence }) => genotype_evidence === "called");
  return {
    name,
    version: "1.0.0",
    digest: "41d09b".padEnd(64, "7"),
    title: name.toUpperCase(),
    report_title: `${name} report`,
    description: `What ${name} looks at.`,
    icon: "heart",
    color: "#0f6b64",
    weighting: null,
    licence: null,
    attribution: null,
    status: "annotated",
    reason: null,
    key: "position",
    probed: called.length + 3,
    matched: called.length,
    restored: mine.length - called.length,
    positive: 0,
    negative: 0,
    net_weight: null,
    by_category: {},
    presence: { called_match: called.length, no_call: 3, no_data: 40 },
    authored: { genotypes: 81, sites: 27, placed: 25 },
    ref_mismatches: 0,
    unmatchable: {},
    path: `modules/${name}_weights.parquet`,
    ...fields,
  };
}

export function ingest(fields: Partial<IngestSummary> = {}): IngestSummary {
  return {
    source: { name: "genome.vcf.gz", bytes: 412_000_000, sha256: "ab12".padEnd(64, "c") },
    records: {
      read: 6_079_744,
      kept: 4_257_537,
      removed: { pass_filters: 1_702_311, min_qual: 150_000 },
      removed_total: 1_822_207,
    },
    presence: { called_variant: 4_257_537 },
    findings: [],
    build: { detected: "GRCh38", how: "by 25 contig lengths" },
    samples: { all: ["HG001"], chosen: "HG001" },
    kind: "variants",
    caller: "DeepVariant 1.1",
    quality_filters: {},
    has_rsids: true,
    ...fields,
  };
}

export function manifestOf(
  modules: readonly ModuleResult[],
  fields: Partial<AnnotationManifest> = {},
): AnnotationManifest {
  return {
    format: "karyon.annotation/1",
    user: "demo",
    sample: "genome",
    ingest: ingest(),
    modules,
    total_matched: modules.reduce((sum, { matched }) => sum + matched, 0),
    total_restored: modules.reduce((sum, { restored }) => sum + restored, 0),
    disagreements: [],
    software: "karyon 0.1.0",
    engine: "duckdb 1.5.6",
    ...fields,
  };
}

export const FACTS: ReportFacts = {
  generatedAt: "2026-11-22T14:02:31Z",
  software: "Karyon 0.1.0",
  engine: "DuckDB 1.5.6",
  provenance: {
    asset: "user_longevity_report",
    run: 41,
    inputs: [
      {
        asset: "user_hf_module_annotations",
        dataVersion: "9f3a1c".padEnd(64, "e"),
        partition: "demo/genome",
      },
    ],
  },
};
