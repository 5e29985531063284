/** Where a person wants to go in a table: a row number, an rsID, a place on a chromosome, a gene. Pure. */
import type { ColumnFilter, TableView as View } from "#protocol/messages.ts";

import type { Destination, NoPlace } from "./destination.ts";
import { contigName, readHgvs } from "./hgvs.ts";
import { readNumber } from "./look.ts";

const LOCUS =
  /^(?:chr)?([0-9]{1,2}|x|y|m|mt|[a-z]{2}[\w.]*)\s*[:\s]\s*([\d.,_]+[kmg]?)(?:\s*(?:-|–|\.\.|:)\s*([\d.,_]+[kmg]?))?$/i;
const GENE = /^[A-Za-z][A-Za-z0-9.-]{0,31}$/;

/** Null for what is none of them. */
export function readDestination(text: string): Destination | NoPlace | null {
  const wanted = text.trim();
  const row = readNumber(wanted);
  if (typeof row === "number")
    return Number.isInteger(row) && row >= 1 ? { kind: "row", row: row - 1 } : null;
  if (/^rs\d+$/i.test(wanted)) return { kind: "rsid", rsid: wanted.toLowerCase() };
  const place = readHgvs(wanted) ?? readLocus(wanted);
  if (place !== null) return place;
  return GENE.test(wanted) ? { kind: "gene", gene: geneName(wanted) } : null;
}

/** What is typed in small letters as symbols of genes are written: in capitals, but `C9orf72`. */
function geneName(text: string): string {
  if (text !== text.toLowerCase()) return text;
  return text.toUpperCase().replace(/^(C(?:\d+|X|Y))ORF(?=\d)/, "$1orf");
}

function readLocus(text: string): Destination | NoPlace | null {
  const found = LOCUS.exec(text);
  if (found === null) return null;
  const first = readNumber(found[2] ?? "");
  const last = found[3] === undefined ? first : readNumber(found[3]);
  const whole = [first, last].every((end) => typeof end === "number" && Number.isInteger(end) && end >= 1);
  if (!whole || typeof first !== "number" || typeof last !== "number" || last < first) return null;
  const contig = contigName(found[1] ?? "");
  return typeof contig === "string" ? { kind: "locus", contig, first, last } : contig;
}

/** Names under which tables have what can be gone to, the usual one first. */
const RSID = ["rsid", "vcf_rsid", "id"];
const GENES = ["gene", "gene_symbol", "symbol"];
const CONTIG = ["chrom", "contig", "chr"];
const START = ["start", "pos", "position"];
const END = ["end"];

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
  const used = new Set([RSID, GENES, CONTIG, START, END].map((names) => named(columns, names)));
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
      const { first, last } = destination;
      const end = named(columns, END);
      return [
        { column: contig, is: "equal", value: destination.contig },
        // A deletion or a reference block that begins before the place and reaches into it is there, too.
        { column: start, is: "between", least: end === undefined ? first : null, most: last },
        ...(end === undefined
          ? []
          : ([{ column: end, is: "between", least: first, most: null }] satisfies ColumnFilter[])),
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
