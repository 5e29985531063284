import type { Evidence, Filter } from "./call.ts";
import type { Random } from "./random.ts";

/** How good the evidence is: `shallow` has fewer than 10 reads, `doubtful` a QUAL under 20. */
export type Grade = "good" | "shallow" | "doubtful";
/** Copies of the contig in the sample; mitochondria have thousands. */
export type Copies = 1 | 2 | "many";

/** Fewest reads that the `shallow` grade has, and the most. */
const SHALLOW = { fewest: 3, most: 9 };
/** Reads or a Phred score that a likelihood of this model never passes. */
const HIGHEST_LIKELIHOOD = 60;
/** Above this GQ DeepVariant writes 0/0 for a reference call, below it `./.`. */
const CONFIDENT_REFERENCE = 20;
/** QUAL in tenths of a reference call by its GQ: −10·log₁₀(1 − 10^(−GQ/10)); from 20 up it rounds to 0. */
const REFERENCE_QUAL = [0, 69, 43, 30, 22, 17, 13, 10, 7, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1, 1];

/**
 * Evidence for a genotype that the caller stands by.
 *
 * `called` holds the indices of the alleles, ascending, one for each copy that GT states; `alleles` is the
 * number of alleles of the record, REF included.
 */
export function calledEvidence(
  called: readonly number[],
  alleles: number,
  { grade, copies, filter = "PASS" }: { grade: Grade; copies: Copies; filter?: Filter },
  random: Random,
): Evidence {
  const dp = depth(grade, copies, random);
  const qual = quality(grade, random);
  const pl = likelihoods(called, alleles, Math.max(1, Math.floor(qual / 10)), dp, random);
  return { filter, qual, gq: genotypeQuality(pl, random), dp, ad: reads(called, alleles, dp, random), pl };
}

/** A site the model takes for reference in spite of some other reads: 0/0 when it is sure, else `./.`. */
export function referenceCallEvidence(sure: boolean, copies: Copies, random: Random): Evidence {
  const dp = depth(random.chance(0.12) ? "shallow" : "good", copies, random);
  const gq = sure ? CONFIDENT_REFERENCE + random.below(30) : 3 + random.below(CONFIDENT_REFERENCE - 3);
  const others = 1 + random.below(Math.max(1, Math.floor(dp / 3)));
  const pl = referenceLikelihoods(genotypeCount(2, 2), gq, random);
  return { filter: "RefCall", qual: REFERENCE_QUAL[gq] ?? 0, gq, dp, ad: [dp - others, others], pl };
}

/** A site that was asked for and found to be reference: QUAL, the chance of a variant, is not stated. */
export function confirmedReferenceEvidence(
  alleles: number,
  { ploidy, copies }: { ploidy: number; copies: Copies },
  random: Random,
): Evidence {
  const gq = 30 + random.below(20);
  const dp = depth("good", copies, random);
  const pl = referenceLikelihoods(genotypeCount(alleles, ploidy), gq, random);
  return { filter: "PASS", qual: null, gq, dp, ad: [dp, ...zeros(alleles - 1)], pl };
}

/** Reads are there, but no genotype and no filter: as joint callers write a site they could not resolve. */
export function unresolvedEvidence(alleles: number, copies: Copies, random: Random): Evidence {
  const dp = depth("good", copies, random);
  const pl = zeros(genotypeCount(alleles, 2));
  return { filter: ".", qual: null, gq: 0, dp, ad: reads([0, alleles - 1], alleles, dp, random), pl };
}

/** No read at all. */
export function nothingRead(alleles: number): Evidence {
  const pl = zeros(genotypeCount(alleles, 2));
  return { filter: "NoCall", qual: 0, gq: 0, dp: 0, ad: zeros(alleles), pl };
}

function depth(grade: Grade, copies: Copies, random: Random): number {
  if (grade === "shallow") return SHALLOW.fewest + random.below(SHALLOW.most - SHALLOW.fewest + 1);
  if (copies === "many") return 1200 + random.below(2400);
  if (copies === 1) return 10 + random.below(8) + random.below(8);
  return 18 + random.below(12) + random.below(12) + random.below(10);
}

/** QUAL in tenths. */
function quality(grade: Grade, random: Random): number {
  if (grade === "good") return 220 + random.below(120) + random.below(240);
  return grade === "shallow" ? 60 + random.below(220) : 10 + random.below(188);
}

function reads(called: readonly number[], alleles: number, dp: number, random: Random): number[] {
  const counted = dp - (random.below(8) === 0 ? 1 : 0);
  const ad = zeros(alleles);
  const [one = 0, other = one] = called;
  if (one !== other) {
    ad[one] = Math.min(counted - 1, Math.max(1, random.heads(counted)));
    ad[other] = counted - ad[one];
  } else {
    const stray = one > 0 && counted > 4 && random.chance(0.12) ? 1 : 0;
    ad[0] = stray;
    ad[one] = counted - stray;
  }
  return ad;
}

/** Genotypes in VCF order: for two copies 0/0, 0/1, 1/1, 0/2, 1/2, 2/2; for one 0, 1, 2. */
function likelihoods(
  called: readonly number[],
  alleles: number,
  reference: number,
  dp: number,
  random: Random,
): number[] {
  const pl: number[] = [];
  const [one = 0, other = one] = called;
  const homozygous = one === other;
  for (let second = 0; second < alleles; second++) {
    for (let first = called.length === 1 ? second : 0; first <= second; first++) {
      if (first === one && second === other) pl.push(0);
      else if (second === 0) pl.push(reference);
      // n reads of one allele are 2ⁿ times less likely from a heterozygote: 3 Phred a read.
      else if (homozygous)
        pl.push(atLeastOne(Math.min(reference, HIGHEST_LIKELIHOOD, 3 * dp) - random.below(6)));
      else pl.push(atLeastOne(reference - 3 + random.below(25)));
    }
  }
  return pl;
}

function referenceLikelihoods(genotypes: number, gq: number, random: Random): number[] {
  const pl = [0];
  for (let other = 1; other < genotypes; other++) pl.push(gq + random.below(other === 1 ? 3 : 25));
  return pl;
}

function genotypeCount(alleles: number, ploidy: number): number {
  return ploidy === 1 ? alleles : (alleles * (alleles + 1)) / 2;
}

function genotypeQuality(pl: readonly number[], random: Random): number {
  return atLeastOne(Math.min(...pl.filter((likelihood) => likelihood > 0)) - random.below(2));
}

function atLeastOne(likelihood: number): number {
  return Math.max(1, likelihood);
}

function zeros(count: number): number[] {
  const list: number[] = [];
  while (list.length < count) list.push(0);
  return list;
}
