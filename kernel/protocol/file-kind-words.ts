import type { IngestSummary } from "./annotation.ts";

const WORDS: Readonly<Record<IngestSummary["kind"], string>> = {
  variants: "differences from the reference only",
  gvcf: "gVCF, with reference blocks",
  all_sites: "all sites, reference calls included",
  sites_only: "sites without genotypes",
  array: "raw data of a genotyping array, matched by rsID",
};

/** What a kind of genome file states, in words. */
export function fileKindWords(kind: IngestSummary["kind"]): string {
  return WORDS[kind];
}
