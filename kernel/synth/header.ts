import { CONTIGS } from "./contigs.ts";

/** Facts that the header states of a synthetic genome. */
export interface HeaderFacts {
  readonly seed: number;
  readonly records: number;
  readonly planted: number;
}

/** Raised whenever the same request gives other bytes. */
const GENERATOR_VERSION = 1;
/** Name of the one sample. */
const SAMPLE = "SYNTHETIC";
/** Version of DeepVariant whose files have this shape. */
const DEEPVARIANT = "1.6.1";

/** Header of the file, to the end of the `#CHROM` line. */
export function headerText({ seed, records, planted }: HeaderFacts): string {
  const contigs = CONTIGS.map(({ label, length }) => `##contig=<ID=${label},length=${length}>`);
  const columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", SAMPLE];
  return `${[...META, ...origin(seed, records, planted), ...contigs, columns.join("\t")].join("\n")}\n`;
}

const META = [
  "##fileformat=VCFv4.2",
  '##FILTER=<ID=PASS,Description="All filters passed">',
  '##FILTER=<ID=RefCall,Description="Genotyping model thinks this site is reference.">',
  '##FILTER=<ID=LowQual,Description="Confidence in this variant being real is below calling threshold.">',
  '##FILTER=<ID=NoCall,Description="Site has depth=0 resulting in no call.">',
  '##INFO=<ID=END,Number=1,Type=Integer,Description="End position (for use with symbolic alleles)">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Conditional genotype quality">',
  '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Read depth">',
  '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Minimum DP observed within the GVCF block.">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Read depth for each allele">',
  '##FORMAT=<ID=VAF,Number=A,Type=Float,Description="Variant allele fractions.">',
  '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Phred-scaled genotype likelihoods rounded to the closest integer">',
  `##DeepVariant_version=${DEEPVARIANT}`,
];

function origin(seed: number, records: number, planted: number): string[] {
  return [
    "##source=karyon synth",
    `##karyon_synthetic=<seed=${seed},records=${records},planted=${planted},generator=${GENERATOR_VERSION}>`,
    "##karyon_note=SYNTHETIC: drawn at random in the shape of a DeepVariant file of a man. No person, no reads;" +
      " only REF at planted module sites is the real reference base, and GT has two alleles on chrX, chrY and chrM too",
  ];
}
