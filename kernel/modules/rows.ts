import { lociOf } from "./module.ts";
import type { AuthoredModule } from "./module.ts";

/** Column → type of a compiled table, in the order of its columns. */
export type Columns = Readonly<Record<string, string>>;

/** One row of a compiled table, by column. */
export type CompiledRow = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/**
 * One row per authored genotype and locus. `start`, `end` 1-based, null with `chrom` when the variant has no known
 * place; `genotype` in authored order; `weight` null when none is given.
 */
export const WEIGHT_COLUMNS: Columns = {
  rsid: "VARCHAR",
  variant_key: "VARCHAR",
  locus_index: "UINTEGER",
  locus_count: "UINTEGER",
  genotype: "VARCHAR[]",
  phased: "BOOLEAN",
  module: "VARCHAR",
  weight: "DOUBLE",
  state: "VARCHAR",
  priority: "VARCHAR",
  conclusion: "VARCHAR",
  negatives: "VARCHAR",
  curator: "VARCHAR",
  method: "VARCHAR",
  chrom: "VARCHAR",
  start: "UINTEGER",
  end: "UINTEGER",
  ref: "VARCHAR",
  alts: "VARCHAR[]",
  clinvar: "BOOLEAN",
  pathogenic: "BOOLEAN",
  benign: "BOOLEAN",
  direction: "VARCHAR",
  stat_significance: "VARCHAR",
  effect_size: "DOUBLE",
  effect_measure: "VARCHAR",
  effect_allele: "VARCHAR",
  flags: "VARCHAR[]",
  trait_efo_id: "VARCHAR",
  clin_sig: "VARCHAR",
  coordinate_status: "VARCHAR",
  requires_callable: "BOOLEAN",
};

/** One row per variant, genotype, conclusion and negatives: what the report attaches to a match. */
export const ANNOTATION_COLUMNS: Columns = {
  rsid: "VARCHAR",
  variant_key: "VARCHAR",
  genotype: "VARCHAR",
  conclusion: "VARCHAR",
  negatives: "VARCHAR",
  module: "VARCHAR",
  gene: "VARCHAR",
  phenotype: "VARCHAR",
  category: "VARCHAR",
};

/** One row per variant and publication. */
export const STUDY_COLUMNS: Columns = {
  rsid: "VARCHAR",
  chrom: "VARCHAR",
  start: "UINTEGER",
  ref: "VARCHAR",
  module: "VARCHAR",
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

/** Rows of `weights`, in file order; a variant of several loci gives a row for each. */
export function weightRows(module: AuthoredModule): readonly CompiledRow[] {
  return module.variants.flatMap((variant) => {
    const loci = lociOf(module, variant);
    const places = loci.length === 0 ? [null] : loci;
    return places.map((locus, index) => ({
      rsid: variant.rsid,
      variant_key: variant.key,
      locus_index: index,
      locus_count: places.length,
      genotype: variant.genotype.alleles,
      phased: variant.genotype.phased,
      module: module.spec.name,
      weight: variant.weight,
      state: variant.state,
      priority: variant.priority,
      conclusion: variant.conclusion,
      negatives: variant.negatives,
      curator: variant.curator,
      method: variant.method,
      chrom: locus?.chrom ?? null,
      start: locus?.start ?? null,
      end: locus === null ? null : locus.start + (locus.ref?.length ?? 1) - 1,
      ref: locus?.ref ?? null,
      alts: locus?.alts ?? null,
      clinvar: variant.clinvar,
      pathogenic: variant.pathogenic,
      benign: variant.benign,
      direction: variant.direction,
      stat_significance: variant.stat_significance,
      effect_size: variant.effect_size,
      effect_measure: variant.effect_measure,
      effect_allele: variant.effect_allele,
      flags: variant.flags,
      trait_efo_id: variant.trait_efo_id,
      clin_sig: variant.clin_sig,
      coordinate_status: locus?.status ?? "unplaced",
      requires_callable: variant.requires_callable,
    }));
  });
}

export function annotationRows({ spec, variants }: AuthoredModule): readonly CompiledRow[] {
  return variants.map((variant) => ({
    rsid: variant.rsid,
    variant_key: variant.key,
    genotype: variant.genotype.text,
    conclusion: variant.conclusion,
    negatives: variant.negatives,
    module: spec.name,
    gene: variant.gene,
    phenotype: variant.phenotype,
    category: variant.category,
  }));
}

export function studyRows({ spec, studies }: AuthoredModule): readonly CompiledRow[] {
  return studies.map((study) => ({
    rsid: study.rsid,
    chrom: study.chrom,
    start: study.start,
    ref: study.ref,
    module: spec.name,
    pmid: study.pmid,
    population: study.population,
    p_value: study.p_value,
    p_value_num: study.p_value_num,
    conclusion: study.conclusion,
    study_design: study.study_design,
    stat_significance: study.stat_significance,
    effect_size: study.effect_size,
    effect_measure: study.effect_measure,
    effect_allele: study.effect_allele,
    trait_efo_id: study.trait_efo_id,
    doi: study.doi,
  }));
}
