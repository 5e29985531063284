import type { DictionaryColumn } from "../../columns/dictionary.ts";
import type { TextColumn } from "../../columns/text.ts";
import { isAnyAllele, joinAlternates } from "./alleles.ts";
import { compareTexts, isMissing } from "./bytes.ts";
import { CALLS, isPhased } from "./call.ts";
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
  setPresence(set.presence, row, record.presence);
  table.row = row + 1;
}

/** Puts the site of a record into the table of what the rules removed. */
export function removeRecord(record: VcfRecord, rules: number, table: PartedTable<RemovedColumns>): void {
  const { set, row } = table;
  const { contig } = record;
  set.chrom.set(row, contig.bytes, 0, contig.bytes.length);
  set.start.values[row] = record.start;
  set.end.values[row] = record.end;
  setPresence(set.presence, row, record.presence);
  set.removedBy.codes[row] = rules;
  table.row = row + 1;
}

function setPresence(column: VcfColumns["presence"], row: number, presence: number): void {
  if (presence === NO_GENOTYPE) column.setNull(row);
  else column.codes[row] = presence;
}

/** A dot is the empty text. */
function setOrEmpty(
  column: TextColumn | DictionaryColumn,
  row: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  column.set(row, bytes, start, isMissing(bytes, start, end) ? start : end);
}

function setAlternates(column: VcfColumns["alt"], row: number, record: VcfRecord): void {
  const { bytes, starts, ends, alternateCount } = record;
  const start = starts[COLUMNS.alt] ?? 0;
  const end = ends[COLUMNS.alt] ?? 0;
  if (alternateCount > 1) {
    const joined = joinAlternates(bytes, start, end);
    column.set(row, joined, 0, joined.length);
  } else column.set(row, bytes, start, alternateCount === 0 || isAnyAllele(bytes, start, end) ? start : end);
}

function setGenotype({ genotype, phased }: VcfColumns, row: number, record: VcfRecord): void {
  const { bytes, gt, gtEnd, call } = record;
  if (gt < 0 || record.presence === NO_GENOTYPE) {
    genotype.setNull(row);
    phased.setNull(row);
    return;
  }
  phased.values[row] = isPhased(bytes, gt, gtEnd) ? 1 : 0;
  if (call === null) setPlainGenotype(genotype, record);
  else {
    genotype.begin(call.alleles.length);
    for (const allele of call.alleles) {
      genotype.child.setText(genotype.length, allele);
      genotype.length += 1;
    }
  }
  genotype.end(row);
}

/** The genotypes that are told by their kind: alleles are REF and ALT whole. */
function setPlainGenotype(genotype: VcfColumns["genotype"], record: VcfRecord): void {
  const { bytes, starts, ends } = record;
  const ref = starts[COLUMNS.ref] ?? 0;
  const refEnd = ends[COLUMNS.ref] ?? 0;
  const alt = starts[COLUMNS.alt] ?? 0;
  const altEnd = ends[COLUMNS.alt] ?? 0;
  genotype.begin(2);
  switch (record.callKind) {
    case CALLS.homRef:
      push(genotype, bytes, ref, refEnd);
      push(genotype, bytes, ref, refEnd);
      return;
    case CALLS.het: {
      const inOrder = compareTexts(bytes, ref, refEnd, alt, altEnd) <= 0;
      if (inOrder) push(genotype, bytes, ref, refEnd);
      push(genotype, bytes, alt, altEnd);
      if (!inOrder) push(genotype, bytes, ref, refEnd);
      return;
    }
    case CALLS.homAlt:
      push(genotype, bytes, alt, altEnd);
      push(genotype, bytes, alt, altEnd);
      return;
    case CALLS.haploidRef:
      push(genotype, bytes, ref, refEnd);
      return;
    case CALLS.haploidAlt:
      push(genotype, bytes, alt, altEnd);
      return;
    case CALLS.noCall:
    case CALLS.other:
  }
}

function push(genotype: VcfColumns["genotype"], bytes: Buffer, start: number, end: number): void {
  genotype.child.set(genotype.length, bytes, start, end);
  genotype.length += 1;
}
