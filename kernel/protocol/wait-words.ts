import type { RunId } from "./ids.ts";

/** `waits for run 3 or 4`: whichever of them ends first. */
export function waitWords(runs: readonly RunId[]): string {
  return `waits for run ${runs.join(" or ")}`;
}
