import { countAlternates, isAnyAllele, kindOfAlleles, raise } from "./alleles.ts";
import { COMMA, LESS, NEWLINE, STAR, TAB, isMissing } from "./bytes.ts";
import { CALLS, callKind, readCall } from "./call.ts";
import type { Call, CallKind } from "./call.ts";
import type { Contig, ContigNames } from "./contig-names.ts";
import type { Layout } from "./fields.ts";
import { InfoFields } from "./info-fields.ts";
import { NO_GENOTYPE, PRESENCES } from "./mask.ts";
import type { Presence } from "./mask.ts";
import { decimalAt, integerAt, positionAt } from "./numbers.ts";
import { SampleFields } from "./sample-fields.ts";

/** Evidence that a gVCF block has to show before it counts as the reference. */
const BLOCK_MIN_DEPTH = 10;
const BLOCK_MIN_QUALITY = 20;

const CODES = Object.fromEntries(PRESENCES.map((name, code) => [name, code])) as Record<Presence, number>;
/** What a record that stands for a stretch can say of it. */
const BLOCK_PRESENCES: ReadonlySet<number> = new Set([
  CODES.hom_ref_block,
  CODES.no_data,
  CODES.no_call,
  NO_GENOTYPE,
]);
/** Places of the fixed columns, 0-based. */
export const COLUMNS = {
  contig: 0,
  pos: 1,
  id: 2,
  ref: 3,
  alt: 4,
  qual: 5,
  filter: 6,
  info: 7,
  format: 8,
} as const;

/** The depth of the sample, and what says how sure a call is, in the order in which they are looked for. */
const DEPTHS = ["DP", "MIN_DP"];
const BLOCK_DEPTHS = ["MIN_DP", "DP"];
const QUALITIES = ["GQ", "RGQ", "GQX"];

/**
 * One record of the text, read in place. One object serves all records: {@link split} makes it the next one, and
 * {@link read} finds out what it says. Values are numbers and places in `bytes`; NaN is a missing number.
 */
export class VcfRecord {
  bytes: Buffer = Buffer.alloc(0);
  /** First byte of each column, and the byte behind it. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Columns that the line has, as far as they are looked at. */
  columns = 0;

  contig: Contig = { name: "", bytes: new Uint8Array(0), place: -1 };
  /** POS; NaN when it is no position. */
  start = 0;
  /** Last base, 1-based. */
  end = 0;
  qual = 0;
  depth = 0;
  alternateCount = 0;
  /** Nothing but something that stands for "anything else", as the blocks of a gVCF have it. */
  openBlock = false;
  /** A stretch of the genome rather than a variant. */
  block = false;
  alleles: ReturnType<typeof kindOfAlleles> = 0;
  callKind: CallKind = CALLS.other;
  /** A genotype that had to be read index by index; null for the usual ones. */
  call: Call | null = null;
  /** Place in `PRESENCES`; `NO_GENOTYPE` in a file that states none. */
  presence = 0;

  readonly hasSample: boolean;
  /** Number of the sample's own filter among its fields; −1 when the file has none. */
  readonly sampleFilter: number;
  readonly info: InfoFields;
  readonly sample: SampleFields;
  readonly #contigs: ContigNames;
  readonly #wanted: number;
  readonly #genotypes: boolean;
  readonly #gt: number;
  readonly #depths: readonly number[];
  readonly #blockDepths: readonly number[];
  readonly #qualities: readonly number[];
  readonly #infoDepth: number;
  readonly #infoEnd: number;
  readonly #readInfo: boolean;

