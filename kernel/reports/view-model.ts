import type { AnnotationManifest, ModuleResult } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { fileKindWords } from "#protocol/file-kind-words.ts";
import { findingWords } from "#protocol/finding-words.ts";

import type { Annotations, MatchedRow, SiteRow, StudyRow } from "./annotation-files.ts";
import { coverageView } from "./coverage-view.ts";
import { groupedBy } from "./grouping.ts";
import { karyogram } from "./karyogram.ts";
import { snpUrl } from "./links.ts";
import { ruleWords } from "./rule-words.ts";
import { moduleBar } from "./module-bars.ts";
import { LONGEVITY_MODULE } from "./pathways.ts";
import { plainData } from "./plain-text.ts";
import type { ModuleView, ProvenanceInput, ReportView } from "./report-view.ts";
import { byWeight, longevityView, moduleView } from "./sections.ts";
import { directionOf, isRestored, topicOf, variantView } from "./variant-view.ts";
import type { VariantView } from "./variant.ts";

/** What a report says of its own making; the caller's clock and names, so that the view stays pure. */
export interface ReportFacts {
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly software: string;
  readonly engine: string;
  readonly provenance: {
    readonly asset: string;
    readonly run?: number;
    readonly inputs: readonly {
      readonly asset: string;
      readonly dataVersion: string;
      readonly partition?: string;
    }[];
  };
}

/** Where a module looks. */
type Site = Pick<SiteRow, "module" | "rsid" | "chrom" | "start">;

const PREVIEW_ROWS = 10;
const SEVERAL_MODULES = "Genomic Annotation Report";

/**
 * The report as data, from what the match wrote: no clock, no file, no engine. The manifest decides which
 * modules there are; rows of a module that it does not list are left out.
 *
 * @throws {WorkspaceError} `asset` when the table and the manifest do not count the same rows
 */
export function buildView(found: Annotations, facts: ReportFacts): ReportView {
  const { manifest, rows, studies, sites } = plainData(found);
  const made = plainData(facts);
  const annotated = manifest.modules.filter(({ status }) => status === "annotated");
  const rowsOf = groupedBy(rows, ({ module }) => module);
  const variantsOf = variantsByModule(annotated, rowsOf, studies, details(sites));
  const all = annotated.flatMap(({ name }) => variantsOf.get(name) ?? []);

  const sections = annotated.map((module) => ({ module, variants: variantsOf.get(module.name) ?? [] }));
  const longevity = sections.find(({ module }) => module.name === LONGEVITY_MODULE);
  const others = sections.filter((section) => section !== longevity);
  const heads: readonly ModuleView[] = sections.map(({ module, variants }) =>
    moduleView(module, variants, sites),
  );

  return {
    report_title: titleOf(manifest.modules),
    report_description: describe(annotated.length),
    preview_row_limit: PREVIEW_ROWS,
    user_name: manifest.user,
    sample_name: manifest.sample,
    generated_at: made.generatedAt,
    software: made.software,
    engine: made.engine,
    source: sourceOf(manifest),
    records: recordsOf(manifest),
    looked_at: {
      modules: annotated.length,
      genotypes: total(annotated, ({ authored }) => authored.genotypes),
      positions: positions(sites, new Set(annotated.map(({ name }) => name))),
      probed: total(annotated, ({ probed }) => probed),
      matched: total(annotated, ({ matched }) => matched),
      restored: total(annotated, ({ restored }) => restored),
    },
    longevity:
      longevity === undefined
        ? null
        : longevityView(longevity.module, rowsOf.get(LONGEVITY_MODULE) ?? [], longevity.variants, sites),
    other_modules: others.map(({ module, variants }) =>
      moduleView(module, variants.toSorted(byWeight), sites),
    ),
    bars: heads.map((head) => moduleBar(head, head.variants)),
    karyogram: karyogram(all),
    disagreements: disagreementsOf(manifest, rows),
    coverage: annotated.map((module) => coverageView(module, sites)),
    restoration: restorationOf(manifest),
    findings: manifest.ingest.findings.map((finding) => ({ ...finding, words: findingWords(finding.kind) })),
    module_provenance: annotated.map(({ name, title, version, digest, weighting, licence, key }) => ({
      name,
      title,
      version,
      digest,
      weighting,
      licence,
      joined_by: key,
    })),
    module_exclusions: exclusionsOf(manifest.modules),
    credits: creditsOf(sections),
    module_display_names: Object.fromEntries(manifest.modules.map(({ name, title }) => [name, title])),
    provenance: {
      asset: made.provenance.asset,
      run: made.provenance.run ?? null,
      inputs: made.provenance.inputs.map(inputView),
    },
  };
}

