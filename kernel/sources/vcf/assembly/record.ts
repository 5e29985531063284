import {
  ALT,
  CALLED_HOM_REF,
  CALLED_VARIANT,
  FORMAT,
  HALF_CALL,
  HOM_REF_BLOCK,
  INFO,
  NO_CALL,
  NO_DATA,
  NO_GENOTYPE,
  POS,
  QUAL,
  REF,
  SYMBOLIC,
} from "../codes";
import { countAlternates, isAnyAllele, kindOfAlleles } from "./alleles";
import {
  Call,
  HAPLOID_ALT,
  HAPLOID_REF,
  HET,
  HOM_ALT,
  HOM_REF,
  NO_ALLELES,
  OTHER,
  REFERENCE,
  callKind,
} from "./genotype";
import { InfoFields } from "./info-fields";
import { Spans } from "./memory";
import { NO_INTEGER, decimalAt, integerAt, positionAt, wholePartAt } from "./numbers";
import { SampleFields } from "./sample-fields";
import { Shape } from "./shape";
import {
  COMMA,
  LESS,
  NEWLINE,
  STAR,
  byteAt,
  columnEnds,
  find,
  isMissing,
  lineEnd,
  raise,
  word,
} from "./text";

/** Evidence that a gVCF block has to show before it counts as the reference. */
const BLOCK_MIN_DEPTH: i32 = 10;
const BLOCK_MIN_QUALITY: i32 = 20;
/** `<DEL`, as {@link word} has it: also `<DEL:ME:ALU>`. */
const DELETION: u64 = 0x4c45443c;
/** `<CN0>`: of this allele no copy is left. */
const NO_COPY: u64 = 0x3e304e433c;

/**
 * One record of the text, read in place. One object serves all records: {@link split} makes it the next one, and
 * {@link read} finds out what it says.
 */
@final
export class VcfRecord {
  /** Columns that the line has, as far as they are looked at. */
  columns: i32 = 0;
  /** POS; {@link NO_INTEGER} when it is no position. */
  pos: i32 = 0;
  /** Last base, 1-based. */
  last: i64 = 0;
  /** NaN when it is missing. */
  qual: f64 = 0;
  /** {@link NO_INTEGER} when it is missing. */
  depth: i32 = 0;
  /** Whether it is of the sample, and not of all samples. */
  private isOwnDepth: bool = false;
  alternates: i32 = 0;
  /** Nothing but something that stands for "anything else", as the blocks of a gVCF have it. */
  openBlock: bool = false;
  /** A stretch of the genome rather than a variant. */
  block: bool = false;
  alleles: i32 = 0;
  callKind: i32 = OTHER;
  /** Whether the genotype had to be read index by index, into `call`. */
  hasCall: bool = false;
  readonly call: Call = new Call();
  presence: i32 = 0;
  readonly info: InfoFields = new InfoFields();
  readonly sample: SampleFields = new SampleFields();
  private hasInfo: bool = false;
  /** First byte of each column, and the byte behind it. */
  private readonly places: Spans = new Spans();

  constructor(readonly shape: Shape) {}

  @inline
  start(column: i32): usize {
    return this.places.start(column);
  }

  @inline
  end(column: i32): usize {
    return this.places.end(column);
  }

  /** Makes room for the columns of the shape. */
  prepare(): void {
    this.places.ensure(this.shape.columns, 0);
  }

  /** Takes the line that starts at `at`, whose columns end at tabs. Returns the place of its line end. */
  split(at: usize): usize {
    const shape = this.shape;
    // The last column is the sample's, which is split into its fields as it is passed.
    const scanned = shape.hasSample ? shape.columns - 1 : shape.columns;
    let column = 0;
    let start = at;
    let from = at;
    let ends = columnEnds(from);
    while (column < scanned) {
      while (ends === 0) {
        from += 16;
        ends = columnEnds(from);
      }
      const end = from + ctz(ends);
      ends &= ends - 1;
      this.places.put(column, start, end);
      column += 1;
      if (byteAt(end) === NEWLINE) {
        this.columns = column;
        return end;
      }
      start = end + 1;
    }
    let end = start - 1;
    if (shape.hasSample) {
      end = this.sample.read(this.start(FORMAT), this.end(FORMAT), start);
      this.places.put(column, start, end);
    }
    this.columns = shape.columns;
    return byteAt(end) === NEWLINE ? end : lineEnd(end);
  }

