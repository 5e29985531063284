/**
 * Versions of the RefSeq accessions of chromosomes 1…22, X, Y on GRCh38: those on GRCh37 are each one less. Source:
 * assembly reports of GCF_000001405.26 and GCF_000001405.25.
 */
export const REFSEQ_VERSIONS: readonly number[] = [
  11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10,
];
