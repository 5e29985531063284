import type { AssetKey } from "#protocol/ids.ts";
import { counted } from "#protocol/numerals.ts";
import type { RunView } from "#protocol/view.ts";

import type { CellState } from "./cell-state.ts";
import { STATE_LOOKS, isAtWork, isCurrent, isRunning } from "./cell-state.ts";

interface Picture {
  readonly states: ReadonlyMap<AssetKey, CellState>;
  /** Those of the sample that is shown. */
  readonly runs: readonly RunView[];
}

const ENDS: Readonly<Record<Exclude<RunView["state"], "running">, string | null>> = {
  done: "finished",
  cancelled: "stopped",
  interrupted: "was interrupted",
  // What failed of it is told by its name.
  failed: null,
};

/**
 * What a screen reader is told between two pictures of the page: what failed, how the cell with the focus is now, and
 * where a run begins and ends of which that cell does not tell.
 */
export function announcements(before: Picture, now: Picture, focused: AssetKey | null): string[] {
  const told: string[] = [];
  for (const [key, state] of now.states) {
    const old = before.states.get(key);
    if (old === undefined || old.name === state.name) continue;
    if (state.name === "failed" || state.name === "killed")
      told.push(`${key} failed: ${state.error.message}`);
    // What is at work goes on, whatever it is called meanwhile.
    else if (key === focused && !(isRunning(state) && isAtWork(old) && old.name !== "queued")) {
      const word = isCurrent(state) && isAtWork(old) ? "finished" : STATE_LOOKS[state.name].word;
      told.push(`${key} ${word}`);
    }
  }
  const old = new Map(before.runs.map((run) => [run.id, run.state]));
  for (const { id, state, steps } of now.runs) {
    if (state === "running") {
      const isNew = !old.has(id) && !steps.some(({ asset }) => asset === focused);
      if (isNew) told.push(`run ${id} began: ${counted(steps.length, "step")}`);
    } else if (old.get(id) === "running" && ENDS[state] !== null) {
      const alone = steps.length === 1 && steps[0]?.asset === focused;
      if (!alone) told.push(`run ${id} ${ENDS[state]}`);
    }
  }
  return told;
}
