import { randomBases, referenceBases, substitute } from "./bases.ts";
import type { Call } from "./call.ts";
import { isHaploid } from "./contigs.ts";
import type { Contig } from "./contigs.ts";
import { calledEvidence, nothingRead, referenceCallEvidence } from "./evidence.ts";
import type { Copies, Grade } from "./evidence.ts";
import type { Random } from "./random.ts";

/** Shares of all records, in thousandths. */
const REFERENCE_CALLS = 280;
const NOTHING_READ = 3;
const LOW_QUALITY = 8;
/** Shares of the records that pass. */
const MULTI_ALLELIC = 0.014;
const HETEROZYGOUS = 0.65;
/** Shares of all bi-allelic records, in hundredths; the rest are insertions. */
const SUBSTITUTIONS = 85;
const DELETIONS = 8;
/** Odds of a transition: 0.672 gives the Ti/Tv of 2.05 that a human genome has; errors have about one half. */
const TRANSITION = 0.672;
const TRANSITION_OF_ERRORS = 0.5;
/** Longest inserted or deleted run: REF is at most one base longer. */
export const LONGEST_INDEL = 49;

/** One record of the background: everything about it but its position is drawn here. */
export function randomCall(contig: Contig, contigIndex: number, position: number, random: Random): Call {
  const haploid = isHaploid(contig.name, position);
  const copies: Copies = contig.name === "MT" ? "many" : haploid ? 1 : 2;
  const kind = random.below(1000);
  if (kind < REFERENCE_CALLS) {
    const sure = random.chance(0.55);
    const evidence = referenceCallEvidence(sure, copies, random);
    const alleles = biallelic(contigIndex, position, TRANSITION_OF_ERRORS, random);
    return { position, ...alleles, gt: sure ? "0/0" : "./.", evidence };
  }
  if (kind < REFERENCE_CALLS + NOTHING_READ) {
    const alleles = biallelic(contigIndex, position, TRANSITION_OF_ERRORS, random);
    return { position, ...alleles, gt: "./.", evidence: nothingRead(2) };
  }
  if (kind < REFERENCE_CALLS + NOTHING_READ + LOW_QUALITY) {
    const gt = haploid ? HOMOZYGOUS_GT : HETEROZYGOUS_GT;
    const options = { grade: "doubtful", copies, filter: "LowQual" } as const;
    const alleles = biallelic(contigIndex, position, TRANSITION_OF_ERRORS, random);
    return { position, ...alleles, gt: gt.text, evidence: calledEvidence(gt.called, 2, options, random) };
  }
  const options = { grade: grade(random), copies };
  if (!haploid && random.chance(MULTI_ALLELIC)) {
    const gt = random.chance(0.85) ? TWO_ALTERNATES_GT : SECOND_ALTERNATE_GT;
    const alleles = multiallelic(contigIndex, position, random);
    return { position, ...alleles, gt: gt.text, evidence: calledEvidence(gt.called, 3, options, random) };
  }
  const gt = !haploid && random.chance(HETEROZYGOUS) ? HETEROZYGOUS_GT : HOMOZYGOUS_GT;
  const alleles = biallelic(contigIndex, position, TRANSITION, random);
  return { position, ...alleles, gt: gt.text, evidence: calledEvidence(gt.called, 2, options, random) };
}

const HETEROZYGOUS_GT = { text: "0/1", called: [0, 1] } as const;
/** Also for one copy: DeepVariant writes two alleles on every contig unless told which are haploid. */
const HOMOZYGOUS_GT = { text: "1/1", called: [1, 1] } as const;
const TWO_ALTERNATES_GT = { text: "1/2", called: [1, 2] } as const;
const SECOND_ALTERNATE_GT = { text: "0/2", called: [0, 2] } as const;

function grade(random: Random): Grade {
  const share = random.below(100);
  return share < 6 ? "shallow" : share < 14 ? "doubtful" : "good";
}

function biallelic(
  contigIndex: number,
  position: number,
  transition: number,
  random: Random,
): { ref: string; alts: string[] } {
  const kind = random.below(100);
  const anchor = referenceBases(contigIndex, position, 1);
  if (kind < SUBSTITUTIONS) return { ref: anchor, alts: [substitute(anchor, transition, random)] };
  const length = random.length(LONGEST_INDEL);
  if (kind < SUBSTITUTIONS + DELETIONS) {
    return { ref: referenceBases(contigIndex, position, length + 1), alts: [anchor] };
  }
  return { ref: anchor, alts: [anchor + randomBases(length, random)] };
}

/** A tandem repeat of which one haplotype lost units and the other gained some, or two substitutions. */
function multiallelic(
  contigIndex: number,
  position: number,
  random: Random,
): { ref: string; alts: string[] } {
  const anchor = referenceBases(contigIndex, position, 1);
  if (random.chance(0.3)) {
    const first = substitute(anchor, TRANSITION, random);
    let second = first;
    while (second === first) second = substitute(anchor, TRANSITION, random);
    return { ref: anchor, alts: [first, second] };
  }
  const unit = referenceBases(contigIndex, position + 1, 1 + random.below(4));
  const ref = anchor + unit;
  return { ref, alts: [anchor, ref + unit.repeat(1 + random.below(3))] };
}
