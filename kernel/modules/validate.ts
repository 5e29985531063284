import { complement } from "./genotype.ts";
import { lociOf } from "./module.ts";
import type { AuthoredModule } from "./module.ts";
import type { Problem } from "./problem.ts";
import type { Locus } from "./resolution.ts";
import type { StudyRow } from "./studies.ts";
import type { VariantRow } from "./variants.ts";

/** What a module holds, in numbers. */
export interface ModuleStats {
  readonly genotypes: number;
  readonly variants: number;
  readonly studies: number;
  readonly genes: readonly string[];
  readonly categories: readonly string[];
  readonly clinvar: number;
  readonly pathogenic: number;
  readonly benign: number;
}

/** A genotype with an allele that its locus does not have: such a row can hardly match. It is listed, never mended. */
export interface ForeignGenotype {
  readonly variant: VariantRow;
  readonly locus: Locus;
  /** Whether its foreign alleles are there on the other strand: a sign of gene-strand spelling. */
  readonly strandSuspect: boolean;
}

/** Rules that look at more than one row. Row rules are those of the readers. */
export function checkModule(module: AuthoredModule, strict: boolean): readonly Problem[] {
  return [
    ...checkDuplicates(module),
    ...checkPlaces(module),
    ...checkEvidence(module),
    ...checkAlleles(module, strict),
    ...checkCopies(module),
    ...checkResolved(module),
  ];
}

export function statsOf({ variants, studies }: AuthoredModule): ModuleStats {
  return {
    genotypes: variants.length,
    variants: new Set(variants.map(({ key }) => key)).size,
    studies: studies.length,
    genes: named(variants.map(({ gene }) => gene)),
    categories: named(variants.map(({ category }) => category)),
    clinvar: variants.filter(({ clinvar }) => clinvar === true).length,
    pathogenic: variants.filter(({ pathogenic }) => pathogenic === true).length,
    benign: variants.filter(({ benign }) => benign === true).length,
  };
}

/** Genotypes with an allele that the locus does not have. A locus that states no ref or alts cannot be checked. */
export function foreignGenotypes(module: AuthoredModule): readonly ForeignGenotype[] {
  return module.variants.flatMap((variant) =>
    lociOf(module, variant).flatMap((locus) => {
      if (locus.ref === null || locus.alts === null) return [];
      const there = new Set([locus.ref, ...locus.alts]);
      const foreign = variant.genotype.alleles.filter(
        (allele) => !there.has(allele) && /^[ACGTN]+$/.test(allele),
      );
      if (foreign.length === 0) return [];
      return [{ variant, locus, strandSuspect: foreign.every((allele) => there.has(complement(allele))) }];
    }),
  );
}

function checkDuplicates({ variants, studies }: AuthoredModule): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const { key, genotype, at } of variants) {
    const first = seen.get(`${key} ${genotype.text}`);
    if (first === undefined) {
      seen.set(`${key} ${genotype.text}`, at);
    } else {
      problems.push({
        severity: "error",
        at,
        field: "genotype",
        message: `${key} ${genotype.text} is at ${first} already`,
      });
    }
  }
  const cited = new Set<string>();
  for (const { rsid, chrom, start, ref, pmid, at } of studies) {
    const pair = `${rsid ?? [chrom, start, ref].join(":")} ${pmid}`;
    if (cited.has(pair)) {
      problems.push({ severity: "warning", at, field: "pmid", message: `${pair} is listed already` });
    }
    cited.add(pair);
  }
  return problems;
}

function checkPlaces({ variants }: AuthoredModule): readonly Problem[] {
  const problems: Problem[] = [];
  const places = new Map<string, VariantRow>();
  for (const variant of variants) {
    const first = places.get(variant.key) ?? variant;
    places.set(variant.key, first);
    const [a, b] = [first.place, variant.place];
    const same =
      a === null || b === null ? a === b : a.chrom === b.chrom && a.start === b.start && a.ref === b.ref;
    if (!same) {
      const message = `${variant.key} has another place or ref at ${first.at}`;
      problems.push({ severity: "error", at: variant.at, field: "start", message });
    }
  }
  return problems;
}

/** Studies that no genotype gets: it is given those of its rsID, and without one those of its chrom, start and ref. */
function checkEvidence({ variants, studies }: AuthoredModule): readonly Problem[] {
  const places = new Set(variants.map(({ place }) => place && `${place.chrom}:${place.start}`));
  const names = new Set(variants.map(({ rsid, place }) => rsid ?? nameOf(place)));
  return studies.flatMap(({ rsid, chrom, start, ref, at }): Problem[] => {
    if (rsid === null && chrom === null) return [];
    const name = rsid ?? nameOf({ chrom, start, ref });
    if (names.has(name)) return [];
    const message =
      rsid === null && places.has(`${chrom}:${start}`)
        ? `a study that no genotype gets: ${name}; name the variant by its rsID, or by chrom, start and ref if it has none`
        : `a study of a variant that has no genotype here: ${name}`;
    return [{ severity: "warning", at, field: "rsid", message }];
  });
}

function nameOf(place: Pick<StudyRow, "chrom" | "start" | "ref"> | null): string {
  return [place?.chrom, place?.start, place?.ref].filter((part) => part != null).join(":");
}

function checkAlleles(module: AuthoredModule, strict: boolean): readonly Problem[] {
  return foreignGenotypes(module).map(({ variant, locus, strandSuspect }) => ({
    severity: strict ? "error" : "warning",
    at: variant.at,
    field: "genotype",
    message:
      `${variant.key} ${variant.genotype.text}: an allele that ${locus.chrom}:${locus.start} ` +
      `${locus.ref}>${(locus.alts ?? []).join(",")} does not have` +
      (strandSuspect ? "; it is there on the other strand" : ""),
  }));
}

/** Genotypes of one allele where a person has two, such as `AG`, which is one allele of two bases: no call meets them. */
function checkCopies(module: AuthoredModule): readonly Problem[] {
  return module.variants.flatMap((variant): Problem[] => {
    const { alleles, text } = variant.genotype;
    const loci = lociOf(module, variant);
    const bases = /^[ACGT]{2}$/.test(text) ? text.split("").toSorted().join("/") : null;
    const isDiploid = loci.length === 0 ? bases !== null : loci.some(({ chrom }) => /^\d+$/.test(chrom));
    if (alleles.length > 1 || !isDiploid) return [];
    const meant = bases === null ? "" : `; two are written ${bases}`;
    const message = `one allele, where a person has two: ${text}${meant}`;
    return [{ severity: "warning", at: variant.at, field: "genotype", message }];
  });
}

function checkResolved(module: AuthoredModule): readonly Problem[] {
  const unplaced = module.variants.filter((variant) => lociOf(module, variant).length === 0);
  const [first] = unplaced;
  if (first === undefined) return [];
  const keys = [...new Set(unplaced.map(({ key }) => key))];
  const message = `${unplaced.length} genotypes of ${keys.length} variants have no coordinate: ${keys.join(", ")}`;
  return [{ severity: "warning", at: first.at, field: "start", message }];
}

function named(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted();
}