function variantsByModule(
  modules: readonly ModuleResult[],
  rowsOf: ReadonlyMap<string, readonly MatchedRow[]>,
  studies: readonly StudyRow[],
  detailOf: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly VariantView[]> {
  const studiesOf = groupedBy(studies, (study) => `${study.module} ${variantKey(study, study.ref)}`);
  return new Map(
    modules.map((module) => {
      const rows = rowsOf.get(module.name) ?? [];
      agree(module, rows);
      const resource = module.name === LONGEVITY_MODULE ? "hagr" : "ncbi";
      const views = rows.map((row) => {
        const site = siteOf(row);
        const key = `${row.module} ${variantKey(site, row.module_ref ?? row.ref)}`;
        return variantView(row, studiesOf.get(key) ?? [], detailOf.get(siteKey(site)) ?? null, resource);
      });
      return [module.name, views];
    }),
  );
}

/** The site of a row as its module has it; annotations that were made earlier have that of the record alone. */
function siteOf({ module, rsid, chrom, start, module_start: own }: MatchedRow): Site {
  if (own === undefined) return { module, rsid, chrom, start };
  return own === null ? { module, rsid, chrom: null, start: null } : { module, rsid, chrom, start: own };
}

/** A report that shows other rows than its manifest counts would be a report of two runs. */
function agree(module: ModuleResult, rows: readonly MatchedRow[]): void {
  const restored = rows.filter(isRestored).length;
  if (rows.length - restored === module.matched && restored === module.restored) return;
  throw new WorkspaceError({
    code: "asset",
    message: `rows of ${module.name} disagree with the manifest: ${rows.length - restored} matched and ${restored} inferred, not ${module.matched} and ${module.restored}`,
    hint: "Materialize user_hf_module_annotations for this partition again.",
  });
}

function variantKey(row: Omit<Site, "module">, ref: string | null): string {
  return row.rsid !== null && row.rsid !== "" ? row.rsid : `${row.chrom}:${row.start}:${ref}`;
}

function siteKey(row: Site): string {
  return `${row.module} ${row.rsid} ${row.chrom}:${row.start}`;
}

/** What is to be known of the evidence of sites that have a row. */
function details(sites: Annotations["sites"]): ReadonlyMap<string, string> {
  const withRow = sites.filter(({ status }) => status === "called_match" || status === "hom_ref_block");
  return new Map(withRow.flatMap((site) => (site.detail === null ? [] : [[siteKey(site), site.detail]])));
}

/** Distinct positions of the modules; a site without one counts by its rsID. */
function positions(sites: Annotations["sites"], modules: ReadonlySet<string>): number {
  const seen = sites
    .filter(({ module }) => modules.has(module))
    .map(({ chrom, start, rsid }) => (chrom === null || start === null ? rsid : `${chrom}:${start}`));
  return new Set(seen).size;
}

function titleOf(modules: readonly ModuleResult[]): string {
  const [first, ...more] = modules;
  return first !== undefined && more.length === 0 ? first.report_title : SEVERAL_MODULES;
}

function describe(annotated: number): string {
  if (annotated === 0) return "No annotation module was read, so this report holds no results.";
  const subject = annotated === 1 ? "What one curated module says" : "What curated modules say";
  const apart = annotated === 1 ? "" : " Scores of different modules do not add up.";
  return `${subject} about the genotypes called in one genome. A weight is a curator's score on the module's own scale: above zero favourable, below zero unfavourable.${apart}`;
}

function sourceOf({ ingest, build_probe: probe }: AnnotationManifest): ReportView["source"] {
  const { name, bytes, sha256 } = ingest.source;
  return {
    ...ingest.source,
    files: ingest.source.files ?? [{ name, bytes, sha256 }],
    kind: fileKindWords(ingest.kind),
    is_array: ingest.kind === "array",
    caller: ingest.caller,
    build: ingest.build.detected,
    build_how: probe === undefined ? ingest.build.how : `${ingest.build.how}; ${probe}`,
    samples_in_file: ingest.samples.all.length,
    sample_read: ingest.samples.chosen,
  };
}

function recordsOf({ ingest: { records } }: AnnotationManifest): ReportView["records"] {
  return {
    read: records.read,
    kept: records.kept,
    removed_total: records.removed_total,
    removed: Object.entries(records.removed)
      .filter(([, count]) => count > 0)
      .map(([rule, count]) => ({ rule, words: ruleWords(rule), records: count })),
  };
}

function restorationOf({ restoration }: AnnotationManifest): ReportView["restoration"] {
  if (restoration === undefined) return null;
  const { applied, reason, max_flank_bp } = restoration;
  return { applied, reason, max_flank_bp };
}

function disagreementsOf(
  manifest: AnnotationManifest,
  rows: readonly MatchedRow[],
): ReportView["disagreements"] {
  const titles = new Map(manifest.modules.map(({ name, title }) => [name, title]));
  return manifest.disagreements.map(({ rsid, modules }) => {
    const here = rows.filter((row) => row.rsid === rsid && modules.includes(row.module));
    return {
      rsid,
      rsid_url: snpUrl(rsid),
      sensitive: here.map(topicOf).find((topic) => topic !== null) ?? null,
      statements: here.map((row) => ({
        module: titles.get(row.module) ?? row.module,
        genotype: row.genotype?.join("/") ?? "",
        says: directionOf(row) ?? "nothing stated",
        weight: row.weight,
      })),
    };
  });
}

function exclusionsOf(modules: readonly ModuleResult[]): ReportView["module_exclusions"] {
  return modules.flatMap(({ name, title, status, reason }) =>
    status === "annotated" ? [] : [{ name, title, status, reason: reason ?? "no reason was recorded" }],
  );
}

function creditsOf(
  sections: readonly { module: ModuleResult; variants: readonly VariantView[] }[],
): ReportView["credits"] {
  const shown = sections.filter(({ variants }) => variants.length > 0).map(({ module }) => module);
  const same = groupedBy(shown, ({ licence, attribution }) => JSON.stringify([licence, attribution]));
  return [...same.values()]
    .flatMap((modules) => {
      const [first] = modules;
      if (first === undefined) return [];
      const { licence, attribution } = first;
      return [{ licence, attribution, used_by: modules.map(({ title }) => title) }];
    })
    .toSorted((a, b) => compare(a.attribution, b.attribution) || compare(a.licence, b.licence));
}

function compare(a: string | null, b: string | null): number {
  const [left, right] = [a ?? "", b ?? ""];
  return left < right ? -1 : Number(left > right);
}

function inputView(input: ReportFacts["provenance"]["inputs"][number]): ProvenanceInput {
  return { asset: input.asset, data_version: input.dataVersion, partition: input.partition ?? null };
}

function total(modules: readonly ModuleResult[], countOf: (module: ModuleResult) => number): number {
  return modules.reduce((sum, module) => sum + countOf(module), 0);
}
