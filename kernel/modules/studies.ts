import { foldContig } from "./contig.ts";
import type { Problem } from "./problem.ts";
import { readTable } from "./table.ts";
import type { Row, TableColumns } from "./table.ts";
import { SIGNIFICANCES } from "./variants.ts";

const KNOWN = (
  "rsid chrom start ref pmid population p_value p_value_num conclusion study_design " +
  "stat_significance effect_size effect_measure effect_allele trait_efo_id doi provenance_quote " +
  "provenance_regex curator"
).split(" ");
export const STUDY_COLUMNS: TableColumns = { known: KNOWN, needed: [["pmid"]] };

/** One row of `studies.csv`: a publication on one variant. Fields are named as the columns. */
export interface StudyRow {
  readonly at: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  /** 1-based. */
  readonly start: number | null;
  readonly ref: string | null;
  readonly pmid: string;
  readonly population: string | null;
  /** As written. */
  readonly p_value: string | null;
  /** In (0, 1]; null when the text is no single number. */
  readonly p_value_num: number | null;
  readonly conclusion: string | null;
  readonly study_design: string | null;
  readonly stat_significance: (typeof SIGNIFICANCES)[number] | null;
  readonly effect_size: number | null;
  readonly effect_measure: string | null;
  readonly effect_allele: string | null;
  readonly trait_efo_id: string | null;
  readonly doi: string | null;
}

/** Reads `studies.csv`; a row with an error is left out and noted. */
export function parseStudies(file: string, text: string, problems: Problem[]): readonly StudyRow[] {
  return readTable(file, text, STUDY_COLUMNS, problems).flatMap((row) => {
    const before = problems.length;
    const study = studyRow(row);
    const broken = problems.slice(before).some(({ severity }) => severity === "error");
    return study === null || broken ? [] : [study];
  });
}

function studyRow(row: Row): StudyRow | null {
  const rsid = row.text("rsid")?.toLowerCase() ?? null;
  if (rsid !== null && !/^rs\d+$/.test(rsid)) row.error("rsid", `not a dbSNP id such as rs429358: ${rsid}`);
  const [chrom, start, ref] = [row.text("chrom"), row.integer("start"), row.text("ref")];
  if ((start !== null || ref !== null) && rsid === null && chrom === null) {
    row.error("start", "start or ref without rsid or chrom");
  }
  const pmid = pmidOf(row);
  if (pmid === null) return null;
  return {
    at: row.at,
    rsid,
    chrom: chrom === null ? null : foldContig(chrom),
    start,
    ref: ref?.toUpperCase() ?? null,
    pmid,
    population: row.text("population"),
    p_value: row.text("p_value"),
    p_value_num: probability(row),
    conclusion: row.text("conclusion"),
    study_design: row.text("study_design"),
    stat_significance: row.choice("stat_significance", SIGNIFICANCES),
    effect_size: row.number("effect_size"),
    effect_measure: row.text("effect_measure"),
    effect_allele: row.text("effect_allele"),
    trait_efo_id: row.text("trait_efo_id"),
    doi: row.text("doi"),
  };
}

/** The first number of 1 to 8 digits in the cell: a longer one is another kind of id and never cut. */
function pmidOf(row: Row): string | null {
  const text = row.required("pmid");
  if (text === null) return null;
  if (/PMC\s*\d/i.test(text)) return row.error("pmid", `a PubMed Central id, not a PubMed id: ${text}`);
  const [first, second] = text.match(/(?<!\d)\d{1,8}(?!\d)/g) ?? [];
  if (second !== undefined) {
    row.warn("pmid", `${first} alone is taken: ${text}; write a row for each publication`);
  }
  return first ?? row.error("pmid", `no number of 1 to 8 digits: ${text}`);
}

function probability(row: Row): number | null {
  const stated = row.number("p_value_num");
  if (stated !== null && (stated <= 0 || stated > 1)) {
    return row.error("p_value_num", `not above 0 and up to 1: ${stated}`);
  }
  return stated;
}
