import type { PlantedSite } from "../../kernel/synth/planted-site.ts";

/** A single-base site with a row for each genotype of its two alleles; weights 0, 1 and null. */
export function plainSite(
  module: string,
  chrom: string,
  start: number,
  ref: string,
  alt: string,
): PlantedSite {
  const genotypes = [
    { alleles: [ref, ref], weight: 0 },
    { alleles: [ref, alt].toSorted(), weight: 1 },
    { alleles: [alt, alt], weight: null },
  ];
  return { module, rsid: `rs${start}`, chrom, start, ref, alts: [alt], genotypes };
}

/** 300 sites along chromosomes 1 to 20 of which every third lacks its rows for the reference and the rare genotype. */
export const manySites: readonly PlantedSite[] = Array.from({ length: 300 }, (_, index) => {
  const chrom = String((index % 20) + 1);
  const site = plainSite(
    "alpha",
    chrom,
    20_000_000 + index * 70_001,
    "ACGT"[index % 4] ?? "A",
    "CATG"[index % 4] ?? "C",
  );
  return index % 3 === 0 ? { ...site, genotypes: site.genotypes.slice(1, 2) } : site;
});