  /** Leaves out what lies from `stop` on: the end of the line has one more byte. */
  cutAt(stop: usize): void {
    const last = this.columns - 1;
    if (this.end(last) <= stop) return;
    this.places.put(last, this.start(last), stop);
    this.sample.cutAt(stop);
  }

  /** Whether the line has all columns that are read. */
  get isWhole(): bool {
    return this.columns === this.shape.columns;
  }

  /** First byte of the sample's GT; 0 without one. */
  get gt(): usize {
    return this.shape.gt < 0 ? 0 : this.sample.start(this.shape.gt);
  }

  get gtEnd(): usize {
    return this.sample.end(this.shape.gt);
  }

  /** Reads the record as far as every record is read. */
  read(): void {
    const shape = this.shape;
    const ref = this.start(REF);
    const refEnd = this.end(REF);
    const alt = this.start(ALT);
    const altEnd = this.end(ALT);
    this.pos = positionAt(this.start(POS), this.end(POS));
    raise(ref, refEnd);
    raise(alt, altEnd);
    this.qual = decimalAt(this.start(QUAL), this.end(QUAL));
    this.alleles = kindOfAlleles(ref, refEnd, alt, altEnd);
    const noAlternate = isMissing(alt, altEnd);
    const mayBeBlock = noAlternate || byteAt(alt) === LESS;
    const mayReach = mayBeBlock || this.alleles === SYMBOLIC;
    this.hasInfo = false;
    if (mayReach) this.readInfo();
    this.alternates = noAlternate ? 0 : countAlternates(alt, altEnd);
    this.openBlock =
      mayBeBlock && (noAlternate ? this.info.isPresent(shape.infoEnd) === 1 : isAnyAllele(alt, altEnd));
    this.depth = shape.depths.first(this.sample);
    this.isOwnDepth = this.depth !== NO_INTEGER;
    if (!this.isOwnDepth) this.depth = this.depthOfInfo();
    this.readGenotype(ref, refEnd, alt, altEnd);
    this.block = this.openBlock && isPresenceOfBlock(this.presence);
    this.last = (this.pos as i64) + max<i64>(refEnd - ref, 1) - 1;
    if (this.block) this.reach((this.pos as i64) + this.basesOfBlock() - 1);
    else if (mayReach && this.isDeletion(alt, altEnd)) this.reach((this.pos as i64) + this.basesOfDeletion());
  }

  /** Whether it calls the reference with a depth and a quality that are both missing, as `bcftools merge -0` fills in. */
  get isBareReference(): bool {
    if (this.presence !== CALLED_HOM_REF || this.isOwnDepth) return false;
    const qualities = this.shape.qualities;
    if (!this.shape.depths.areNamed(this.sample) && !qualities.areNamed(this.sample)) return false;
    return qualities.first(this.sample) === NO_INTEGER;
  }

  /** Reads INFO, where it was not read yet: much of a file is removed by rules that ask nothing of it. */
  readInfo(): void {
    if (this.hasInfo) return;
    this.hasInfo = true;
    this.info.read(this.start(INFO), this.end(INFO));
  }

  /** Highest index of an alternate that the genotype names; 0 when it names none. */
  get highestCalled(): i32 {
    if (this.hasCall) return this.call.highest;
    return this.callKind === HET || this.callKind === HOM_ALT || this.callKind === HAPLOID_ALT ? 1 : 0;
  }

  /** Moves the last base to END, else to where the length that is stated in its place ends. */
  private reach(otherwise: i64): void {
    this.last = max<i64>(this.pos, this.endOfInfo(max(this.last, otherwise)));
  }

  /** LEN of a block, which VCF 4.5 has in the place of END; 0 without one. */
  private basesOfBlock(): i64 {
    const field = this.shape.blockLength;
    if (field < 0 || this.sample.start(field) === 0) return 0;
    return max(integerAt(this.sample.start(field), this.sample.end(field)), 0);
  }

