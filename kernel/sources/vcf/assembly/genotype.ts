import { CALLED_VARIANT, HALF_CALL, NO_CALL, OVERLAPPED, POLYPLOID } from "../codes";
import { Spans } from "./memory";
import { BAR, COMMA, DOT, ONE, SLASH, STAR, ZERO, byteAt, compare, find, isDigit } from "./text";

/** The genotypes that nearly every record has, told by their bytes alone. */
export const HOM_REF: i32 = 0;
export const HET: i32 = 1;
export const HOM_ALT: i32 = 2;
export const NO_ALLELES: i32 = 3;
export const HAPLOID_REF: i32 = 4;
export const HAPLOID_ALT: i32 = 5;
export const OTHER: i32 = 6;

/** Presence of a call of the reference alone, until it is known what it rests on. */
export const REFERENCE: i32 = -1;

/** Which of the usual genotypes a GT is. */
export function callKind(start: usize, end: usize): i32 {
  const first = byteAt(start);
  if (end - start === 1) {
    if (first === ZERO) return HAPLOID_REF;
    if (first === ONE) return HAPLOID_ALT;
    return first === DOT ? NO_ALLELES : OTHER;
  }
  if (end - start !== 3 || !isSeparator(byteAt(start + 1))) return OTHER;
  const second = byteAt(start + 2);
  if (first === DOT && second === DOT) return NO_ALLELES;
  if (first === ZERO) return second === ZERO ? HOM_REF : second === ONE ? HET : OTHER;
  if (first !== ONE) return OTHER;
  return second === ONE ? HOM_ALT : second === ZERO ? HET : OTHER;
}

/** A genotype that is read index by index: every index counts all alternates. Rule: VCFv4.3 §1.6.2. */
@final
export class Call {
  /** Alleles that are known, sorted; none for a no-call. */
  count: i32 = 0;
  /** What it says of the record; {@link REFERENCE} for a reference call, whose presence hangs on the evidence. */
  presence: i32 = 0;
  /** Highest index of an alternate that it names; 0 when there is none, and in a call that is none. */
  highest: i32 = 0;
  /** An index has no allele: the call is none. */
  indexBeyond: bool = false;
  /** It is no list of alleles: the call is none. */
  malformed: bool = false;
  private readonly alleles: Spans = new Spans();

  start(allele: i32): usize {
    return this.alleles.start(allele);
  }

  end(allele: i32): usize {
    return this.alleles.end(allele);
  }

  /** Reads any GT. `alt` is ALT whole; `altEnd` is `alt` where there is no alternate. */
  read(gt: usize, gtEnd: usize, ref: usize, refEnd: usize, alt: usize, altEnd: usize): void {
    this.count = 0;
    this.highest = 0;
    this.indexBeyond = false;
    this.malformed = !isList(gt, gtEnd);
    let indexes = 0;
    let dots = 0;
    let spans = false;
    for (let at = gt; at < gtEnd;) {
      const byte = byteAt(at);
      if (byte === DOT) dots += 1;
      if (!isDigit(byte)) {
        at += 1;
        continue;
      }
      let index = 0;
      for (; at < gtEnd && isDigit(byteAt(at)); at += 1) {
        index = min(index * 10 + (byteAt(at) - ZERO), 1 << 24);
      }
      indexes += 1;
      this.highest = max(this.highest, index);
      if (index === 0) this.add(ref, refEnd);
      else if (!this.addAlternate(index, alt, altEnd)) this.indexBeyond = true;
    }
    for (let i = 0; i < this.count; i += 1) {
      if (this.end(i) - this.start(i) === 1 && byteAt(this.start(i)) === STAR) spans = true;
    }
    if (this.malformed) this.indexBeyond = false;
    if (this.indexBeyond || this.malformed) this.count = 0;
    if (this.count === 0) this.highest = 0;
    if (this.count === 0) this.presence = NO_CALL;
    else if (indexes + dots > 2) this.presence = POLYPLOID;
    else if (spans) this.presence = OVERLAPPED;
    else if (dots > 0) this.presence = HALF_CALL;
    else this.presence = isReference(gt, gtEnd) ? REFERENCE : CALLED_VARIANT;
  }

  /** Adds the alternate of an index, from 1 up; tells whether there is one. */
  private addAlternate(index: i32, alt: usize, altEnd: usize): bool {
    if (alt === altEnd) return false;
    let at = alt;
    let stop = find(COMMA, at, altEnd);
    for (let left = index; left > 1; left -= 1) {
      if (stop === altEnd) return false;
      at = stop + 1;
      stop = find(COMMA, at, altEnd);
    }
    this.add(at, stop);
    return true;
  }

  /** Puts an allele where it belongs in the order of bytes. */
  private add(start: usize, end: usize): void {
    this.alleles.ensure(this.count + 1, this.count);
    let place = this.count;
    for (; place > 0 && compare(this.start(place - 1), this.end(place - 1), start, end) > 0; place -= 1) {
      this.alleles.put(place, this.start(place - 1), this.end(place - 1));
    }
    this.alleles.put(place, start, end);
    this.count += 1;
  }
}

function isSeparator(byte: i32): bool {
  return byte === SLASH || byte === BAR;
}

/** Indexes or dots with one separator between two, and perhaps one in front. */
function isList(start: usize, end: usize): bool {
  let at = start < end && isSeparator(byteAt(start)) ? start + 1 : start;
  let from = at;
  do {
    from = at;
    while (at < end && isDigit(byteAt(at))) at += 1;
    if (at === from && at < end && byteAt(at) === DOT) at += 1;
    if (at === end) return at > from;
    at += 1;
  } while (at - 1 > from && isSeparator(byteAt(at - 1)));
  return false;
}

/** Zeros alone, with one separator between two and perhaps one in front. */
function isReference(start: usize, end: usize): bool {
  let wasZero = false;
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(at);
    const isZero = byte === ZERO;
    if (!isZero && (!isSeparator(byte) || (!wasZero && at > start))) return false;
    wasZero = isZero;
  }
  return wasZero;
}
