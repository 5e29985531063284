import { AMBIGUOUS, PLAIN, REFERENCE_ALLELE, SYMBOLIC } from "../codes";
import { Stretch } from "./memory";
import { BAR, CLOSE, COMMA, DOT, LESS, OPEN, STAR, byteAt, find, isText, word } from "./text";

/** Alternates that stand for "anything else": `<*>`, `<X>` and `<NON_REF>`. */
const STAR_ALLELE: u64 = 0x3e2a3c;
const X_ALLELE: u64 = 0x3e583c;
const NON_REF: usize = memory.data<u8>([0x3c, 0x4e, 0x4f, 0x4e, 0x5f, 0x52, 0x45, 0x46, 0x3e]);
const NON_REF_BYTES: usize = 9;

/** 1 for the letters of bases that are known. */
const IS_BASE: StaticArray<u8> = new StaticArray<u8>(256);
unchecked((IS_BASE[0x41] = 1));
unchecked((IS_BASE[0x43] = 1));
unchecked((IS_BASE[0x47] = 1));
unchecked((IS_BASE[0x54] = 1));

/** Whether an alternate stands for "anything else". */
export function isAnyAllele(start: usize, end: usize): bool {
  if (byteAt(start) !== LESS) return false;
  return isShortAny(start, end) || isText(start, end, NON_REF, NON_REF_BYTES);
}

/** Number of alternates of an ALT that is not missing. */
export function countAlternates(start: usize, end: usize): i32 {
  let count = 1;
  for (let at = start; at < end; at += 1) if (byteAt(at) === COMMA) count += 1;
  return count;
}

/** Of what kind the alleles of a record are. `alt` is ALT whole, in upper case. */
export function kindOfAlleles(ref: usize, refEnd: usize, alt: usize, altEnd: usize): i32 {
  if (isPlain(ref, refEnd, false) && isPlain(alt, altEnd, true)) return PLAIN;
  let kind = AMBIGUOUS;
  for (let at = alt; at < altEnd; at += 1) {
    const byte = byteAt(at);
    if (byte === LESS && startsWithAny(at, altEnd)) return REFERENCE_ALLELE;
    if (byte === LESS || byte === OPEN || byte === CLOSE || byte === DOT) kind = SYMBOLIC;
  }
  return kind;
}

/**
 * Alternates joined by `|` in memory of their own, without those that stand for "anything else" behind all others: what
 * the genotype names stays, and every index means the same alternate.
 */
@final
export class JoinedAlternates {
  private readonly bytes: Stretch = new Stretch(256);
  private length: usize = 0;

  get start(): usize {
    return this.bytes.at;
  }

  get end(): usize {
    return this.bytes.at + this.length;
  }

  /** `called`: the highest index that the genotype names. */
  join(alt: usize, altEnd: usize, called: i32): void {
    let end = alt;
    let index = 1;
    for (let at = alt; at <= altEnd; index += 1) {
      const stop = find(COMMA, at, altEnd);
      if (index <= called || !isAnyAllele(at, stop)) end = stop;
      at = stop + 1;
    }
    this.length = end - alt;
    this.bytes.ensure(this.length, 0);
    memory.copy(this.bytes.at, alt, this.length);
    for (let at = this.start; at < this.end; at += 1) if (byteAt(at) === COMMA) store<u8>(at, BAR);
  }
}

function isShortAny(start: usize, end: usize): bool {
  if (end - start !== 3) return false;
  const text = word(start, 3);
  return text === STAR_ALLELE || text === X_ALLELE;
}

function startsWithAny(start: usize, end: usize): bool {
  return (
    (end - start >= 3 && isShortAny(start, start + 3)) ||
    (end - start >= NON_REF_BYTES && isText(start, start + NON_REF_BYTES, NON_REF, NON_REF_BYTES))
  );
}

/** Bases, spanning deletions, and a dot at the end of ALT: alone it says that there is no alternate. */
function isPlain(start: usize, end: usize, isAlt: bool): bool {
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(at);
    if (unchecked(IS_BASE[byte]) === 1 || byte === STAR || byte === COMMA) continue;
    if (!(isAlt && byte === DOT && at === end - 1)) return false;
  }
  return true;
}
