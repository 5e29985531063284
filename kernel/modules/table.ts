import { parse } from "csv-parse/sync";

import type { Problem } from "./problem.ts";

/** The last position that a VCF may have. */
const MOST = 2 ** 31 - 1;

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
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    return this.error(field, `not a number: ${text}${numberHint(text)}`);
  }

  integer(field: string): number | null {
    const value = this.number(field);
    if (value === null || (Number.isInteger(value) && value >= 0 && value <= MOST)) return value;
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

  /** Parts between commas, semicolons or pipes, without empty ones. */
  list(field: string): readonly string[] {
    return (this.text(field) ?? "")
      .split(/[,;|]/)
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }
}

/**
 * Rows of an authored CSV file under its header. A row with more cells than the header is an error and left out;
 * a column nobody reads is a warning.
 */
export function readTable(
  file: string,
  text: string,
  columns: readonly string[],
  problems: Problem[],
): readonly Row[] {
  const records = parseCsv(file, text, problems);
  const header = (records.shift()?.cells ?? []).map((name) => name.trim());
  for (const name of header.filter((name) => !columns.includes(name))) {
    problems.push({
      severity: "warning",
      at: `${file}:1`,
      field: name,
      message: "a column that nothing reads",
    });
  }
  const rows: Row[] = [];
  for (const { line, cells } of records) {
    const row = new Row(
      `${file}:${line}`,
      new Map(header.map((name, i) => [name, cells[i] ?? ""])),
      problems,
    );
    if (cells.length > header.length) {
      row.error(null, `${cells.length} cells under a header of ${header.length}`);
    } else {
      rows.push(row);
    }
  }
  return rows;
}

interface CsvRecord {
  /** Line that the record begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

function parseCsv(file: string, text: string, problems: Problem[]): CsvRecord[] {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
    const parsed = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    let returns = 0;
    return parsed.map(({ record, info }) => {
      const written = record.join("");
      // The parser counts both bytes of a CRLF between quotes.
      returns += written.split("\r\n").length - 1;
      return { line: info.lines - returns - written.split("\n").length + 1, cells: record };
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    problems.push({ severity: "error", at: file, field: null, message: `not CSV: ${message}` });
    return [];
  }
}

function numberHint(text: string): string {
  if (/^[-+]?\d+,\d+$/.test(text)) return "; write the decimal with a point";
  return /[\u2212\u2013\u2014]/.test(text) ? "; write the minus as -" : "";
}
