/**
 * What PLINK, and vendors of arrays after it, have for the contigs that are no autosome; 25 and XY: the regions that X and
 * Y share, by their place on X.
 *
 * Source: PLINK 1.9, `--output-chr`.
 */
export const NUMBERED_CONTIGS: ReadonlyMap<string, string> = new Map([
  ["23", "X"],
  ["24", "Y"],
  ["25", "X"],
  ["XY", "X"],
  ["26", "MT"],
]);
