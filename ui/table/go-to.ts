/** Where a person wants to go in a table: a row number, an rsID, a place on a chromosome, a gene. Pure. */
import type { ColumnFilter, TableView as View } from "#protocol/messages.ts";

import { readNumber } from "./look.ts";

export type Destination =
  /** 0-based. */
  | { readonly kind: "row"; readonly row: number }
  | { readonly kind: "rsid"; readonly rsid: string }
  /** 1-based, both ends included. */
  | { readonly kind: "locus"; readonly contig: string; readonly first: number; readonly last: number }
  | { readonly kind: "gene"; readonly gene: string };

const LOCUS =
  /^(?:chr)?([0-9]{1,2}|x|y|m|mt|[a-z]{2}[\w.]*)\s*[:\s]\s*([\d.,_]+[kmg]?)(?:\s*(?:-|–|\.\.|:)\s*([\d.,_]+[kmg]?))?$/i;
const GENE = /^[A-Za-z][A-Za-z0-9.-]{0,31}$/;

/** Null for what is none of them. */
export function readDestination(text: string): Destination | null {
  const wanted = text.trim();
  const row = readNumber(wanted);
  if (typeof row === "number")
    return Number.isInteger(row) && row >= 1 ? { kind: "row", row: row - 1 } : null;
  if (/^rs\d+$/i.test(wanted)) return { kind: "rsid", rsid: wanted.toLowerCase() };
  const locus = readLocus(wanted);
  if (locus !== null) return locus;
  return GENE.test(wanted) ? { kind: "gene", gene: wanted } : null;
}

function readLocus(text: string): Destination | null {
  const found = LOCUS.exec(text);
  if (found === null) return null;
  const first = readNumber(found[2] ?? "");
  const last = found[3] === undefined ? first : readNumber(found[3]);
  const whole = [first, last].every((end) => typeof end === "number" && Number.isInteger(end) && end >= 1);
  if (!whole || typeof first !== "number" || typeof last !== "number" || last < first) return null;
  return { kind: "locus", contig: contigName(found[1] ?? ""), first, last };
}

/** As tables name contigs: without `chr`, sex chromosomes upper-cased, the mitochondrion MT. */
function contigName(text: string): string {
  if (/^m$/i.test(text)) return "MT";
  return /^(?:x|y|mt)$/i.test(text) ? text.toUpperCase() : text;
}

/** Names under which tables have what can be gone to, the usual one first. */
const RSID = ["rsid", "vcf_rsid", "id"];
const GENES = ["gene", "gene_symbol", "symbol"];
const CONTIG = ["chrom", "contig", "chr"];
const START = ["start", "pos", "position"];

/**
 * The view that leaves what is wanted; null when the table lacks the columns for it. A row number needs no view.
 * Filters of columns that can be gone to are replaced, the others stay: what was gone to before narrows it no more.
 */
export function destinationView(
  view: View,
  destination: Exclude<Destination, { kind: "row" }>,
  columns: readonly string[],
): View | null {
  const filters = destinationFilters(destination, columns);
  if (filters === null) return null;
  const used = new Set([RSID, GENES, CONTIG, START].map((names) => named(columns, names)));
  const others = (view.filters ?? []).filter((filter) => !used.has(filter.column));
  return { ...view, filters: [...others, ...filters] };
}

function destinationFilters(
  destination: Exclude<Destination, { kind: "row" }>,
  columns: readonly string[],
): readonly ColumnFilter[] | null {
  switch (destination.kind) {
    case "rsid": {
      const column = named(columns, RSID);
      return column === undefined ? null : [{ column, is: "equal", value: destination.rsid }];
    }
    case "gene": {
      const column = named(columns, GENES);
      return column === undefined ? null : [{ column, is: "equal", value: destination.gene }];
    }
    case "locus": {
      const contig = named(columns, CONTIG);
      const start = named(columns, START);
      if (contig === undefined || start === undefined) return null;
      return [
        { column: contig, is: "equal", value: destination.contig },
        { column: start, is: "between", least: destination.first, most: destination.last },
      ];
    }
  }
}

function named(columns: readonly string[], names: readonly string[]): string | undefined {
  return names.find((name) => columns.includes(name));
}

/** What there was to find, for a table that lacks the columns. */
export function destinationWords(destination: Destination): string {
  switch (destination.kind) {
    case "row":
      return `row ${destination.row + 1}`;
    case "rsid":
      return "rsIDs";
    case "gene":
      return "genes";
    case "locus":
      return "positions";
  }
}
