import type { TracedLine, TracedRecord } from "#protocol/trace.ts";

import type { FoundLine } from "../sources/source.ts";

/** A line of one of the files. */
export interface FileLine extends FoundLine {
  readonly file: string;
}

/** Characters of a line that are shown: more than any but a record with long annotations has. */
const LONGEST_SHOWN = 50_000;

/**
 * Tells which line each record was read from: a line is of one record at the most. Records that the rules removed are kept
 * by their place alone, so of several at one position that fail alike, which is which is not known, and does not matter.
 *
 * @param passFilters FILTER values that the rules let pass; null: the rule was off
 */
export function withFates(
  lines: readonly FileLine[],
  records: readonly TracedRecord[],
  passFilters: readonly string[] | null,
): TracedLine[] {
  const owners = new Map<FileLine, number>();
  const found = new Set<number>();
  // The surest first, so that no record gets the line of another one.
  const ways: readonly ((line: FileLine, record: TracedRecord) => boolean)[] = [
    (line, record) => saysSame(line, record) && looksLike(line, record, passFilters),
    saysSame,
    isAtPlace,
  ];
  for (const fits of ways) {
    for (const [index, record] of records.entries()) {
      const line = lines.find((one) => !owners.has(one) && fits(one, record));
      if (found.has(index) || line === undefined) continue;
      owners.set(line, index);
      found.add(index);
    }
  }
  return lines.map((line) => {
    const record = owners.get(line) ?? null;
    const text = line.text.slice(0, LONGEST_SHOWN);
    return {
      file: line.file,
      line: line.line,
      text,
      other_samples: line.otherSamples,
      cut: line.text.length - text.length,
      record,
      became: record === null ? repeated(line, records, owners) : (records[record]?.words ?? ""),
    };
  });
}

/** Whether a line is at the place of a record, or has its identifier where there are no places. */
function isAtPlace(line: FileLine, { chrom, start, rsid, ref }: TracedRecord): boolean {
  if (line.start === null) return line.id === rsid;
  return line.chrom === chrom && line.start === start && (ref === null || line.ref === ref);
}

/** Whether it has its alleles, too: of what was removed they are not known, of a block ALT is left out. */
function saysSame(line: FileLine, record: TracedRecord): boolean {
  return isAtPlace(line, record) && (record.ref === null || line.start === null || line.alt === record.alt);
}

/** Tells lines of one position apart. */
function looksLike(line: FileLine, record: TracedRecord, passFilters: readonly string[] | null): boolean {
  if (line.start === null) return line.bases === record.genotype?.join("");
  if (record.removed_by === null) return line.filter === record.filter;
  const isEnd = line.start + (line.ref?.length ?? 1) - 1 === record.end;
  const passes =
    passFilters === null || passFilters.some((value) => (value === "." ? "" : value) === line.filter);
  return isEnd && passes !== record.removed_by.split(",").includes("pass_filters");
}

function repeated(
  line: FileLine,
  records: readonly TracedRecord[],
  owners: ReadonlyMap<FileLine, number>,
): string {
  for (const [first, index] of owners) {
    const record = records[index];
    if (record === undefined || record.removed_by !== null || !saysSame(line, record)) continue;
    const place = first.file === line.file ? `line ${first.line}` : `line ${first.line} of ${first.file}`;
    return record.presence === "conflict"
      ? `calls another genotype than ${place}: neither counts`
      : `left out: ${place} has the same${line.start === null ? " rsID" : ""}, and counts`;
  }
  return "left out: it could not be read as a record";
}
