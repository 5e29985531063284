import type { Random } from "./random.ts";

const BASES = ["A", "C", "G", "T"] as const;
/** A random byte chooses A, C, G or T with a G+C share of 41 %, as in the human genome. */
const BY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 76 ? 0 : byte < 128 ? 1 : byte < 180 ? 2 : 3,
);
/** A↔G and C↔T by index. */
const TRANSITION = ["G", "T", "A", "C"] as const;
const TRANSVERSIONS = [
  ["C", "T"],
  ["A", "G"],
  ["C", "T"],
  ["A", "G"],
] as const;

/**
 * Base of the made-up reference at a position: a hash of both, so that overlapping records agree and every
 * seed has the same reference. It is not the sequence of GRCh38.
 */
function referenceBase(contigIndex: number, position: number): string {
  return BASES[baseIndex(contigIndex, position)] ?? "N";
}

export function referenceBases(contigIndex: number, position: number, length: number): string {
  let bases = "";
  for (let at = position; at < position + length; at++) bases += referenceBase(contigIndex, at);
  return bases;
}

/** Another base than `base`: the transition with the given probability, else either transversion. */
export function substitute(base: string, transition: number, random: Random): string {
  const index = BASES.indexOf(base as (typeof BASES)[number]);
  const kept = random.chance(transition);
  return (kept ? TRANSITION[index] : TRANSVERSIONS[index]?.[random.below(2)]) ?? "N";
}

export function randomBases(length: number, random: Random): string {
  let bases = "";
  for (let at = 0; at < length; at++) bases += BASES[BY_BYTE[random.below(256)] ?? 0] ?? "N";
  return bases;
}

function baseIndex(contigIndex: number, position: number): number {
  let mixed = Math.imul(position ^ Math.imul(contigIndex + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return BY_BYTE[(mixed ^ (mixed >>> 16)) & 0xff] ?? 0;
}
