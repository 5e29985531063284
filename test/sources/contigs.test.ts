import { expect, test } from "vitest";

import { foldContig } from "../../kernel/sources/vcf/contigs.ts";

test.each([
  ["chr1", "1"],
  ["CHR22", "22"],
  ["Chr7", "7"],
  ["chromosome1", "1"],
  ["Chromosome_X", "X"],
  ["01", "1"],
  ["chrx", "X"],
  ["y", "Y"],
  ["M", "MT"],
  ["chrM", "MT"],
  ["mt", "MT"],
  ["23", "X"],
  ["chr24", "Y"],
  ["25", "X"],
  ["XY", "X"],
  ["26", "MT"],
  ["27", "27"],
  ["NC_012920.1", "MT"],
  ["NC_000001.11", "1"],
  ["NC_000001.10", "1"],
  ["NC_000023.11", "X"],
  ["CM000663.2", "1"],
  ["CM000686.1", "Y"],
  ["CM000662.1", "CM000662.1"],
  ["KI270728.1", "KI270728.1"],
  ["chrUn_KI270302v1", "Un_KI270302v1"],
  ["HLA-A*01:01:01:01", "HLA-A*01:01:01:01"],
  ["chr1_KI270706v1_random", "1_KI270706v1_random"],
  ["NC_007605", "NC_007605"],
  ["chr", "chr"],
])("contig %s is named %s", (name, folded) => {
  expect(foldContig(name)).toBe(folded);
});
