import type { QueryLineage } from "../../query/column-lineage.ts";

/** Names of the assets that annotations are made from. */
interface AnnotationInputs {
  readonly variants: string;
  readonly modules: string;
  /** Columns that the variants have. */
  readonly columns: readonly string[];
}

type Origin = QueryLineage["columns"][number];
type How = Origin["how"];

/** Columns of the variants, and of the tables of a module as `table.column`, that say which rows there are. */
const MATCHED_BY = {
  variants: ["chrom", "start", "end", "rsid", "ref", "alt", "genotype", "presence"],
  modules: ["chrom", "start", "rsid", "ref", "alts", "genotype"].map((name) => `weights.${name}`),
};

/**
 * Where the columns of the table that `writeAnnotations` makes are from, in their order: of the genome, of the tables
 * `weights`, `annotations` and `studies` inside the modules, or of both, as where a row stands for a site that the file
 * does not write out.
 */
export function annotationLineage({ variants, modules, columns }: AnnotationInputs): QueryLineage {
  const origin = (
    name: string,
    how: How,
    genome: readonly string[],
    authored: readonly string[],
  ): Origin => ({
    name,
    how,
    of: new Set([
      ...genome.filter((column) => columns.includes(column)).map((column) => ({ table: variants, column })),
      ...authored.map((column) => ({ table: modules, column })),
    ]),
  });
  const ofGenome = (name: string, column: string, how: How = "copied"): Origin =>
    origin(name, how, [column], []);
  const ofModule = (name: string, column: string): Origin => origin(name, "copied", [], [column]);
  const ofWeights = (...names: readonly string[]): Origin[] =>
    names.map((name) => ofModule(name, `weights.${name}`));
  const ofBoth = (name: string, genome: readonly string[], authored: readonly string[]): Origin =>
    origin(
      name,
      "computed",
      genome,
      authored.map((column) => `weights.${column}`),
    );
  return {
    columns: [
      ofModule("module", "name"),
      ...ofWeights("rsid"),
      ofGenome("vcf_rsid", "rsid"),
      ofBoth("chrom", ["chrom"], ["chrom"]),
      ofBoth("start", ["start"], ["start"]),
      ofBoth("end", ["end"], ["start", "ref"]),
      ofBoth("ref", ["ref"], ["ref"]),
      ofBoth("alt", ["alt", "genotype"], ["ref"]),
      ofBoth("genotype", ["genotype", "ref"], ["genotype"]),
      ofGenome("GT", "GT"),
      ofBoth("zygosity", ["genotype", "ref"], ["genotype"]),
      ofBoth("genotype_evidence", ["chrom", "start"], ["chrom", "start"]),
      ofBoth("restored_flank_bp", ["chrom", "start"], ["chrom", "start"]),
      ofGenome("presence", "presence"),
      ofGenome("filter", "filter"),
      ofGenome("qual", "qual"),
      ofGenome("depth", "DP", "computed"),
      ofGenome("genotype_quality", "GQ", "computed"),
      ...["gene", "phenotype", "category"].map((name) => ofModule(name, `annotations.${name}`)),
      ...ofWeights("weight"),
      ofBoth("sign", [], ["weight", "direction", "state"]),
      ...ofWeights("state", "direction", "conclusion", "negatives", "priority"),
      ofModule("module_start", "weights.start"),
      ofModule("module_ref", "weights.ref"),
      ofModule("module_alts", "weights.alts"),
      ...ofWeights("curator", "method", "clinvar", "pathogenic", "benign", "clin_sig", "stat_significance"),
      ...ofWeights("effect_size", "effect_measure", "effect_allele", "flags", "trait_efo_id"),
      ...ofWeights("locus_index", "locus_count"),
      ofBoth("coordinate_status", [], ["coordinate_status", "chrom", "start"]),
      origin(
        "study_count",
        "aggregated",
        [],
        ["rsid", "chrom", "start", "ref"].map((name) => `studies.${name}`),
      ),
    ],
    rows: origin("", "computed", MATCHED_BY.variants, MATCHED_BY.modules).of,
  };
}
