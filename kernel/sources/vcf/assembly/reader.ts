/**
 * Reads records out of the text of a VCF into the parts of two tables, and counts what it finds out about them. This
 * is the loop that every byte of a genome goes through, and so it is WebAssembly. `reader-memory.ts` is its host.
 */
import {
  ALLELES_SHIFT,
  AMBIGUOUS,
  AMBIGUOUS_ALLELE,
  BAD_POSITION,
  BLANK_LINE,
  BLOCK_SHIFT,
  CONTIG,
  DICTIONARY,
  FILTER,
  FIXED,
  GT_INDEX,
  HAS_RSID_SHIFT,
  ID,
  INDEX_BEYOND_SHIFT,
  KEPT,
  MASK_BITS,
  NAN_QUAL,
  NO_DEPTH_SHIFT,
  NO_GENOTYPE,
  QUAL,
  QUAL_MISSING,
  QUAL_NAN,
  QUAL_NUMBER,
  QUAL_SHIFT,
  QUAL_ZERO,
  REF_CALL_SHIFT,
  REMOVED,
  RULES_SHIFT,
  SHORT_RECORD,
  SKIP_POSITION,
  SKIP_SHIFT,
  SKIP_SHORT,
  SYMBOLIC,
  SYMBOLIC_ALLELE,
  TEXT,
  UNSORTED,
} from "../codes";
import { Column, DictionaryColumn, Extra, FixedColumn, ListColumn, TextColumn } from "./columns";
import { Contigs, RowOrder } from "./contigs";
import { Field } from "./field-columns";
import { note } from "./host";
import { Judge } from "./judge";
import { Stretch } from "./memory";
import { NO_INTEGER } from "./numbers";
import { Shape, VcfRecord } from "./record";
import { KeptPart, Part, RemovedPart, TableField } from "./tables";
import { MINUS, NEWLINE, PLUS, RETURN, SEMICOLON, byteAt, isText, lower, word } from "./text";

/** A part that has so much beside its rows is full: memory is bounded whatever the records hold. */
const MOST_EXTRA_BYTES: usize = 64 << 20;

const MASKS: usize = 1 << MASK_BITS;

/** `RefCall`, `rs` and `nan`, as {@link word} has them. */
const REF_CALL_TEXT: u64 = 0x6c6c6143666552;
const RS: u64 = 0x7372;
const N: i32 = 0x6e;
const A: i32 = 0x61;

/** Lines of the file so far, the header's too. */
export let lines: i32 = 0;
export let records: i32 = 0;
export let blankLines: i32 = 0;
/** 1 where any line ended in CRLF. */
export let returns: i32 = 0;

const shape = new Shape();
const record = new VcfRecord(shape);
const judge = new Judge();
const contigs = new Contigs();
const order = new RowOrder();
const infoFields: TableField[] = [];
const formatFields: TableField[] = [];
const counts: usize = heap.alloc(MASKS << 2);
const text = new Stretch(1 << 19);
const scratch = new Stretch(1 << 12);
const description = new StaticArray<u32>(9);
let rowsOfPart: i32 = 0;
let keptPart: KeptPart | null = null;
let removedPart: RemovedPart | null = null;
let keptRows: i32 = 0;
let removedRows: i32 = 0;
/** A bit for each finding whose first line is known. */
let noted: i32 = 0;

// ── before the first record ──────────────────────────────────────────────────────────────────────────────────────

/** Room for a text that the host writes. */
export function room(bytes: usize): usize {
  scratch.ensure(bytes, 0);
  return scratch.at;
}

/** Room for `bytes` of the text of the file; a line end belongs behind them. */
export function textRoom(bytes: usize): usize {
  text.ensure(bytes + 1, 0);
  return text.at;
}

/** Adds an INFO field that becomes a column; its ID lies at `room`. Returns its number. */
export function addInfo(length: usize, values: i32, isList: bool): i32 {
  const number = record.info.add(scratch.at, scratch.at + length);
  infoFields.push(new TableField(new Field(values, isList), number));
  shape.readInfo = true;
  return number;
}

/** Adds a FORMAT field that becomes a column; its ID lies at `room`. Returns its number. */
export function addFormat(length: usize, values: i32, isList: bool): i32 {
  const number = record.sample.add(scratch.at, scratch.at + length);
  formatFields.push(new TableField(new Field(values, isList), number));
  return number;
}

