import { waitWords } from "#protocol/wait-words.ts";

import type { LiveRun } from "../workspace.ts";
import type { VerbScope } from "./verb.ts";

const INTERVAL_MS = 200;

/** Passes on the progress of a run until it has ended. */
export async function followRun(run: LiveRun, { progress }: VerbScope): Promise<void> {
  const shown = new Map<string, unknown>();
  const timer = setInterval(() => {
    const { runs } = run.waiting;
    if (runs.length > 0 && shown.get("") !== runs) {
      shown.set("", runs);
      progress(null, { phase: waitWords(runs) });
    }
    for (const [asset, now] of run.progress) {
      if (shown.get(asset) === now) continue;
      shown.set(asset, now);
      progress(asset, now);
    }
  }, INTERVAL_MS);
  try {
    await run.ended;
  } finally {
    clearInterval(timer);
  }
}
