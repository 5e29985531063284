import { isAnyAllele } from "./alleles.ts";
import { BAR, COMMA, LESS, compareTexts, isMissing } from "./bytes.ts";
import { CALLS } from "./call.ts";
import type { Layout } from "./fields.ts";
import { NO_GENOTYPE } from "./mask.ts";
import type { PartedTable } from "./parted-table.ts";
import { COLUMNS } from "./record.ts";
import type { VcfRecord } from "./record.ts";
import type { RemovedColumns, VcfColumns } from "./vcf-columns.ts";

/** Puts a record into the table. */
export function keepRecord(record: VcfRecord, layout: Layout, table: PartedTable<VcfColumns>): void {
  const { bytes, starts, ends, info, sample, contig } = record;
  const { set, row } = table;
  set.chrom.set(row, contig.bytes, 0, contig.bytes.length);
  set.start.values[row] = record.start;
  set.end.values[row] = record.end;
  setOrEmpty(set.rsid, row, bytes, starts[COLUMNS.id] ?? 0, ends[COLUMNS.id] ?? 0);
  set.ref.set(row, bytes, starts[COLUMNS.ref] ?? 0, ends[COLUMNS.ref] ?? 0);
  setAlternates(set.alt, row, record);
  if (Number.isNaN(record.qual)) set.qual.setNull(row);
  else set.qual.values[row] = record.qual;
  setOrEmpty(set.filter, row, bytes, starts[COLUMNS.filter] ?? 0, ends[COLUMNS.filter] ?? 0);
  for (let i = 0; i < set.info.length; i += 1) {
    const isFlag = layout.info[i]?.type === "BOOLEAN";
    const start = isFlag ? (info.present[i] ?? 0) - 1 : (info.starts[i] ?? -1);
    set.info[i]?.write(row, bytes, start, info.ends[i] ?? 0);
  }
  for (let i = 0; i < set.format.length; i += 1) {
    set.format[i]?.write(row, bytes, sample.starts[i] ?? -1, sample.ends[i] ?? 0);
  }
  setGenotype(set, row, record);
  if (record.presence === NO_GENOTYPE) set.presence.setNull(row);
  else set.presence.codes[row] = record.presence;
  table.row = row + 1;
}

/** Puts the site of a record into the table of what the rules removed. */
export function removeRecord(record: VcfRecord, rules: number, table: PartedTable<RemovedColumns>): void {
  const { set, row } = table;
  const { contig } = record;
  set.chrom.set(row, contig.bytes, 0, contig.bytes.length);
  set.start.values[row] = record.start;
  set.end.values[row] = record.end;
  if (record.presence === NO_GENOTYPE) set.presence.setNull(row);
  else set.presence.codes[row] = record.presence;
  set.removedBy.codes[row] = rules;
  table.row = row + 1;
}

/** A dot is the empty text. */
function setOrEmpty(column: VcfColumns["rsid"], row: number, bytes: Buffer, start: number, end: number): void {
  column.set(row, bytes, start, isMissing(bytes, start, end) ? start : end);
}

/** Alternates joined by `|`, without those that stand for "anything else". */
function setAlternates(column: VcfColumns["alt"], row: number, { bytes, starts, ends }: VcfRecord): void {
  const start = starts[COLUMNS.alt] ?? 0;
  const end = ends[COLUMNS.alt] ?? 0;
  const single = end - start === 1 || !bytes.subarray(start, end).includes(COMMA);
  if (single) {
    const nothing = isMissing(bytes, start, end) || (bytes[start] === LESS && isAnyAllele(bytes, start, end));
    column.set(row, bytes, start, nothing ? start : end);
    return;
  }
  const alternates = bytes.toString("utf8", start, end).split(",");
  column.setText(row, alternates.filter((text) => !/^<(NON_REF|\*|X)>$/.test(text)).join("|"));
}

function setGenotype({ genotype, phased }: VcfColumns, row: number, record: VcfRecord): void {
  const { bytes, gt, gtEnd, starts, ends, call } = record;
  if (gt < 0 || record.presence === NO_GENOTYPE) {
    genotype.setNull(row);
    phased.setNull(row);
    return;
  }
  let isPhased = 0;
  for (let at = gt; at < gtEnd; at += 1) if (bytes[at] === BAR) isPhased = 1;
  phased.values[row] = isPhased;
  const push = (start: number, end: number): void => {
    genotype.child.set(genotype.length, bytes, start, end);
    genotype.length += 1;
  };
  if (call !== null) {
    genotype.begin(call.alleles.length);
    for (const allele of call.alleles) {
      genotype.child.setText(genotype.length, allele);
      genotype.length += 1;
    }
    return genotype.end(row);
  }
  const ref = starts[COLUMNS.ref] ?? 0;
  const refEnd = ends[COLUMNS.ref] ?? 0;
  const alt = starts[COLUMNS.alt] ?? 0;
  const altEnd = ends[COLUMNS.alt] ?? 0;
  genotype.begin(2);
  switch (record.callKind) {
    case CALLS.homRef:
      push(ref, refEnd);
      push(ref, refEnd);
      break;
    case CALLS.het:
      if (compareTexts(bytes, ref, refEnd, alt, altEnd) <= 0) {
        push(ref, refEnd);
        push(alt, altEnd);
      } else {
        push(alt, altEnd);
        push(ref, refEnd);
      }
      break;
    case CALLS.homAlt:
      push(alt, altEnd);
      push(alt, altEnd);
      break;
    case CALLS.haploidRef:
      push(ref, refEnd);
      break;
    case CALLS.haploidAlt:
      push(alt, altEnd);
      break;
    case CALLS.noCall:
    case CALLS.other:
  }
  genotype.end(row);
}
