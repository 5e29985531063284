/** Findings that a line is to blame for, in the order of their codes. */
export const LINE_FINDINGS = [
  "SHORT_RECORD",
  "BAD_POSITION",
  "GT_INDEX",
  "GT_MALFORMED",
  "SYMBOLIC_ALLELE",
  "AMBIGUOUS_ALLELE",
  "QUAL_NAN",
  "UNSORTED",
  "BLANK_LINE",
  "INFO_TWICE",
  "WRONG_NUMBER",
  "POLYPLOID",
  "HEADER_LINE",
  "BARE_REFERENCE",
  "WRONG_TYPE",
] as const;
export type LineFinding = (typeof LINE_FINDINGS)[number];

/** What is shown of a field. */
const LONGEST_SHOWN = 40;

/** The first line of each finding, as `line N: what`. Never a genotype. */
export class FirstLines {
  readonly found: Map<LineFinding, string> = new Map();

  /** `what` is asked for the first line alone. */
  note(kind: LineFinding, line: number, what: () => string): void {
    if (!this.found.has(kind)) this.found.set(kind, `line ${line}: ${what()}`);
  }
}

/** A field as far as it is shown. */
export function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
