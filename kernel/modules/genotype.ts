/** An authored genotype: its alleles in the order they were written; `phased` when that order means the homologs. */
export interface Genotype {
  /** Verbatim but for letter case, such as `A/G`, `A|G` or `T`. */
  readonly text: string;
  readonly alleles: readonly string[];
  readonly phased: boolean;
}

const ALLELE = /^(?:[ACGTN]+|<[A-Z0-9_:.]+>|\*)$/;

/** Whether a text in capitals is one allele as a VCF spells it. */
export function isAllele(text: string): boolean {
  return ALLELE.test(text);
}

/**
 * Reads an authored genotype: two sorted alleles joined by `/`, two alleles in homolog order joined by `|`,
 * or one allele of a haploid contig. Nothing is sorted here: a genotype that was written in the wrong order is
 * refused, since it could match nothing and sorting a phased one would invent matches.
 *
 * @returns the genotype, or a sentence that says what is wrong
 */
export function parseGenotype(written: string): Genotype | string {
  const text = written.trim().toUpperCase();
  const phased = text.includes("|");
  const alleles = text.split(/[/|]/);
  if (alleles.some((allele) => /^[\d.]+$/.test(allele))) {
    return `allele numbers are not alleles: ${written}; write the bases, such as A/G`;
  }
  const odd = alleles.find((allele) => !isAllele(allele));
  if (odd !== undefined) return `not an allele: ${odd === "" ? "(empty)" : odd}${foreignLetters(odd)}`;
  if (alleles.length > 2) return `more than two alleles: ${written}`;
  const [first, second] = alleles;
  if (!phased && first !== undefined && second !== undefined && first > second) {
    return `alleles are not sorted: ${written}; write ${second}/${first}`;
  }
  return { text, alleles, phased };
}

/** Alleles of a genotype on the other strand; symbolic alleles have none and stay. */
export function complement(allele: string): string {
  if (!/^[ACGTN]+$/.test(allele)) return allele;
  const other: Readonly<Record<string, string>> = { A: "T", C: "G", G: "C", T: "A", N: "N" };
  return allele
    .split("")
    .map((base) => other[base] ?? base)
    .toReversed()
    .join("");
}

function foreignLetters(allele: string): string {
  return /[\u0400-\u04ff]/.test(allele) ? " (a Cyrillic letter that looks like a Latin one)" : "";
}
