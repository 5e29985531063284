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
  const free = (fits: (line: FileLine) => boolean): FileLine | undefined =>
    lines.find((line) => !owners.has(line) && fits(line));
  for (const [index, record] of records.entries()) {
    const same = (line: FileLine): boolean => isLineOf(line, record);
    const alike = (line: FileLine): boolean => same(line) && looksLike(line, record, passFilters);
    const line = free(alike) ?? free(same);
    if (line !== undefined) owners.set(line, index);
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

/** Whether a record may be that of a line: of what was removed, the place is all that is known. */
function isLineOf(line: FileLine, { removed_by: rule, chrom, start, rsid, ref, alt }: TracedRecord): boolean {
  if (line.start === null) return line.id === rsid;
  if (line.chrom !== chrom || line.start !== start) return false;
  return rule !== null || (line.ref === ref?.toUpperCase() && line.alt === alt?.toUpperCase());
}

/** Tells lines of one position apart. */
function looksLike(line: FileLine, record: TracedRecord, passFilters: readonly string[] | null): boolean {
  if (record.removed_by === null) return line.filter === record.filter;
  const isEnd = line.start !== null && line.start + (line.ref?.length ?? 1) - 1 === record.end;
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
    if (record === undefined || record.removed_by !== null || !isLineOf(line, record)) continue;
    const place = first.file === line.file ? `line ${first.line}` : `line ${first.line} of ${first.file}`;
    return record.presence === "conflict"
      ? `calls another genotype than ${place}: neither counts`
      : `left out: ${place} has the same, and counts`;
  }
  return "left out: it could not be read as a record";
}
