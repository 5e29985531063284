import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Annotations } from "../../kernel/reports/annotation-files.ts";
import { renderReport } from "../../kernel/reports/render-report.ts";
import type { ReportTwin } from "../../kernel/reports/render-report.ts";
import { readTemplate } from "../../kernel/reports/template.ts";
import { temporaryFolder } from "../support/karyon.ts";
import {
  FACTS,
  ingest,
  manifestOf,
  matched,
  moduleResult,
  openDuckdb,
  site,
  study,
  writeAnnotations,
} from "./annotation-fixture.ts";

const TEMPLATES = fileURLToPath(new URL("../../notebooks/reports/", import.meta.url));

/** Made up by hand: every kind of row, section and state once, over two pathways and five modules. */
export function smallAnnotations(): Annotations {
  const longevity = { module: "longevitymap", phenotype: "longevity" };
  const rows = [
    matched({
      ...longevity,
      rsid: "rs7412",
      chrom: "19",
      start: 44_908_822,
      gene: "APOE",
      category: "lipids",
      weight: 0.5,
      state: "protective",
      sign: 1,
      conclusion: "One copy of the ε2 allele.",
    }),
    matched({
      ...longevity,
      rsid: "rs5882",
      chrom: "16",
      start: 56_982_180,
      gene: "CETP",
      category: "lipids",
      weight: 0.25,
      state: "protective",
      sign: 1,
      genotype: ["A", "A"],
      genotype_evidence: "restored_hom_ref",
      restored_flank_bp: 180,
      filter: null,
      qual: null,
      depth: null,
      genotype_quality: null,
      alt: null,
    }),
    matched({
      ...longevity,
      rsid: "rs9536314",
      chrom: "13",
      start: 33_054_001,
      gene: "KL",
      category: "telomeres",
      weight: -0.94,
      coordinate_status: "recalled",
      locus_count: 2,
    }),
    matched(),
    matched({
      rsid: null,
      chrom: "X",
      start: 1234,
      ref: "T",
      alt: "C",
      module_ref: "T",
      genotype: ["C"],
      gene: null,
      weight: 0,
      state: "neutral",
      sign: 0,
      conclusion: null,
    }),
    matched({
      module: "superhuman",
      rsid: "rs11209026",
      chrom: "1",
      start: 67_240_275,
      gene: "IL23R",
      weight: null,
      state: "protective",
      sign: 1,
      presence: "hom_ref_block",
      filter: "",
      qual: null,
      clin_sig: "Conflicting",
    }),
    matched({
      module: "superhuman",
      rsid: "rs4977574",
      weight: null,
      state: "protective",
      sign: 1,
      gene: "BRCA2",
    }),
  ];
  const modules = [
    moduleResult("longevitymap", rows, {
      title: "Longevity map",
      weighting: "−1 to +1, own scale",
      licence: "AGPL-3.0",
      attribution: "LongevityMap, HAGR",
      unmatchable: { unplaced: 4 },
    }),
    moduleResult("coronary", rows, { title: "Coronary disease", version: null, ref_mismatches: 1 }),
    moduleResult("vo2max", rows, { title: "Oxygen uptake", presence: { no_data: 13 } }),
    moduleResult("superhuman", rows, { title: "Superhuman" }),
    moduleResult("pharmgkb", [], {
      title: "Drug response",
      status: "skipped",
      reason: "keyed by rsID, and this file states none",
    }),
    moduleResult("my_panel", [], {
      title: "My panel",
      status: "failed",
      reason: "variants.csv:214: invalid weight",
    }),
  ];
  return {
    manifest: manifestOf(modules, {
      restoration: {
        applied: true,
        reason:
          "a whole genome of variants: 4,012,345 positions, 94.5 % of the spanned bases lie within 10,000 bases of a call",
        max_flank_bp: 10_000,
      },
      disagreements: [{ rsid: "rs4977574", modules: ["coronary", "superhuman"] }],
      ingest: ingest({
        findings: [{ kind: "GT_INDEX", count: 3, first: "line 2411: allele index past the alternates" }],
      }),
    }),
    rows,
    studies: [
      study(),
      study({ pmid: "21378990", p_value: null, conclusion: null }),
      study({
        module: "longevitymap",
        rsid: "rs7412",
        pmid: "8018664",
        effect_measure: "OR",
        effect_size: 0.7,
      }),
    ],
    sites: [
      site(),
      site({ rsid: "rs2", start: 2, status: "filtered", detail: "min_depth" }),
      site({
        module: "superhuman",
        rsid: "rs11209026",
        chrom: "1",
        start: 67_240_275,
        status: "hom_ref_block",
        detail: "MIN_DP 23, GQ 50",
      }),
    ],
  };
}

/** Writes the annotations as Parquet, and renders them with a shipped template. */
export async function rendered(
  found: Annotations,
  name: "longevity" | "summary" = "longevity",
): Promise<{ html: string; json: ReportTwin; folder: string }> {
  const folder = await temporaryFolder("report");
  const connection = await openDuckdb(folder);
  try {
    await writeAnnotations(folder, found, connection);
    const template = await readTemplate(join(TEMPLATES, `${name}.njk`));
    const request = { ...FACTS, annotations: folder, template };
    return { ...(await renderReport(request, connection, new AbortController().signal)), folder };
  } finally {
    connection.close();
  }
}
