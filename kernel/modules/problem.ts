/** Something off in an authored module: where, in which field, and what. Errors break the module, warnings do not. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** `file:line`, or the file alone when no line is to blame. */
  readonly at: string;
  /** Column or key, such as `genotype` or `module.name`; null when the whole row or file is meant. */
  readonly field: string | null;
  readonly message: string;
}

/** A problem as one line: `variants.csv:12 [genotype] alleles are not sorted: T/C`. */
export function problemText({ at, field, message }: Problem): string {
  return field === null ? `${at} ${message}` : `${at} [${field}] ${message}`;
}
