import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import { LocalApi } from "../../server/api.ts";
import { Automation } from "../../server/automation.ts";
import type { AutomationOptions } from "../../server/automation.ts";
import { viewOfRun } from "../../server/workspace-views.ts";
import type { Workspace } from "../../server/workspace.ts";

export const QUIET_MS = 300;

/** What makes assets of a workspace by itself, as a server has it that takes in what is edited. */
export function automate(workspace: Workspace, options: AutomationOptions = {}): Automation {
  new LocalApi(workspace, []).definitionsChanged();
  return new Automation(workspace, { quietMs: QUIET_MS, ...options });
}

/** Its runs over a partition, the first one first. */
export function runs(workspace: Workspace, partition: PartitionKey = WHOLE): RunView[] {
  const all = workspace.catalog.runs(100).toReversed();
  return all.flatMap((id) => viewOfRun(workspace, id) ?? []).filter((run) => run.partition === partition);
}

export function ended(workspace: Workspace, partition: PartitionKey = WHOLE): RunView[] {
  return runs(workspace, partition).filter(({ state }) => state !== "running");
}

export async function state(
  workspace: Workspace,
  asset: string,
  partition: PartitionKey = WHOLE,
): Promise<string | undefined> {
  const found = [...(await workspace.statuses(partition))].find(([key]) => key === asset);
  return found?.[1].state;
}

/** Gives a cell of `one.md` another text. */
export async function edit(workspace: Workspace, cell: string, source: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  await session.dispatch({
    type: "edit",
    ops: [{ op: "set-source", block: cell, source }],
    at: Date.now(),
  });
}

/** After everything that has happened was looked at. */
export async function settled(workspace: Workspace): Promise<void> {
  workspace.touched(WHOLE);
  await new Promise((resolve) => setTimeout(resolve, 3 * QUIET_MS));
}
