/** The first allele that is not spelt in known bases. */
export function oddAllele(ref: string, alternates: readonly string[]): string | undefined {
  return [ref, ...alternates].find((allele) => !/^[ACGT*]+$/.test(allele));
}
