import type { Call } from "./call.ts";

const TAB = 9;
const NEWLINE = 10;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const FORMAT = "\t.\tGT:GQ:DP:AD:VAF:PL\t";
/** Room that one record may need; longer alleles are checked for. */
const RECORD_BYTES = 4096;
/** Depths whose allele fractions are kept as text. */
const KEPT_DEPTH = 64;

/** Text of records, gathered as bytes: a string for each field would cost more than making the record. */
export class RecordText {
  #bytes: Uint8Array;
  #length = 0;
  readonly #fractions: string[] = [];

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + RECORD_BYTES);
  }

  get length(): number {
    return this.#length;
  }

  /** What was gathered since the last call. Valid until the next record is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  add(label: string, call: Call): void {
    this.#makeRoom(call);
    const { evidence } = call;
    this.#text(label);
    this.#byte(TAB);
    this.#integer(call.position);
    this.#text("\t.\t");
    this.#text(call.ref);
    this.#byte(TAB);
    this.#alternates(call.alts);
    this.#byte(TAB);
    this.#tenths(evidence.qual);
    this.#byte(TAB);
    this.#text(evidence.filter);
    this.#text(FORMAT);
    this.#text(call.gt);
    this.#byte(COLON);
    this.#integer(evidence.gq);
    this.#byte(COLON);
    this.#integer(evidence.dp);
    this.#byte(COLON);
    this.#integers(evidence.ad);
    this.#byte(COLON);
    this.#alleleFractions(evidence.ad, evidence.dp);
    this.#byte(COLON);
    this.#integers(evidence.pl);
    this.#byte(NEWLINE);
  }

  #alternates(alts: readonly string[]): void {
    if (alts.length === 0) this.#byte(DOT);
    for (const [index, alt] of alts.entries()) {
      if (index > 0) this.#byte(COMMA);
      this.#text(alt);
    }
  }

  /** Reads of each ALT over DP, six significant digits; `.` for a record without ALT. */
  #alleleFractions(ad: readonly number[], dp: number): void {
    if (ad.length < 2) this.#byte(DOT);
    for (let allele = 1; allele < ad.length; allele++) {
      if (allele > 1) this.#byte(COMMA);
      this.#text(this.#fraction(ad[allele] ?? 0, dp));
    }
  }

  #fraction(reads: number, dp: number): string {
    if (dp === 0) return "0";
    if (dp >= KEPT_DEPTH) return fractionText(reads, dp);
    const key = dp * KEPT_DEPTH + reads;
    return (this.#fractions[key] ??= fractionText(reads, dp));
  }

  #tenths(value: number | null): void {
    if (value === null) {
      this.#byte(DOT);
      return;
    }
    this.#integer(Math.floor(value / 10));
    if (value % 10 === 0) return;
    this.#byte(DOT);
    this.#byte(ZERO + (value % 10));
  }

  #integers(values: readonly number[]): void {
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.#byte(COMMA);
      this.#integer(values[index] ?? 0);
    }
  }

  #integer(value: number): void {
    let digits = 1;
    for (let left = value; left >= 10; left = Math.floor(left / 10)) digits++;
    this.#length += digits;
    for (let at = this.#length - 1, left = value; at >= this.#length - digits; at--) {
      this.#bytes[at] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
  }

  #text(text: string): void {
    for (let at = 0; at < text.length; at++) this.#bytes[this.#length++] = text.charCodeAt(at);
  }

  #byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  #makeRoom({ ref, alts }: Call): void {
    const needed = this.#length + RECORD_BYTES + ref.length + alts.join().length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(needed * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

function fractionText(reads: number, dp: number): string {
  return String(Number((reads / dp).toPrecision(6)));
}