  /** `columns`: how many columns of the file are read; the last is the sample's where there is one. */
  constructor(columns: number, layout: Layout, contigs: ContigNames) {
    this.#wanted = columns;
    this.hasSample = columns > COLUMNS.format;
    this.#contigs = contigs;
    this.#genotypes = layout.genotypes;
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
    this.sample = new SampleFields(layout.format.map(({ id }) => id));
    const ids = layout.info.map(({ id }) => id);
    this.info = new InfoFields([...ids, ...["END"].filter((id) => !ids.includes(id))]);
    this.#gt = this.sample.numberOf("GT");
    this.sampleFilter = this.sample.numberOf("FT");
    this.#depths = this.#numbersOf(DEPTHS);
    this.#blockDepths = this.#numbersOf(BLOCK_DEPTHS);
    this.#qualities = this.#numbersOf(QUALITIES);
    this.#infoDepth = this.info.numberOf("DP");
    this.#infoEnd = this.info.numberOf("END");
    this.#readInfo = layout.info.length > 0;
  }

  /** Takes the line that starts at `at`, whose columns end at tabs. Returns the place of its line end. */
  split(bytes: Buffer, at: number): number {
    const { starts, ends } = this;
    // The last column is the sample's, which is split into its fields as it is passed.
    const scanned = this.hasSample ? this.#wanted - 1 : this.#wanted;
    this.bytes = bytes;
    let column = 0;
    let start = at;
    let end = at;
    for (; column < scanned; end += 1) {
      const byte = bytes[end] ?? NEWLINE;
      if (byte > NEWLINE || (byte !== TAB && byte !== NEWLINE)) continue;
      starts[column] = start;
      ends[column] = end;
      column += 1;
      start = end + 1;
      if (byte === NEWLINE) {
        this.columns = column;
        return end;
      }
    }
    if (this.hasSample) {
      starts[column] = start;
      end = this.sample.read(bytes, starts[COLUMNS.format] ?? 0, ends[COLUMNS.format] ?? 0, start);
      ends[column] = end;
    }
    this.columns = this.#wanted;
    return bytes[end] === NEWLINE ? end : bytes.indexOf(NEWLINE, end);
  }

  /** Leaves out what lies from `stop` on: the end of the line has one more byte. */
  cutAt(stop: number): void {
    const last = this.columns - 1;
    if ((this.ends[last] ?? 0) <= stop) return;
    this.ends[last] = stop;
    this.sample.cutAt(stop);
  }

  /** Whether the line has all columns that are read. */
  get isWhole(): boolean {
    return this.columns === this.#wanted;
  }

  text(column: number): string {
    return this.bytes.toString("utf8", this.starts[column], this.ends[column]);
  }

  /** ALT, allele by allele; empty for `.`. */
  alternates(): string[] {
    return this.#altIsMissing() ? [] : this.text(COLUMNS.alt).split(",");
  }

  /** First byte of the sample's GT; −1 without one. */
  get gt(): number {
    return this.#gt < 0 ? -1 : (this.sample.starts[this.#gt] ?? -1);
  }

