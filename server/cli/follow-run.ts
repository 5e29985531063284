import { waitWords } from "#protocol/wait-words.ts";

import { WorkspaceError } from "#protocol/error.ts";
import type { RunView } from "#protocol/view.ts";

import type { LiveRun } from "../runs/live-runs.ts";
import { runView } from "../runs/run-view.ts";
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

/**
 * Passes on the progress of a run, and says how it ended.
 *
 * @throws {WorkspaceError} `cancelled` when what it worked for was removed meanwhile: nothing is written down of it
 */
export async function endOfRun(run: LiveRun, scope: VerbScope): Promise<RunView> {
  await followRun(run, scope);
  const view = runView(run.id, scope.workspace.catalog.eventsOfRun(run.id));
  if (view !== null) return view;
  throw new WorkspaceError({
    code: "cancelled",
    message: `${run.partition} was removed while run ${run.id} worked for it`,
    hint: "Add it again if it is still wanted: karyon partitions add USER/SAMPLE --vcf FILE",
  });
}