  /** The longest that SVLEN states, whose sign means nothing; 0 without one. */
  private basesOfDeletion(): i64 {
    const field = this.shape.infoLength;
    if (field < 0 || this.info.start(field) === 0) return 0;
    const end = this.info.end(field);
    let longest: i64 = 0;
    for (let at = this.info.start(field); at < end;) {
      const stop = find(COMMA, at, end);
      const value = integerAt(at, stop);
      if (value !== NO_INTEGER) longest = max<i64>(longest, abs<i64>(value));
      at = stop + 1;
    }
    return longest;
  }

  /** Whether a symbolic deletion is called: its bases are gone up to the END that it states. */
  private isDeletion(alt: usize, altEnd: usize): bool {
    if (this.presence !== CALLED_VARIANT && this.presence !== HALF_CALL) return false;
    if (!this.hasCall) return isDeletionAllele(alt, altEnd);
    for (let allele = 0; allele < this.call.count; allele += 1) {
      if (isDeletionAllele(this.call.start(allele), this.call.end(allele))) return true;
    }
    return false;
  }

  private readGenotype(ref: usize, refEnd: usize, alt: usize, altEnd: usize): void {
    const gt = this.gt;
    this.hasCall = false;
    this.callKind = OTHER;
    if (!this.shape.genotypes) {
      this.presence = NO_GENOTYPE;
      return;
    }
    if (gt === 0) {
      this.presence = NO_CALL;
      return;
    }
    this.callKind = callKind(gt, this.gtEnd);
    switch (this.callKind) {
      case HOM_REF:
      case HAPLOID_REF:
        this.presence = this.referencePresence();
        return;
      case NO_ALLELES:
        this.presence = NO_CALL;
        return;
      case HET:
      case HOM_ALT:
      case HAPLOID_ALT:
        if (!this.isOneAllele(alt, altEnd)) break;
        this.presence = CALLED_VARIANT;
        return;
      default:
    }
    this.hasCall = true;
    this.call.read(gt, this.gtEnd, ref, refEnd, alt, this.alternates === 0 ? alt : altEnd);
    this.presence = this.call.presence === REFERENCE ? this.referencePresence() : this.call.presence;
  }

  private isOneAllele(alt: usize, altEnd: usize): bool {
    return this.alternates === 1 && (altEnd - alt > 1 || byteAt(alt) !== STAR);
  }

  /**
   * A block says "no variant seen": the reference only where enough was seen, whatever its GT says. Without a read a site
   * has no call, though some callers write 0/0.
   */
  private referencePresence(): i32 {
    if (!this.openBlock) return this.depth === 0 ? NO_DATA : CALLED_HOM_REF;
    const seen =
      this.shape.blockDepths.first(this.sample) >= BLOCK_MIN_DEPTH &&
      this.shape.qualities.first(this.sample) >= BLOCK_MIN_QUALITY;
    return seen ? HOM_REF_BLOCK : NO_DATA;
  }

  private depthOfInfo(): i32 {
    if (this.shape.infoDepth < 0) return NO_INTEGER;
    this.readInfo();
    const start = this.info.start(this.shape.infoDepth);
    if (start === 0) return NO_INTEGER;
    return wholePartAt(start, find(COMMA, start, this.info.end(this.shape.infoDepth)));
  }

  private endOfInfo(otherwise: i64): i64 {
    const start = this.info.start(this.shape.infoEnd);
    const value = start === 0 ? NO_INTEGER : integerAt(start, this.info.end(this.shape.infoEnd));
    return value === NO_INTEGER ? otherwise : value;
  }
}

function isDeletionAllele(start: usize, end: usize): bool {
  const length = end - start;
  return (length >= 4 && word(start, 4) === DELETION) || (length === 5 && word(start, 5) === NO_COPY);
}

/** Whether it is something that a record can say of a stretch. */
function isPresenceOfBlock(presence: i32): bool {
  return (
    presence === HOM_REF_BLOCK || presence === NO_DATA || presence === NO_CALL || presence === NO_GENOTYPE
  );
}
