import { ALT, BOOLEAN, CONTIG, DOUBLE, FILTER, ID, NO_GENOTYPE, REF, UINTEGER } from "../codes";
import { JoinedAlternates, isAnyAllele } from "./alleles";
import { Column, DictionaryColumn, FixedColumn, ListColumn, TextColumn } from "./columns";
import { Field, FieldColumn } from "./field-columns";
import { HAPLOID_ALT, HAPLOID_REF, HET, HOM_ALT, HOM_REF } from "./genotype";
import { VcfRecord } from "./record";
import { BAR, compare, find, isMissing } from "./text";
import { WaitingRows } from "./waiting";

/** The columns of one part of a table, in their order. */
export abstract class Part {
  readonly columns: Column[] = [];

  reset(): void {
    for (let i = 0; i < this.columns.length; i += 1) this.columns[i].reset();
  }
}

/** An INFO or FORMAT field of the table, and its number among those of the record. */
@final
export class TableField {
  constructor(
    readonly field: Field,
    readonly number: i32,
  ) {}
}

/** One part of the table of kept records: chrom, start, end, rsid, ref, alt, qual, filter, fields, genotype … */
@final
export class KeptPart extends Part {
  private readonly chrom: DictionaryColumn;
  private readonly first: FixedColumn;
  private readonly last: FixedColumn;
  private readonly rsid: TextColumn;
  private readonly ref: DictionaryColumn;
  private readonly alt: DictionaryColumn;
  private readonly qual: FixedColumn;
  private readonly filter: DictionaryColumn;
  private readonly info: StaticArray<FieldColumn>;
  private readonly format: StaticArray<FieldColumn>;
  private readonly genotype: ListColumn;
  private readonly called: DictionaryColumn;
  private readonly presence: FixedColumn;
  private readonly phased: FixedColumn;
  private readonly joined: JoinedAlternates = new JoinedAlternates();

  constructor(
    rows: i32,
    private readonly infoFields: TableField[],
    private readonly formatFields: TableField[],
  ) {
    super();
    this.chrom = new DictionaryColumn(rows);
    this.first = new FixedColumn(UINTEGER, rows);
    this.last = new FixedColumn(UINTEGER, rows);
    this.rsid = new TextColumn(rows);
    this.ref = new DictionaryColumn(rows);
    this.alt = new DictionaryColumn(rows);
    this.qual = new FixedColumn(DOUBLE, rows);
    this.filter = new DictionaryColumn(rows);
    this.info = fieldColumns(infoFields, rows);
    this.format = fieldColumns(formatFields, rows);
    const called = new DictionaryColumn(rows);
    this.called = called;
    this.genotype = new ListColumn(called, rows);
    this.presence = new FixedColumn(UINTEGER, rows);
    this.phased = new FixedColumn(BOOLEAN, rows);
    this.list();
  }

  /** Puts a record into a row, all but its fields. `contig` is its folded name. */
  put(row: i32, record: VcfRecord, contig: usize, contigEnd: usize): void {
    this.chrom.set(row, contig, contigEnd);
    this.first.set<u32>(row, record.pos);
    this.last.set<u32>(row, record.last as u32);
    const id = record.start(ID);
    this.rsid.set(row, id, endOrEmpty(id, record.end(ID)));
    this.ref.set(row, record.start(REF), record.end(REF));
    this.putAlternates(row, record);
    if (isNaN(record.qual)) this.qual.setNull(row);
    else this.qual.set<f64>(row, record.qual);
    const filter = record.start(FILTER);
    this.filter.set(row, filter, endOrEmpty(filter, record.end(FILTER)));
    this.putGenotype(row, record);
    if (record.presence === NO_GENOTYPE) this.presence.setNull(row);
    else this.presence.set<u32>(row, record.presence);
  }

  /** Has the fields of a record wait: INFO, then FORMAT. `line` is the number of its line. */
  awaitFields(record: VcfRecord, line: i32, waiting: WaitingRows): void {
    const infos = this.info.length;
    waiting.begin(infos + this.format.length, record.alternates, line, record.start(CONTIG));
    for (let i = 0; i < infos; i += 1) {
      const field = unchecked(this.infoFields[i]);
      const number = field.number;
      const start = field.field.isFlag ? record.info.isPresent(number) : record.info.start(number);
      waiting.put(i, start, record.info.end(number));
    }
    for (let i = 0; i < this.format.length; i += 1) {
      const number = unchecked(this.formatFields[i]).number;
      waiting.put(infos + i, record.sample.start(number), record.sample.end(number));
    }
  }