/** A text of FILTER that passes, at `room`. */
export function addPassing(length: usize): void {
  judge.passing.find(scratch.at, scratch.at + length);
}

export function useGenotype(number: i32): void {
  shape.gt = number;
}

export function useSampleFilter(number: i32): void {
  shape.sampleFilter = number;
}

export function useDepth(number: i32): void {
  shape.depths.add(number);
}

export function useBlockDepth(number: i32): void {
  shape.blockDepths.add(number);
}

export function useQuality(number: i32): void {
  shape.qualities.add(number);
}

export function useInfoDepth(number: i32): void {
  shape.infoDepth = number;
}

/** The rest of what is told before the first record. The ID of the INFO field that says where a block ends lies at `room`. */
export function begin(
  columns: i32,
  genotypes: bool,
  minDepth: f64,
  minQual: f64,
  rows: i32,
  headerLines: i32,
  endIdLength: usize,
): void {
  shape.columns = columns;
  shape.genotypes = genotypes;
  shape.infoEnd = record.info.add(scratch.at, scratch.at + endIdLength);
  judge.minDepth = minDepth;
  judge.minQual = minQual;
  rowsOfPart = rows;
  lines = headerLines;
  record.prepare();
  memory.fill(counts, 0, MASKS << 2);
}

// ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function newPart(table: i32): Part {
  return table === KEPT ? new KeptPart(rowsOfPart, infoFields, formatFields) : new RemovedPart(rowsOfPart);
}

/** What comes next goes into this part, from row 0 up. */
export function usePart(table: i32, part: Part): void {
  if (table === KEPT) {
    keptPart = part as KeptPart;
    keptRows = 0;
    Extra.bytes = 0;
  } else {
    removedPart = part as RemovedPart;
    removedRows = 0;
  }
}

export function resetPart(part: Part): void {
  part.reset();
}

export function isFull(table: i32): bool {
  if (table !== KEPT) return removedRows === rowsOfPart;
  return keptRows === rowsOfPart || Extra.bytes >= MOST_EXTRA_BYTES;
}

/** Rows of the part that is in use. */
export function rows(table: i32): i32 {
  return table === KEPT ? keptRows : removedRows;
}

export function columnOf(part: Part, index: i32): Column {
  return part.columns[index];
}

/**
 * Where a column lies: its kind, its nulls, where its bits lie and how many bytes they are, where its rows lie, then
 * what its kind has beside: see `reader-memory.ts`.
 */
export function describe(column: Column): usize {
  description[0] = column.kind;
  description[1] = column.nulls;
  description[2] = column.bits.at as u32;
  description[3] = column.bits.room as u32;
  switch (column.kind) {
    case FIXED: {
      const fixed = column as FixedColumn;
      describeRest(fixed.values.at, fixed.type, 0, 0, 0);
      break;
    }
    case TEXT: {
      const texts = column as TextColumn;
      describeRest(texts.words.at, texts.longs, texts.longRows.at, texts.longEnds.at, texts.longBytes.at);
      break;
    }
    case DICTIONARY: {
      const dictionary = column as DictionaryColumn;
      const texts = dictionary.texts;
      describeRest(dictionary.codes.at, texts.size, texts.ends.at, texts.bytes.at, 0);
      break;
    }
    default: {
      const list = column as ListColumn;
      describeRest(list.starts, list.length, changetype<usize>(list.child), 0, 0);
    }
  }
  return changetype<usize>(description);
}

function describeRest(at: usize, count: u32, first: usize, second: usize, third: usize): void {
  description[4] = at as u32;
  description[5] = count;
  description[6] = first as u32;
  description[7] = second as u32;
  description[8] = third as u32;
}

// ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Reads the whole lines of `[from … end)`, the last of which ends in a line feed. Letters of alleles are raised in
 * place. Returns where it stopped: at `end`, or behind the record that filled a part.
 */
export function read(from: usize, end: usize): usize {
  let at = from;
  while (at < end && !isFull(KEPT) && !isFull(REMOVED)) {
    let stop = record.split(at);
    lines += 1;
    const next = stop + 1;
    if (stop > at && byteAt(stop - 1) === RETURN) {
      returns = 1;
      stop -= 1;
      record.cutAt(stop);
    }
    if (stop === at) {
      blankLines += 1;
      noteOnce(BLANK_LINE);
    } else take();
    at = next;
  }
  return at;
}

