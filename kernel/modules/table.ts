import { CsvError, parse } from "csv-parse/sync";

import { nearest } from "#graph/nearest.ts";

import { isAllele } from "./genotype.ts";
import type { Problem } from "./problem.ts";

/** The last position that a VCF may have. */
const MOST = 2 ** 31 - 1;
/** As many of them as a table can hold still have a sum. */
const GREATEST = 1e300;

/** One row of an authored CSV with the readers of its cells. Each reader notes what is wrong and gives null. */
export class Row {
  readonly at: string;
  readonly #cells: ReadonlyMap<string, string>;
  readonly #problems: Problem[];

  constructor(at: string, cells: ReadonlyMap<string, string>, problems: Problem[]) {
    this.at = at;
    this.#cells = cells;
    this.#problems = problems;
  }

  error(field: string | null, message: string): null {
    this.#problems.push({ severity: "error", at: this.at, field, message });
    return null;
  }

  warn(field: string | null, message: string): void {
    this.#problems.push({ severity: "warning", at: this.at, field, message });
  }

  /** The cell trimmed; null when it is empty or the column is not there. */
  text(field: string): string | null {
    const cell = this.#cells.get(field)?.trim() ?? "";
    return cell === "" ? null : cell;
  }

  required(field: string): string | null {
    return this.text(field) ?? this.error(field, "is empty");
  }

  number(field: string): number | null {
    const text = this.text(field);
    if (text === null) return null;
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (Math.abs(value) <= GREATEST) return value;
    if (!Number.isNaN(value)) return this.error(field, `too large to be added up: ${text}`);
    return this.error(field, `not a number: ${text}${numberHint(text)}`);
  }

  integer(field: string): number | null {
    const value = this.number(field);
    if (value === null) return null;
    const text = this.text(field) ?? "";
    if (/e/i.test(text)) return this.error(field, `not all digits of a number: ${text}; write it out`);
    if (Number.isInteger(value) && value >= 0 && value <= MOST) return value;
    return this.error(field, `not a whole number from 0 to ${MOST}: ${value}`);
  }

  boolean(field: string): boolean | null {
    const text = this.text(field)?.toLowerCase() ?? null;
    if (text === null) return null;
    if (["true", "1", "yes"].includes(text)) return true;
    if (["false", "0", "no"].includes(text)) return false;
    return this.error(field, `neither true nor false: ${text}`);
  }

  choice<Choice extends string>(field: string, choices: readonly Choice[]): Choice | null {
    const text = this.text(field);
    if (text === null) return null;
    const found = choices.find((choice) => choice === text.toLowerCase());
    return found ?? this.error(field, `unknown value: ${text}; one of ${choices.join(", ")}`);
  }

  /** Alleles of a place as a VCF spells them, in capitals. */
  alleles(field: string): readonly string[] {
    const alleles = this.list(field).map((allele) => allele.toUpperCase());
    for (const allele of alleles) {
      if (isAllele(allele)) continue;
      const anchor = allele.includes("-") ? "; write the base before it too, as a VCF does" : "";
      this.error(field, `not an allele: ${allele}${anchor}`);
    }
    return alleles;
  }

