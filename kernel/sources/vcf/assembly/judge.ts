import { MIN_DEPTH, MIN_QUAL, PASS_FILTERS, SAMPLE_FILTER } from "../codes";
import { isMissing, word } from "./text";
import { Texts } from "./texts";

/** `PASS`, as {@link word} has it. */
const PASS: u64 = 0x53534150;

/** The quality rules of a run. A value that is missing states nothing, and passes. */
@final
export class Judge {
  /** Texts of FILTER that pass, `.` for a missing one; none: the rule is off. */
  readonly passing: Texts = new Texts();
  minDepth: f64 = -Infinity;
  minQual: f64 = -Infinity;

  /** Which rules remove a record. `depth` and `qual` are NaN when missing: they are below nothing. */
  rules(filter: usize, filterEnd: usize, depth: f64, qual: f64): i32 {
    let rules = 0;
    if (this.passing.size > 0 && !this.passes(filter, filterEnd)) rules |= PASS_FILTERS;
    if (depth < this.minDepth) rules |= MIN_DEPTH;
    if (qual < this.minQual) rules |= MIN_QUAL;
    return rules;
  }

  /** The rule of the sample's own filter, FT: `start` of 0 when there is none. */
  sampleRule(start: usize, end: usize): i32 {
    if (start === 0 || isMissing(start, end)) return 0;
    return end - start === 4 && word(start, 4) === PASS ? 0 : SAMPLE_FILTER;
  }

  private passes(start: usize, end: usize): bool {
    for (let number = 0; number < this.passing.size; number += 1) {
      if (this.passing.is(number, start, end)) return true;
      if (start === end && isMissing(this.passing.start(number), this.passing.end(number))) return true;
    }
    return false;
  }
}
