/** What a file is called as a sample. Pure. */

const VCF = /(?:\.g)?\.vcf(?:\.b?gz)?$/i;

export function isVcf(name: string): boolean {
  return VCF.test(name);
}

/** The name of a sample after its file: `/data/NA12878.vcf.gz` → `NA12878`. */
export function sampleNameOf(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(VCF, "");
}

/** Seconds until a transfer is whole, at its rate so far; null before that is known. */
export function transferLeft(sent: number, total: number, seconds: number): number | null {
  if (sent <= 0 || seconds < 0.5) return null;
  return ((total - sent) * seconds) / sent;
}