  /** Parts between commas, semicolons or pipes, without empty ones. */
  list(field: string): readonly string[] {
    return (this.text(field) ?? "")
      .split(/[,;|]/)
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
}

/** Columns of an authored CSV. */
export interface TableColumns {
  readonly known: readonly string[];
  /** Groups of which each row needs one. */
  readonly needed: readonly (readonly string[])[];
}

/**
 * Rows of an authored CSV file under its header. A row with more cells than the header is an error and left out;
 * a column nobody reads is a warning. Under a header that no row can be read by there are no rows.
 */
export function readTable(
  file: string,
  text: string,
  columns: TableColumns,
  problems: Problem[],
): readonly Row[] {
  const records = parseCsv(file, text, problems);
  const [first, ...rest] = records;
  if (first === undefined) return [];
  const header = first.cells.map((name) => name.trim());
  const found = headerProblems(header, columns).map((problem) => ({
    ...problem,
    at: `${file}:${first.line}`,
  }));
  problems.push(...found);
  if (found.some(({ severity }) => severity === "error")) return [];
  const rows: Row[] = [];
  for (const { line, cells } of rest) {
    const row = new Row(
      `${file}:${line}`,
      new Map(header.map((name, i) => [name, cells[i] ?? ""])),
      problems,
    );
    if (cells.length > header.length) {
      row.error(
        null,
        `${cells.length} cells under a header of ${header.length}; put a cell with a comma in straight quotes`,
      );
    } else {
      rows.push(row);
    }
  }
  return rows;
}

/** What is off in a header. A missing column is told once, not of each row, and with what stands in its place. */
function headerProblems(
  header: readonly string[],
  { known, needed }: TableColumns,
): readonly Omit<Problem, "at">[] {
  const [only] = header;
  const other = header.length === 1 ? [";", "\t"].find((mark) => only?.includes(mark)) : undefined;
  if (other !== undefined) {
    const message = `the columns are separated by ${other === ";" ? "semicolons" : "tabs"}: write commas`;
    return [{ severity: "error", field: null, message }];
  }
  const unread = header.filter((name) => !known.includes(name));
  const absent = needed.filter((group) => !group.some((name) => header.includes(name)));
  const meant = new Map(
    unread.map((name) => [
      name,
      nearest(
        name,
        known.filter((one) => !header.includes(one)),
      ),
    ]),
  );
  const twice = header.filter((name, at) => known.includes(name) && header.indexOf(name) < at);
  return [
    ...twice.map(
      (name) => ({ severity: "error", field: name, message: "two columns of this name" }) as const,
    ),
    ...absent.map((group) => {
      const there = unread.find((name) => group.includes(meant.get(name) ?? ""));
      const instead = there === undefined ? "" : `; ${there} is written ${meant.get(there)}`;
      const message = `there is no column ${group.join(", and no column ")}${instead}`;
      return { severity: "error", field: group[0] ?? null, message } as const;
    }),
    ...unread.map((name) => {
      const like = meant.get(name);
      const message = `a column that nothing reads${like == null ? "" : `; ${like} is one that is read`}`;
      return { severity: "warning", field: name, message } as const;
    }),
  ];
}

interface CsvRecord {
  /** Line that the record begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

function parseCsv(file: string, text: string, problems: Problem[]): CsvRecord[] {
  let returns = 0;
  let last = 0;
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record(cells: string[], { lines }) {
        const written = cells.join("");
        // The parser counts both bytes of a CRLF between quotes.
        returns += written.split("\r\n").length - 1;
        last = lines - returns;
        records.push({ line: last - written.split("\n").length + 1, cells });
        return null;
      },
    });
    return records;
  } catch (error) {
    problems.push({ severity: "error", field: null, ...csvProblem(file, last, error) });
    return [];
  }
}

/** @param last the line that the last whole record ends on */
function csvProblem(file: string, last: number, error: unknown): Pick<Problem, "at" | "message"> {
  const code = error instanceof CsvError ? error.code : null;
  const at = `${file}:${last + 1}`;
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return { at, message: "not CSV: a quote that is never closed, here or in a row below" };
  }
  if (code === "INVALID_OPENING_QUOTE" || code === "CSV_INVALID_CLOSING_QUOTE") {
    return {
      at,
      message: 'not CSV: a quote inside a cell; put the cell in quotes, and write "" for the one inside',
    };
  }
  return { at, message: `not CSV: ${error instanceof Error ? error.message : String(error)}` };
}

/** As people and programs write numbers; not `0x10`, which is one to JavaScript. */
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function numberHint(text: string): string {
  if (/^[-+]?\d+,\d+$/.test(text)) return "; write the decimal with a point";
  if (/^\d{1,3}(?:,\d{3}){2,}$/.test(text)) return "; leave out the commas";
  return /[\u2212\u2013\u2014]/.test(text) ? "; write the minus as -" : "";
}
