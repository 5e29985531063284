import type { TracedRecord } from "#protocol/trace.ts";

import { quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { rulesWords } from "../reports/rule-words.ts";

/** A stretch of a contig, by folded name; 1-based, both ends inclusive. */
export interface Span {
  readonly chrom: string;
  readonly start: number;
  readonly end: number;
}

/** The tables of a normalised genome. */
export interface GenomeTables {
  readonly kept: string;
  readonly removed: string;
}

/** Records that are told of; of more, the first. */
export const MOST_RECORDS = 100;

/** What a record states, by its presence. */
const STATES: Readonly<Record<string, string>> = {
  called_variant: "a variant is called",
  called_hom_ref: "the reference is called",
  hom_ref_block: "a block of reference calls with evidence",
  no_call: "no call",
  half_call: "one of two alleles is called",
  overlapped: "a deletion that begins elsewhere spans it",
  polyploid: "more than two alleles are called",
  no_data: "a reference call without evidence",
  called: "called",
  unresolved: "I and D stand for an insertion or deletion, without its bases",
  conflict: "lines of the file call different genotypes, and none counts",
};

type KeptRow = Omit<TracedRecord, "removed_by" | "words">;
type RemovedRow = Pick<TracedRecord, "chrom" | "start" | "end" | "presence" | "removed_by">;

/** Kept records that touch one of the spans or have one of the identifiers, in the order of the table. */
export async function keptRecords(
  { kept }: GenomeTables,
  spans: readonly Span[],
  ids: readonly string[],
  connection: Connection,
  signal: AbortSignal,
): Promise<TracedRecord[]> {
  const list = ids.map(quoteText).join(", ");
  const named = `rsid in (${list}) or (contains(rsid, ';') and list_has_any(string_split(rsid, ';'), [${list}]))`;
  const found = new Map<number, KeptRow>();
  // Place by place, so that the order of the file leads to each; an rsID takes a look at all of them.
  for (const condition of [...spans.map(touches), ...(ids.length === 0 ? [] : [named])]) {
    const rows = await connection.rows<{ number: number; record: KeptRow }>(
      `select file_row_number::double as number, {chrom: chrom, start: start::double, "end": "end"::double, rsid: rsid,
         ref: ref, alt: alt, filter: "filter", genotype: genotype, presence: presence} as record
       from ${numberedRows(kept)} where ${condition} order by file_row_number limit ${MOST_RECORDS}`,
      [],
      signal,
    );
    for (const { number, record } of rows) found.set(number, record);
  }
  return [...found]
    .toSorted(([a], [b]) => a - b)
    .map(([, record]) => ({ ...record, removed_by: null, words: keptWords(record) }));
}

/** Records that a quality rule removed and that touch one of the spans. */
export async function removedRecords(
  { removed }: GenomeTables,
  spans: readonly Span[],
  connection: Connection,
  signal: AbortSignal,
): Promise<TracedRecord[]> {
  if (spans.length === 0) return [];
  const rows = await connection.rows<RemovedRow>(
    `select chrom, start::double as start, "end"::double as "end", presence, removed_by from ${parquetRows(removed)}
     where ${spans.map((span) => touches(span)).join(" or ")}
     order by chrom, start, "end" limit ${MOST_RECORDS}`,
    [],
    signal,
  );
  return rows.map((row) => ({
    ...row,
    rsid: null,
    ref: null,
    alt: null,
    genotype: null,
    filter: null,
    words: `removed ${rulesWords(row.removed_by ?? "")}`,
  }));
}

function touches({ chrom, start, end }: Span): string {
  return `(chrom = ${quoteText(chrom)} and start <= ${end} and "end" >= ${start})`;
}

function keptWords({ genotype, presence }: Pick<TracedRecord, "genotype" | "presence">): string {
  if (presence === null) return "kept; the file states no genotypes";
  const alleles = genotype === null || genotype.length === 0 ? "" : `read as ${genotype.join("/")}, `;
  return `kept: ${alleles}${STATES[presence] ?? presence}`;
}
