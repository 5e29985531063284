import type { QualityFilters } from "#protocol/annotation.ts";

import { isMissing, isText } from "./bytes.ts";

const FILTER_BITS = { pass_filters: 1, min_depth: 2, min_qual: 4, sample_filter: 8 } as const;
const PASS = Buffer.from("PASS");

/** The quality rules of a run. A value that is missing states nothing, and passes. */
export class Judge {
  /** Texts of FILTER that pass, `.` for a missing one; empty: the rule is off. */
  readonly #passing: readonly Uint8Array[];
  readonly #minDepth: number;
  readonly #minQual: number;

  constructor(filters: QualityFilters) {
    this.#passing = (filters.pass_filters ?? []).map((text) => Buffer.from(text === "" ? "." : text));
    this.#minDepth = threshold(filters.min_depth);
    this.#minQual = threshold(filters.min_qual);
  }

  /** Which rules remove a record, a bit each in the order of `RULES`. `depth` and `qual` are NaN when missing. */
  rules(bytes: Uint8Array, filter: number, filterEnd: number, depth: number, qual: number): number {
    return (
      (this.#passing.length === 0 || this.#passes(bytes, filter, filterEnd) ? 0 : FILTER_BITS.pass_filters) |
      (depth < this.#minDepth ? FILTER_BITS.min_depth : 0) |
      (qual < this.#minQual ? FILTER_BITS.min_qual : 0)
    );
  }

  /** The rule of the sample's own filter, FT: `start` below 0 when there is none. */
  sampleRule(bytes: Uint8Array, start: number, end: number): number {
    const passes = start < 0 || isMissing(bytes, start, end) || isText(bytes, start, end, PASS);
    return passes ? 0 : FILTER_BITS.sample_filter;
  }

  #passes(bytes: Uint8Array, start: number, end: number): boolean {
    for (const text of this.#passing) {
      if (isText(bytes, start, end, text)) return true;
      if (start === end && text.length === 1 && isMissing(text, 0, 1)) return true;
    }
    return false;
  }
}

/** A rule that is absent or 0 is off: nothing is below minus infinity. */
function threshold(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : Number.NEGATIVE_INFINITY;
}