  get gtEnd(): number {
    return this.sample.ends[this.#gt] ?? 0;
  }

  /** Reads the record as far as every record is read. */
  read(): void {
    const { bytes, starts, ends } = this;
    this.contig = this.#contigs.at(bytes, starts[COLUMNS.contig] ?? 0, ends[COLUMNS.contig] ?? 0);
    this.start = positionAt(bytes, starts[COLUMNS.pos] ?? 0, ends[COLUMNS.pos] ?? 0);
    const ref = starts[COLUMNS.ref] ?? 0;
    const refEnd = ends[COLUMNS.ref] ?? 0;
    const alt = starts[COLUMNS.alt] ?? 0;
    const altEnd = ends[COLUMNS.alt] ?? 0;
    raise(bytes, ref, refEnd);
    raise(bytes, alt, altEnd);
    this.qual = decimalAt(bytes, starts[COLUMNS.qual] ?? 0, ends[COLUMNS.qual] ?? 0);
    this.alleles = kindOfAlleles(bytes, ref, refEnd, alt, altEnd);
    const altIsMissing = this.#altIsMissing();
    const mayBeBlock = altIsMissing || bytes[alt] === LESS;
    if (this.#readInfo || mayBeBlock)
      this.info.read(bytes, starts[COLUMNS.info] ?? 0, ends[COLUMNS.info] ?? 0);
    this.alternateCount = altIsMissing ? 0 : countAlternates(bytes, alt, altEnd);
    this.openBlock =
      mayBeBlock &&
      (altIsMissing ? (this.info.present[this.#infoEnd] ?? 0) === 1 : isAnyAllele(bytes, alt, altEnd));
    this.depth = this.#firstOf(this.#depths);
    if (Number.isNaN(this.depth)) this.depth = this.#depthOfInfo();
    this.#readGenotype(alt, altEnd);
    this.block = this.openBlock && BLOCK_PRESENCES.has(this.presence);
    const last = this.start + (refEnd - ref) - 1;
    this.end = this.block ? Math.max(this.start, this.#endOfInfo(last)) : last;
  }

  #readGenotype(alt: number, altEnd: number): void {
    const { bytes, gt } = this;
    this.call = null;
    this.callKind = CALLS.other;
    if (!this.#genotypes) {
      this.presence = NO_GENOTYPE;
      return;
    }
    if (gt < 0) {
      this.presence = CODES.no_call;
      return;
    }
    this.callKind = callKind(bytes, gt, this.gtEnd);
    switch (this.callKind) {
      case CALLS.homRef:
      case CALLS.haploidRef:
        this.presence = this.#referencePresence();
        return;
      case CALLS.noCall:
        this.presence = CODES.no_call;
        return;
      case CALLS.het:
      case CALLS.homAlt:
      case CALLS.haploidAlt:
        if (!this.#isOneAllele(alt, altEnd)) break;
        this.presence = CODES.called_variant;
        return;
      case CALLS.other:
    }
    this.call = readCall(bytes.toString("latin1", gt, this.gtEnd), this.text(COLUMNS.ref), this.alternates());
    const { presence } = this.call;
    this.presence = presence === null ? this.#referencePresence() : CODES[presence];
  }

  #isOneAllele(alt: number, altEnd: number): boolean {
    const first = this.bytes[alt];
    return this.alternateCount === 1 && (altEnd - alt > 1 || first !== STAR);
  }

  /** A block says "no variant seen": the reference only where enough was seen, whatever its GT says. */
  #referencePresence(): number {
    if (!this.openBlock) return CODES.called_hom_ref;
    const seen =
      this.#firstOf(this.#blockDepths) >= BLOCK_MIN_DEPTH &&
      this.#firstOf(this.#qualities) >= BLOCK_MIN_QUALITY;
    return seen ? CODES.hom_ref_block : CODES.no_data;
  }

  #altIsMissing(): boolean {
    return isMissing(this.bytes, this.starts[COLUMNS.alt] ?? 0, this.ends[COLUMNS.alt] ?? 0);
  }

  /** The first of the sample's fields that has a number. */
  #firstOf(fields: readonly number[]): number {
    for (const field of fields) {
      const start = this.sample.starts[field] ?? -1;
      if (start < 0) continue;
      const value = integerAt(this.bytes, start, this.sample.ends[field] ?? 0);
      if (!Number.isNaN(value)) return value;
    }
    return Number.NaN;
  }

  #depthOfInfo(): number {
    const start = this.info.starts[this.#infoDepth] ?? -1;
    if (start < 0) return Number.NaN;
    const end = this.info.ends[this.#infoDepth] ?? 0;
    const comma = this.bytes.subarray(start, end).indexOf(COMMA);
    return integerAt(this.bytes, start, comma < 0 ? end : start + comma);
  }

  #endOfInfo(otherwise: number): number {
    const start = this.info.starts[this.#infoEnd] ?? -1;
    const value = start < 0 ? Number.NaN : integerAt(this.bytes, start, this.info.ends[this.#infoEnd] ?? 0);
    return Number.isNaN(value) ? otherwise : value;
  }

  #numbersOf(ids: readonly string[]): number[] {
    return ids.map((id) => this.sample.numberOf(id)).filter((number) => number >= 0);
  }
}
