import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";

import type { Catalog } from "../catalog/catalog.ts";
import { runView } from "./run-view.ts";

const DIED: ErrorInfo = { code: "killed", message: "the process that made it ended", hint: "Run it again." };

export interface Interrupted {
  readonly ended: readonly { readonly run: RunId; readonly partition: PartitionKey }[];
  /** Runs of a process that lives. */
  readonly leased: readonly RunId[];
}

/** The name of the lease that the process of a run has as long as it carries it out. */
export function runLease(run: RunId): string {
  return `run ${run}`;
}

/** Writes down of every run whose process is gone that it was interrupted, and which of its steps were. */
export function endInterrupted(catalog: Catalog, runs: readonly RunId[]): Interrupted {
  const leased = runs.filter((run) => catalog.leases.isHeld(runLease(run)));
  const ended = runs
    .filter((run) => !leased.includes(run))
    .flatMap((run) => {
      const events = catalog.eventsOfRun(run).map(({ event }) => event);
      // Meanwhile it may have come to its own end.
      const first = events[0];
      if (first?.type !== "run_started" || events.some(({ type }) => type === "run_ended")) return [];
      const open = new Map<AssetKey, { asset: AssetKey; partition: PartitionKey }>();
      for (const event of events) {
        if (event.type === "step_started") open.set(event.asset, event);
        else if ("asset" in event && event.type !== "step_lost" && event.type !== "step_spared")
          open.delete(event.asset);
      }
      catalog.append(
        ...[...open.values()].map(
          ({ asset, partition }) => ({ type: "step_failed", run, asset, partition, error: DIED }) as const,
        ),
        { type: "run_ended", run, state: "interrupted" },
      );
      return [{ run, partition: first.partition }];
    });
  return { ended, leased };
}

/** Writes down of a run that could not be carried on why, for each of its steps that has not ended. */
export function endFailed(catalog: Catalog, run: RunId, error: ErrorInfo): void {
  const view = runView(run, catalog.eventsOfRun(run));
  if (view?.state !== "running") return;
  const open = view.steps.filter(({ state }) => state === "pending" || state === "running");
  catalog.append(
    ...open.map(({ asset, partition }) => ({ type: "step_failed", run, asset, partition, error }) as const),
    { type: "run_ended", run, state: "failed" },
  );
}

/** Removes what runs had staged whose process is gone: it belongs to nobody. */
export async function clearStaging(catalog: Catalog, home: string): Promise<void> {
  const staging = join(home, "staging");
  for (const name of await readdir(staging).catch(() => [])) {
    if (catalog.leases.isHeld(runLease(Number.parseInt(name, 10)))) continue;
    await rm(join(staging, name), { recursive: true, force: true });
  }
}
