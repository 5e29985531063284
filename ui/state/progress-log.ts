import type { RunView } from "#protocol/view.ts";

import type { ProgressSample } from "../words/progress.ts";
import { observe, secondsLeft } from "../words/progress.ts";

/** How the steps of running runs got on, for an estimate of what is left. */
export class ProgressLog {
  readonly #samples = new Map<string, readonly ProgressSample[]>();

  /** `at`: milliseconds. */
  observe(run: RunView, at: number): void {
    for (const step of run.steps) {
      const name = `${run.id} ${step.asset}`;
      if (run.state !== "running" || step.state !== "running" || step.progress === null) {
        this.#samples.delete(name);
      } else {
        this.#samples.set(name, observe(this.#samples.get(name) ?? [], step.progress, at));
      }
    }
  }

  /** Seconds left of a step; null while unknown. */
  left(run: number, asset: string, now: number): number | null {
    return secondsLeft(this.#samples.get(`${run} ${asset}`) ?? [], now);
  }
}
