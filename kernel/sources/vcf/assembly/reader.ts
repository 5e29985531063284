/**
 * Reads records out of the text of a VCF into the parts of two tables, and counts what it finds out about them. This
 * is the loop that every byte of a genome goes through, and so it is WebAssembly. `reader-memory.ts` is its host.
 */
import {
  ALLELES_SHIFT,
  AMBIGUOUS,
  AMBIGUOUS_ALLELE,
  BAD_POSITION,
  BARE_REFERENCE,
  BLANK_LINE,
  BLOCK_SHIFT,
  CONTIG,
  FILTER,
  GT_INDEX,
  GT_MALFORMED,
  HAS_RSID_SHIFT,
  HEADER_LINE,
  ID,
  INDEX_BEYOND_SHIFT,
  INFO_TWICE,
  KEPT,
  MALFORMED_SHIFT,
  MORE_THAN_TWO,
  NAN_QUAL,
  NO_DEPTH_SHIFT,
  NO_GENOTYPE,
  POLYPLOID,
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
  UNSORTED,
  WRONG_NUMBER,
  WRONG_TYPE,
} from "../codes";
import { Contigs, RowOrder } from "./contigs";
import { note } from "./host";
import { foldRsids } from "./identifiers";
import { MaskCounts } from "./mask-counts";
import { Stretch } from "./memory";
import { NO_INTEGER } from "./numbers";
import { isFull, keep, limitParts, remove, waiting, writeWaiting } from "./parts";
import { judge, record, scratch, settle } from "./settings";
import { Spread } from "./spread";
import { HASH, RETURN, byteAt, isMissing, word } from "./text";
import { OTHER_NUMBER, OTHER_TYPE } from "./waiting";

export { columnOf, describe, isFull, newPart, resetPart, rows, usePart } from "./parts";
export {
  addFormat,
  addInfo,
  addPassing,
  room,
  useBlockDepth,
  useDepth,
  useGenotype,
  useBlockLength,
  useInfoDepth,
  useInfoLength,
  useQuality,
  useSampleFilter,
} from "./settings";

/** `RefCall`, as {@link word} has it. */
const REF_CALL_TEXT: u64 = 0x6c6c6143666552;

/** Lines of the file so far, the header's too. */
export let lines: i32 = 0;
export let records: i32 = 0;
export let blankLines: i32 = 0;
/** Lines among the records that begin as those of a header. */
export let innerHeaderLines: i32 = 0;
/** Kept records of which a key stands twice in INFO. */
export let infoTwice: i32 = 0;
/** Kept calls of the reference without a depth or a quality, where the record has a place for one. */
export let bareReferences: i32 = 0;
/** Kept records of which a field has another number of values than alleles call for. */
export let wrongNumber: i32 = 0;
/** Kept records of which a field has a value of another type. */
export let wrongType: i32 = 0;
/** 1 where any line ended in CRLF. */
export let returns: i32 = 0;

const contigs = new Contigs();
/** Of all records, and of those that are kept. */
const order = new RowOrder();
const keptOrder = new RowOrder();
const keptSpread = new Spread();
const counts = new MaskCounts();
const text = new Stretch(1 << 19);
/** A bit for each finding whose first line is known. */
let noted: i32 = 0;
let misfitField: i32 = -1;
let longestRecord: i64 = 0;

/** Ends what is told before the first record: see `settle`. */
export function begin(
  columns: i32,
  genotypes: bool,
  minDepth: f64,
  minQual: f64,
  rowsOfPart: i32,
  linesBefore: i32,
  reach: i32,
  endIdLength: usize,
): void {
  settle(columns, genotypes, minDepth, minQual, endIdLength);
  limitParts(rowsOfPart);
  lines = linesBefore;
  keptSpread.reach = reach;
}

/** Room for `bytes` of the text of the file; a line end belongs behind them. */
export function textRoom(bytes: usize): usize {
  text.ensure(bytes + 1, 0);
  return text.at;
}

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
    } else if (byteAt(at) === HASH) {
      innerHeaderLines += 1;
      note(HEADER_LINE);
    } else take();
    at = next;
  }
  finishWaiting();
  return at;
}

