import { PRIMARY_CONTIGS } from "../../primary-contigs.ts";
import { NUMBERED_CONTIGS } from "../numbered-contigs.ts";

/** RefSeq accessions of the chromosomes, of any version: the build is told by length. */
const REFSEQ = "NC_0000(0[1-9]|1[0-9]|2[0-4])[.][0-9]+";
/** GenBank accessions of the chromosomes, CM000663 (1) to CM000686 (Y). */
const GENBANK = "CM000(66[3-9]|67[0-9]|68[0-6])[.][0-9]+";
const FIRST_GENBANK = 663;
/** The revised Cambridge Reference Sequence, as files, RefSeq and GenBank name it. */
const MITOCHONDRION = "m|mt|nc_012920[.][0-9]+|j01415[.][0-9]+";
const PADDED = "0?[1-9]";

/**
 * The name a contig has in every table: without `chr` or `chromosome`, `M` as `MT`, `x` and `y` in upper case, numbers
 * and accessions of the chromosomes as their names. Scaffolds, decoys and HLA contigs keep their own name.
 */
export function foldContig(name: string): string {
  const bare = name.trim().replace(/^chr(?:omosome_?)?/i, "");
  if (whole(MITOCHONDRION).test(bare.toLowerCase())) return "MT";
  if (/^[xy]$/i.test(bare)) return bare.toUpperCase();
  if (whole(PADDED).test(bare)) return bare.slice(-1);
  const numbered = NUMBERED_CONTIGS.get(bare.toUpperCase());
  if (numbered !== undefined) return numbered;
  const refseq = whole(REFSEQ).exec(bare)?.[1];
  if (refseq !== undefined) return chromosome(Number(refseq));
  const genbank = whole(GENBANK).exec(bare)?.[1];
  if (genbank !== undefined) return chromosome(Number(genbank) - FIRST_GENBANK + 1);
  return bare === "" ? name : bare;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function chromosome(number: number): string {
  return PRIMARY_CONTIGS[number - 1] ?? String(number);
}
