import { BAR, COMMA, DOT, LESS, STAR, isText } from "./bytes.ts";
import { ALLELES } from "./mask.ts";

/** Alternates that stand for "anything else". */
const ANY_ALLELES: readonly Uint8Array[] = ["<NON_REF>", "<*>", "<X>"].map((text) => Buffer.from(text));
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;
const TO_UPPER = 0x20;

/** 1 for the letters of bases that are known. */
const IS_BASE = new Uint8Array(256);
for (const byte of Buffer.from("ACGT")) IS_BASE[byte] = 1;

/** Writes the letters of `bytes[start … end)` in upper case, in place. */
export function raise(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= LOWER_A && byte <= LOWER_Z) bytes[at] = byte - TO_UPPER;
  }
}

/** Whether an alternate stands for "anything else". */
export function isAnyAllele(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes[start] === LESS && ANY_ALLELES.some((text) => isText(bytes, start, end, text));
}

/** Number of alternates of an ALT that is not missing. */
export function countAlternates(bytes: Uint8Array, start: number, end: number): number {
  let count = 1;
  for (let at = start; at < end; at += 1) if (bytes[at] === COMMA) count += 1;
  return count;
}

/** Alternates joined by `|` in a buffer of their own, without those that stand for "anything else". */
export function joinAlternates(bytes: Buffer, start: number, end: number): Buffer {
  const joined = Buffer.from(bytes.subarray(start, end));
  if (!joined.includes(LESS)) return joined.map((byte) => (byte === COMMA ? BAR : byte)) as Buffer;
  const kept = joined
    .toString()
    .split(",")
    .filter((text) => !isAnyAllele(Buffer.from(text), 0, text.length));
  return Buffer.from(kept.join("|"));
}

/** Of what kind the alleles of a record are, see {@link ALLELES}. `alt` is ALT whole, in upper case. */
export function kindOfAlleles(
  bytes: Buffer,
  ref: number,
  refEnd: number,
  alt: number,
  altEnd: number,
): (typeof ALLELES)[keyof typeof ALLELES] {
  if (isPlain(bytes, ref, refEnd, false) && isPlain(bytes, alt, altEnd, true)) return ALLELES.plain;
  const alternates = bytes.toString("latin1", alt, altEnd);
  if (/<(NON_REF|\*|X)>/.test(alternates)) return ALLELES.reference;
  return /[[\]<.]/.test(alternates) ? ALLELES.symbolic : ALLELES.ambiguous;
}

/** The first allele that is not spelt in known bases. */
export function oddAllele(ref: string, alternates: readonly string[]): string | undefined {
  return [ref, ...alternates].find((allele) => !/^[ACGT*]+$/.test(allele));
}

/** Bases, spanning deletions, and a dot at the end of ALT: alone it says that there is no alternate. */
function isPlain(bytes: Uint8Array, start: number, end: number, isAlt: boolean): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (IS_BASE[byte] === 1 || byte === STAR || byte === COMMA) continue;
    if (!(isAlt && byte === DOT && at === end - 1)) return false;
  }
  return true;
}