  /** Writes the fields of the rows that wait, of which the first is `row`. */
  putFields(row: i32, waiting: WaitingRows): void {
    for (let i = 0; i < this.info.length; i += 1) unchecked(this.info[i]).writeAll(row, waiting, i);
    for (let i = 0; i < this.format.length; i += 1)
      unchecked(this.format[i]).writeAll(row, waiting, this.info.length + i);
  }

  private list(): void {
    this.columns.push(this.chrom);
    this.columns.push(this.first);
    this.columns.push(this.last);
    this.columns.push(this.rsid);
    this.columns.push(this.ref);
    this.columns.push(this.alt);
    this.columns.push(this.qual);
    this.columns.push(this.filter);
    for (let i = 0; i < this.info.length; i += 1) this.columns.push(this.info[i].column);
    for (let i = 0; i < this.format.length; i += 1) this.columns.push(this.format[i].column);
    this.columns.push(this.genotype);
    this.columns.push(this.presence);
    this.columns.push(this.phased);
  }

  private putAlternates(row: i32, record: VcfRecord): void {
    const start = record.start(ALT);
    const end = record.end(ALT);
    const called = record.highestCalled;
    if (record.alternates > 1) {
      this.joined.join(start, end, called);
      this.alt.set(row, this.joined.start, this.joined.end);
      return;
    }
    const stays = record.alternates === 1 && (called > 0 || !isAnyAllele(start, end));
    this.alt.set(row, start, stays ? end : start);
  }

  private putGenotype(row: i32, record: VcfRecord): void {
    const gt = record.gt;
    if (gt === 0 || record.presence === NO_GENOTYPE) {
      this.genotype.setNull(row);
      this.phased.setNull(row);
      return;
    }
    this.phased.set<u8>(row, find(BAR, gt, record.gtEnd) < record.gtEnd ? 1 : 0);
    if (record.hasCall) {
      const call = record.call;
      this.genotype.begin(call.count);
      for (let i = 0; i < call.count; i += 1) this.push(call.start(i), call.end(i));
    } else this.pushPlain(record);
    this.genotype.end(row);
  }

  /** The genotypes that are told by their kind: alleles are REF and ALT whole. */
  private pushPlain(record: VcfRecord): void {
    const ref = record.start(REF);
    const refEnd = record.end(REF);
    const alt = record.start(ALT);
    const altEnd = record.end(ALT);
    this.genotype.begin(2);
    switch (record.callKind) {
      case HOM_REF:
        this.push(ref, refEnd);
        this.push(ref, refEnd);
        return;
      case HET: {
        const inOrder = compare(ref, refEnd, alt, altEnd) <= 0;
        if (inOrder) this.push(ref, refEnd);
        this.push(alt, altEnd);
        if (!inOrder) this.push(ref, refEnd);
        return;
      }
      case HOM_ALT:
        this.push(alt, altEnd);
        this.push(alt, altEnd);
        return;
      case HAPLOID_REF:
        this.push(ref, refEnd);
        return;
      case HAPLOID_ALT:
        this.push(alt, altEnd);
        return;
      default:
    }
  }

  private push(start: usize, end: usize): void {
    this.called.set(this.genotype.length, start, end);
    this.genotype.length += 1;
  }
}

/** One part of the table of removed sites: chrom, start, end, presence, removed_by. */
@final
export class RemovedPart extends Part {
  private readonly chrom: DictionaryColumn;
  private readonly first: FixedColumn;
  private readonly last: FixedColumn;
  private readonly presence: FixedColumn;
  private readonly rules: FixedColumn;

  constructor(rows: i32) {
    super();
    this.chrom = new DictionaryColumn(rows);
    this.first = new FixedColumn(UINTEGER, rows);
    this.last = new FixedColumn(UINTEGER, rows);
    this.presence = new FixedColumn(UINTEGER, rows);
    this.rules = new FixedColumn(UINTEGER, rows);
    this.columns.push(this.chrom);
    this.columns.push(this.first);
    this.columns.push(this.last);
    this.columns.push(this.presence);
    this.columns.push(this.rules);
  }

  put(row: i32, record: VcfRecord, contig: usize, contigEnd: usize, rules: i32): void {
    this.chrom.set(row, contig, contigEnd);
    this.first.set<u32>(row, record.pos);
    this.last.set<u32>(row, record.last as u32);
    if (record.presence === NO_GENOTYPE) this.presence.setNull(row);
    else this.presence.set<u32>(row, record.presence);
    this.rules.set<u32>(row, rules);
  }
}

function fieldColumns(fields: TableField[], rows: i32): StaticArray<FieldColumn> {
  const columns: FieldColumn[] = [];
  for (let i = 0; i < fields.length; i += 1) columns.push(fields[i].field.column(rows));
  return StaticArray.fromArray(columns);
}

/** A dot is the empty text. */
function endOrEmpty(start: usize, end: usize): usize {
  return isMissing(start, end) ? start : end;
}
