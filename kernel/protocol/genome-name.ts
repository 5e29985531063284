/** How the names of genome files end. What a file is shows in what it holds: the end only leaves out what is none. */
const ENDING = /(?:(?:\.g)?\.vcf|\.txt|\.csv|\.tsv)(?:\.b?gz|\.zip)?$|\.zip$/i;
const VCF = /(?:\.g)?\.vcf(?:\.b?gz)?$/i;

/** Endings in words, for who chooses a file. */
export const GENOME_ENDINGS = ".vcf, .vcf.gz, .txt, .csv or .zip";

/** The end of the name of a genome file, such as `.vcf.gz`; empty for the name of none. */
export function genomeEnding(name: string): string {
  return ENDING.exec(name)?.[0] ?? "";
}

/** The name of a genome file without its end and its folder: `/data/NA12878.vcf.gz` → `NA12878`. */
export function genomeStem(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(ENDING, "");
}

/** Whether a name alone says that the file is a genome: other endings are those of many files. */
export function isVcfName(name: string): boolean {
  return VCF.test(name);
}