function take(): void {
  records += 1;
  if (!record.isWhole) return skip(SKIP_SHORT, SHORT_RECORD);
  record.read();
  const hasContig = record.start(CONTIG) < record.end(CONTIG);
  if (!hasContig || record.pos === NO_INTEGER) return skip(SKIP_POSITION, BAD_POSITION);
  const filter = record.start(FILTER);
  const filterEnd = record.end(FILTER);
  const noDepth = record.depth === NO_INTEGER;
  const hasRsid = foldRsids(record.start(ID), record.end(ID));
  const rules =
    judge.rules(filter, filterEnd, noDepth ? NaN : (record.depth as f64), record.qual) | sampleRule();
  counts.add(
    record.presence |
      (rules << RULES_SHIFT) |
      (qualFact() << QUAL_SHIFT) |
      (record.alleles << ALLELES_SHIFT) |
      (record.hasCall && record.call.indexBeyond ? 1 << INDEX_BEYOND_SHIFT : 0) |
      (noDepth ? 1 << NO_DEPTH_SHIFT : 0) |
      (hasRsid ? 1 << HAS_RSID_SHIFT : 0) |
      (filterEnd - filter === 7 && word(filter, 7) === REF_CALL_TEXT ? 1 << REF_CALL_SHIFT : 0) |
      (record.block ? 1 << BLOCK_SHIFT : 0) |
      (record.hasCall && record.call.malformed ? 1 << MALFORMED_SHIFT : 0),
  );
  if (record.presence === POLYPLOID) noteOnce(MORE_THAN_TWO);
  if (record.alleles === SYMBOLIC) noteOnce(SYMBOLIC_ALLELE);
  else if (record.alleles === AMBIGUOUS) noteOnce(AMBIGUOUS_ALLELE);
  if (record.hasCall && record.call.indexBeyond) noteOnce(GT_INDEX);
  if (record.hasCall && record.call.malformed) noteOnce(GT_MALFORMED);
  const contig = contigs.at(record.start(CONTIG), record.end(CONTIG), scratch);
  const name = contigs.names.start(contig);
  const nameEnd = contigs.names.end(contig);
  if (order.isBehind(contig, record.pos)) noteOnce(UNSORTED);
  longestRecord = max(longestRecord, record.last - record.pos);
  if (rules !== 0) {
    remove(record, name, nameEnd, rules);
    return;
  }
  keptOrder.isBehind(contig, record.pos);
  keptSpread.take(keptOrder.contigs.length - 1, record.pos);
  if (record.isBareReference) {
    bareReferences += 1;
    noteOnce(BARE_REFERENCE);
  }
  if (record.shape.hasInfo) readInfo();
  keep(record, name, nameEnd, lines);
  if (waiting.isFull) finishWaiting();
}

/** Writes the fields of the kept records that wait for it, and counts the records of which one does not fit. */
function finishWaiting(): void {
  if (waiting.count === 0) return;
  writeWaiting();
  if (waiting.anyMisfit) {
    wrongNumber += misfits(OTHER_NUMBER, WRONG_NUMBER);
    wrongType += misfits(OTHER_TYPE, WRONG_TYPE);
  }
  waiting.clear();
}

/** How many rows that wait have a field that does not fit in this way; the first of the file is noted. */
function misfits(kind: i32, finding: i32): i32 {
  let rows = 0;
  for (let row = 0; row < waiting.count; row += 1) {
    if (waiting.misfit(kind, row) < 0) continue;
    rows += 1;
    if (!isNoted(finding)) noteMisfit(kind, row, finding);
  }
  return rows;
}

function noteMisfit(kind: i32, row: i32, finding: i32): void {
  // The host is told of the record that is looked at.
  const line = lines;
  lines = waiting.line(row);
  record.split(waiting.record(row));
  misfitField = waiting.misfit(kind, row);
  noteOnce(finding);
  lines = line;
}

function readInfo(): void {
  record.readInfo();
  if (!record.info.twice) return;
  infoTwice += 1;
  noteOnce(INFO_TWICE);
}

function sampleRule(): i32 {
  const field = record.shape.sampleFilter;
  return field < 0 ? 0 : judge.sampleRule(record.sample.start(field), record.sample.end(field));
}

function skip(why: i32, finding: i32): void {
  counts.add(NO_GENOTYPE | (why << SKIP_SHIFT));
  noteOnce(finding);
}

function isNoted(finding: i32): bool {
  return (noted & (1 << finding)) !== 0;
}

function noteOnce(finding: i32): void {
  if (isNoted(finding)) return;
  noted |= 1 << finding;
  note(finding);
}

function qualFact(): i32 {
  const qual = record.qual;
  if (!isNaN(qual)) return qual === 0 ? QUAL_ZERO : QUAL_NUMBER;
  if (isMissing(record.start(QUAL), record.end(QUAL))) return QUAL_MISSING;
  noteOnce(NAN_QUAL);
  return QUAL_NAN;
}

// ── what was found ───────────────────────────────────────────────────────────────────────────────────────────────

/** The first mask from one on that a record has; −1 when there is none. */
export function maskFrom(mask: i32): i32 {
  return counts.from(mask);
}

export function recordsOf(mask: i32): u32 {
  return counts.of(mask);
}

export function backward(): i32 {
  return order.backward;
}

export function keptBackward(): i32 {
  return keptOrder.backward;
}

/** Contigs of kept records, in the order in which they came. */
export function contigCount(): i32 {
  return keptOrder.contigs.length;
}

export function contigStart(place: i32): usize {
  return contigs.names.start(keptOrder.contigs[place]);
}

export function contigEnd(place: i32): usize {
  return contigs.names.end(keptOrder.contigs[place]);
}

/** Of a contig of kept records, see `Spread`; good where none of them lies behind another. */
export function contigPositions(place: i32): i32 {
  return keptSpread.positions[place];
}

export function contigSpan(place: i32): f64 {
  return keptSpread.spans[place];
}

export function contigNear(place: i32): f64 {
  return keptSpread.nears[place];
}

/** Bases from the first to the last of the longest record. */
export function longest(): f64 {
  return longestRecord as f64;
}

/** Place among INFO and FORMAT of the field that {@link WRONG_NUMBER} or {@link WRONG_TYPE} is about. */
export function misfit(): i32 {
  return misfitField;
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
