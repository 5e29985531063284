import { BAR, DOT, ZERO } from "./bytes.ts";
import type { Presence } from "./mask.ts";

/** The genotypes that nearly every record has, told by their bytes alone. */
export const CALLS = {
  homRef: 0,
  het: 1,
  homAlt: 2,
  noCall: 3,
  haploidRef: 4,
  haploidAlt: 5,
  other: 6,
} as const;
export type CallKind = (typeof CALLS)[keyof typeof CALLS];

const ONE = 0x31;
const SLASH = 0x2f;

/** Which of the usual genotypes `bytes[start … end)` is. */
export function callKind(bytes: Uint8Array, start: number, end: number): CallKind {
  const first = bytes[start] ?? 0;
  if (end - start === 1) {
    if (first === ZERO) return CALLS.haploidRef;
    if (first === ONE) return CALLS.haploidAlt;
    return first === DOT ? CALLS.noCall : CALLS.other;
  }
  const separator = bytes[start + 1];
  if (end - start !== 3 || (separator !== SLASH && separator !== BAR)) return CALLS.other;
  const second = bytes[start + 2] ?? 0;
  if (first === DOT && second === DOT) return CALLS.noCall;
  if (first === ZERO) return second === ZERO ? CALLS.homRef : second === ONE ? CALLS.het : CALLS.other;
  if (first !== ONE) return CALLS.other;
  return second === ONE ? CALLS.homAlt : second === ZERO ? CALLS.het : CALLS.other;
}

export function isPhased(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BAR) return true;
  return false;
}

/** A genotype that was read index by index. */
export interface Call {
  /** Alleles that are known, sorted; empty for a no-call. */
  readonly alleles: readonly string[];
  /** Presence of the record; null for a reference call, whose presence hangs on the evidence. */
  readonly presence: Presence | null;
  /** An index has no allele: the call is none. */
  readonly indexBeyond: boolean;
}

/** Reads any GT: every index counts all alternates, also those that stand for "anything else". Rule: VCFv4.3 §1.6.2. */
export function readCall(gt: string, ref: string, alternates: readonly string[]): Call {
  const all = [ref, ...alternates];
  const called = (gt.match(/\d+/g) ?? []).map((index) => all[Number(index)]);
  const alleles = called.filter((allele) => allele !== undefined);
  const indexBeyond = alleles.length < called.length;
  if (indexBeyond || alleles.length === 0) return { alleles: [], presence: "no_call", indexBeyond };
  // UTF-16 units compare as bytes do for everything that alleles are made of.
  return {
    alleles: alleles.toSorted((a, b) => (a < b ? -1 : Number(a > b))),
    presence: presence(gt, alleles),
    indexBeyond,
  };
}

function presence(gt: string, alleles: readonly string[]): Presence | null {
  if ((gt.match(/\d+|[.]/g) ?? []).length > 2) return "polyploid";
  if (alleles.includes("*")) return "overlapped";
  if (gt.includes(".")) return "half_call";
  return /^[/|]?0+([/|]0+)*$/.test(gt) ? null : "called_variant";
}
