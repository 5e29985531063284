/** One record as its text states it. */
export interface ReadRecord {
  readonly chrom: string;
  readonly pos: number;
  readonly ref: string;
  readonly alts: readonly string[];
  readonly qual: number | null;
  readonly filter: string;
  readonly gt: string;
  readonly gq: number;
  readonly dp: number;
  readonly ad: readonly number[];
  readonly vaf: readonly number[];
  readonly pl: readonly number[];
  /** Alleles of GT, sorted; null for an allele that is not known. */
  readonly alleles: readonly (string | null)[];
}

/** A plain reader of VCF text, written from VCFv4.2 §1.4 and not from the generator. */
export function readVcf(text: string): { header: readonly string[]; records: readonly ReadRecord[] } {
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    header: lines.filter((line) => line.startsWith("#")),
    records: lines.filter((line) => !line.startsWith("#")).map((line) => record(line)),
  };
}

function record(line: string): ReadRecord {
  const [chrom = "", pos = "", , ref = "", alt = "", qual = "", filter = "", , format = "", sample = ""] =
    line.split("\t");
  const values = new Map(format.split(":").map((key, index) => [key, sample.split(":")[index] ?? "."]));
  const numbers = (key: string): number[] => list(values.get(key) ?? ".").map(Number);
  const alts = list(alt);
  const gt = values.get("GT") ?? ".";
  const alleles = gt
    .split(/[/|]/)
    .map((index) => (index === "." ? null : ([ref, ...alts][Number(index)] ?? null)));
  return {
    chrom,
    pos: Number(pos),
    ref,
    alts,
    qual: qual === "." ? null : Number(qual),
    filter,
    gt,
    gq: Number(values.get("GQ")),
    dp: Number(values.get("DP")),
    ad: numbers("AD"),
    vaf: numbers("VAF"),
    pl: numbers("PL"),
    alleles: alleles.toSorted((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1)),
  };
}

function list(text: string): string[] {
  return text === "." ? [] : text.split(",");
}
