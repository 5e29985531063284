import type { QualityFilters } from "#protocol/annotation.ts";

import { oddAllele } from "./alleles.ts";
import { RETURN, isText } from "./bytes.ts";
import { ContigNames } from "./contig-names.ts";
import type { Layout } from "./fields.ts";
import { FirstLines, shown } from "./first-lines.ts";
import { Judge } from "./judge.ts";
import { keepRecord, removeRecord } from "./keep-record.ts";
import { ALLELES, LAYOUT, MASK_BITS, NO_GENOTYPE, QUAL, SKIP } from "./mask.ts";
import type { PartedTable } from "./parted-table.ts";
import { COLUMNS, VcfRecord } from "./record.ts";
import { RowOrder } from "./row-order.ts";
import type { RemovedColumns, VcfColumns } from "./vcf-columns.ts";

const REF_CALL = Buffer.from("RefCall");
/** `rs`, as the first two bytes of an ID or of one behind a semicolon. */
const IS_RSID = /(^|;)rs/;

export interface RecordReaderOptions {
  /** Columns of the file that are read: 8, or 9 and the place of the sample among the samples. */
  readonly columns: number;
  readonly layout: Layout;
  readonly filters: QualityFilters;
  /** Lines above the first record. */
  readonly headerLines: number;
  readonly kept: PartedTable<VcfColumns>;
  readonly removed: PartedTable<RemovedColumns>;
}

/**
 * Reads records out of the text into two tables, and counts what it finds out about them. No record becomes an
 * object of its own, and only odd ones become strings: this is the loop that every byte of a genome goes through.
 */
export class RecordReader {
  readonly contigs: ContigNames = new ContigNames();
  readonly order: RowOrder = new RowOrder();
  readonly firstLines: FirstLines = new FirstLines();
  /** Lines of the file so far, the header's too. */
  lines: number;
  blankLines = 0;
  /** Whether any line ended in CRLF. */
  returns = false;
  records = 0;
  readonly #counts = new Uint32Array(1 << MASK_BITS);
  readonly #record: VcfRecord;
  readonly #judge: Judge;
  readonly #options: RecordReaderOptions;

  constructor(options: RecordReaderOptions) {
    this.#options = options;
    this.lines = options.headerLines;
    this.#record = new VcfRecord(options.columns, options.layout, this.contigs);
    this.#judge = new Judge(options.filters);
  }

  /** Each mask that occurred, with its number of records. */
  masks(): { readonly mask: number; readonly count: number }[] {
    return [...this.#counts.entries()]
      .filter(([, count]) => count > 0)
      .map(([mask, count]) => ({ mask, count }));
  }

  /**
   * Reads the whole lines of `bytes[from … end)`, the last of which ends in a line feed. Letters of alleles are
   * raised in place. Returns where it stopped: at `end`, or behind the record that filled a part of a table.
   */
  read(bytes: Buffer, from: number, end: number): number {
    const { kept, removed } = this.#options;
    const record = this.#record;
    let at = from;
    while (at < end && !kept.isFull && !removed.isFull) {
      let stop = record.split(bytes, at);
      this.lines += 1;
      const next = stop + 1;
      if (bytes[stop - 1] === RETURN && stop > at) {
        this.returns = true;
        stop -= 1;
        record.cutAt(stop);
      }
      if (stop === at) this.#blank();
      else this.#take(record);
      at = next;
    }
    return at;
  }

  #blank(): void {
    this.blankLines += 1;
    this.firstLines.note("BLANK_LINE", this.lines, () => "blank");
  }

  #take(record: VcfRecord): void {
    this.records += 1;
    if (!record.isWhole) return this.#skip(SKIP.short);
    record.read();
    if (Number.isNaN(record.start)) return this.#skip(SKIP.position);
    const { bytes, starts, ends } = record;
    const filter = starts[COLUMNS.filter] ?? 0;
    const filterEnd = ends[COLUMNS.filter] ?? 0;
    const ft = record.sampleFilter;
    const rules =
      this.#judge.rules(bytes, filter, filterEnd, record.depth, record.qual) |
      this.#judge.sampleRule(bytes, record.sample.starts[ft] ?? -1, record.sample.ends[ft] ?? 0);
    const mask =
      record.presence |
      (rules << LAYOUT.rules.shift) |
      (this.#qualFact(record) << LAYOUT.qual.shift) |
      (record.alleles << LAYOUT.alleles.shift) |
      (record.call?.indexBeyond === true ? 1 << LAYOUT.indexBeyond.shift : 0) |
      (Number.isNaN(record.depth) ? 1 << LAYOUT.noDepth.shift : 0) |
      (hasRsid(record) ? 1 << LAYOUT.hasRsid.shift : 0) |
      (isText(bytes, filter, filterEnd, REF_CALL) ? 1 << LAYOUT.refCall.shift : 0) |
      (record.block ? 1 << LAYOUT.block.shift : 0);
    this.#counts[mask] = (this.#counts[mask] ?? 0) + 1;
    this.#noteOdd(record);
    const { kept, removed, layout } = this.#options;
    if (rules !== 0) {
      removeRecord(record, rules, removed);
      return;
    }
    if (this.order.isBehind(record.contig, record.start)) {
      this.firstLines.note(
        "UNSORTED",
        this.lines,
        () => `${record.text(COLUMNS.contig)}:${record.start} comes after a later position`,
      );
    }
    keepRecord(record, layout, kept);
  }

  #skip(why: (typeof SKIP)[keyof typeof SKIP]): void {
    const record = this.#record;
    const mask = NO_GENOTYPE | (why << LAYOUT.skip.shift);
    this.#counts[mask] = (this.#counts[mask] ?? 0) + 1;
    if (why === SKIP.position) {
      this.firstLines.note("BAD_POSITION", this.lines, () => `POS is ${shown(record.text(COLUMNS.pos))}`);
    } else {
      const { columns } = this.#options;
      this.firstLines.note("SHORT_RECORD", this.lines, () => `${record.columns} columns of ${columns}`);
    }
  }

  #qualFact(record: VcfRecord): number {
    const { qual } = record;
    if (!Number.isNaN(qual)) return qual === 0 ? QUAL.zero : QUAL.number;
    if ((record.ends[COLUMNS.qual] ?? 0) - (record.starts[COLUMNS.qual] ?? 0) < 3) return QUAL.missing;
    const text = record.text(COLUMNS.qual);
    if (!/^[+-]?nan$/i.test(text)) return QUAL.missing;
    this.firstLines.note("QUAL_NAN", this.lines, () => `QUAL is ${text}`);
    return QUAL.nan;
  }

  #noteOdd(record: VcfRecord): void {
    const { alleles, call } = record;
    if (alleles === ALLELES.symbolic || alleles === ALLELES.ambiguous) {
      const kind = alleles === ALLELES.symbolic ? "SYMBOLIC_ALLELE" : "AMBIGUOUS_ALLELE";
      const odd = (): string =>
        shown(oddAllele(record.text(COLUMNS.ref), record.alternates()) ?? record.text(COLUMNS.alt));
      this.firstLines.note(kind, this.lines, () => `allele ${odd()}`);
    }
    if (call?.indexBeyond === true) {
      const { length } = record.alternates();
      this.firstLines.note("GT_INDEX", this.lines, () => `GT has an index beyond the ${length} alternates`);
    }
  }
}

function hasRsid(record: VcfRecord): boolean {
  const start = record.starts[COLUMNS.id] ?? 0;
  return (record.ends[COLUMNS.id] ?? 0) - start > 2 && IS_RSID.test(record.text(COLUMNS.id));
}