function take(): void {
  records += 1;
  if (!record.isWhole) return skip(SKIP_SHORT, SHORT_RECORD);
  record.read();
  if (record.pos === NO_INTEGER) return skip(SKIP_POSITION, BAD_POSITION);
  const filter = record.start(FILTER);
  const filterEnd = record.end(FILTER);
  const noDepth = record.depth === NO_INTEGER;
  const rules =
    judge.rules(filter, filterEnd, noDepth ? NaN : (record.depth as f64), record.qual) | sampleRule();
  count(
    record.presence |
      (rules << RULES_SHIFT) |
      (qualFact() << QUAL_SHIFT) |
      (record.alleles << ALLELES_SHIFT) |
      (record.hasCall && record.call.indexBeyond ? 1 << INDEX_BEYOND_SHIFT : 0) |
      (noDepth ? 1 << NO_DEPTH_SHIFT : 0) |
      (hasRsid() ? 1 << HAS_RSID_SHIFT : 0) |
      (filterEnd - filter === 7 && word(filter, 7) === REF_CALL_TEXT ? 1 << REF_CALL_SHIFT : 0) |
      (record.block ? 1 << BLOCK_SHIFT : 0),
  );
  if (record.alleles === SYMBOLIC) noteOnce(SYMBOLIC_ALLELE);
  else if (record.alleles === AMBIGUOUS) noteOnce(AMBIGUOUS_ALLELE);
  if (record.hasCall && record.call.indexBeyond) noteOnce(GT_INDEX);
  const contig = contigs.at(record.start(CONTIG), record.end(CONTIG), scratch);
  const name = contigs.names.start(contig);
  const nameEnd = contigs.names.end(contig);
  if (rules !== 0) {
    (removedPart as RemovedPart).put(removedRows, record, name, nameEnd, rules);
    removedRows += 1;
    return;
  }
  if (order.isBehind(contig, record.pos)) noteOnce(UNSORTED);
  (keptPart as KeptPart).put(keptRows, record, name, nameEnd);
  keptRows += 1;
}

function sampleRule(): i32 {
  const field = shape.sampleFilter;
  return field < 0 ? 0 : judge.sampleRule(record.sample.start(field), record.sample.end(field));
}

function skip(why: i32, finding: i32): void {
  count(NO_GENOTYPE | (why << SKIP_SHIFT));
  noteOnce(finding);
}

function count(mask: i32): void {
  const at = counts + ((mask as usize) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function noteOnce(finding: i32): void {
  if ((noted & (1 << finding)) !== 0) return;
  noted |= 1 << finding;
  note(finding);
}

function qualFact(): i32 {
  const qual = record.qual;
  if (!isNaN(qual)) return qual === 0 ? QUAL_ZERO : QUAL_NUMBER;
  if (!isNanText(record.start(QUAL), record.end(QUAL))) return QUAL_MISSING;
  noteOnce(NAN_QUAL);
  return QUAL_NAN;
}

/** Whether a text is `nan` in letters of any case, with a sign or without. */
function isNanText(start: usize, end: usize): bool {
  const first = byteAt(start);
  const at = first === PLUS || first === MINUS ? start + 1 : start;
  return (
    end - at === 3 && lower(byteAt(at)) === N && lower(byteAt(at + 1)) === A && lower(byteAt(at + 2)) === N
  );
}

/** Whether ID, or one of the IDs that semicolons separate, begins with `rs`. */
function hasRsid(): bool {
  const start = record.start(ID);
  const end = record.end(ID);
  if (end - start < 3) return false;
  for (let at = start; at + 1 < end; at += 1) {
    if (word(at, 2) === RS && (at === start || byteAt(at - 1) === SEMICOLON)) return true;
  }
  return false;
}

// ── what was found ───────────────────────────────────────────────────────────────────────────────────────────────

/** Number of records of each mask, 32 bits each. */
export function countsAt(): usize {
  return counts;
}

export function backward(): i32 {
  return order.backward;
}

/** Contigs of kept records, in the order in which they came. */
export function contigCount(): i32 {
  return order.contigs.length;
}

export function contigStart(place: i32): usize {
  return contigs.names.start(order.contigs[place]);
}

export function contigEnd(place: i32): usize {
  return contigs.names.end(order.contigs[place]);
}

/** Of the record that is looked at. */
export function columns(): i32 {
  return record.columns;
}

export function columnStart(column: i32): usize {
  return record.start(column);
}

export function columnStop(column: i32): usize {
  return record.end(column);
}
