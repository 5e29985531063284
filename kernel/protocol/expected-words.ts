import { duration } from "./numerals.ts";
import type { StepView } from "./view.ts";

/** Below this nobody waits, and the times are noise. */
const LEAST_SECONDS = 0.5;

/** ` (4.9 s expected)` behind the time that a step took; empty where nothing was expected, or it hardly takes any. */
export function expectedWords({ seconds, expected }: Pick<StepView, "seconds" | "expected">): string {
  if (expected === undefined || seconds === null) return "";
  return Math.max(seconds, expected) < LEAST_SECONDS ? "" : ` (${duration(expected)} expected)`;
}
