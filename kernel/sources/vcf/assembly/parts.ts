/** The parts of the two tables that records go into, and how the host reads them. */
import { DICTIONARY, FIXED, KEPT, TEXT } from "../codes";
import { Column, DictionaryColumn, Extra, FixedColumn, ListColumn, TextColumn } from "./columns";
import { VcfRecord } from "./record";
import { formatFields, infoFields } from "./settings";
import { KeptPart, Part, RemovedPart } from "./tables";
import { WaitingRows } from "./waiting";

/** A part that has so much beside its rows is full: memory is bounded whatever the records hold. */
const MOST_EXTRA_BYTES: usize = 64 << 20;

const description = new StaticArray<u32>(9);
let rowsOfPart: i32 = 0;
let keptPart: KeptPart | null = null;
let removedPart: RemovedPart | null = null;
let keptRows: i32 = 0;
let removedRows: i32 = 0;
/** Rows of the kept part whose fields are to be written: {@link writeWaiting}. */
export const waiting = new WaitingRows();

/** Parts have so many rows at the most. */
export function limitParts(rows: i32): void {
  rowsOfPart = rows;
}

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

/** Puts the record into the table of kept ones; its fields wait. `line` is the number of its line. */
export function keep(record: VcfRecord, contig: usize, contigEnd: usize, line: i32): void {
  const part = keptPart as KeptPart;
  part.put(keptRows, record, contig, contigEnd);
  part.awaitFields(record, line, waiting);
  keptRows += 1;
}

/** Writes the fields that wait, which still do for whoever looks at them. */
export function writeWaiting(): void {
  (keptPart as KeptPart).putFields(keptRows - waiting.count, waiting);
}

/** Puts the site of the record into the table of those that rules removed. */
export function remove(record: VcfRecord, contig: usize, contigEnd: usize, rules: i32): void {
  (removedPart as RemovedPart).put(removedRows, record, contig, contigEnd, rules);
  removedRows += 1;
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
