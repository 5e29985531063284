import type { Graph } from "#graph/graph.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { plan } from "../session/plan.ts";

/** Why an asset may not be made; null when it may. */
export type Refusal = (asset: AssetKey) => ErrorInfo | null;

/**
 * Why a step may not run. Of a notebook that is not trusted nothing runs when a page asks for it, and a script,
 * which may do anything that its person may, never does.
 */
export function refusalOf(graph: Graph, untrusted: Refusal, trustedOnly: boolean): Refusal {
  return (asset) => (trustedOnly || graph.assets.get(asset)?.kind === "script" ? untrusted(asset) : null);
}

/** @throws {WorkspaceError} `notebook` at the first step that may not run */
export function requireTrusted(steps: readonly AssetKey[], refusal: Refusal): void {
  const refused = firstRefused(steps, refusal);
  if (refused !== null) throw new WorkspaceError(refused);
}

/** Why what is missing or stale is not made by itself: a step that it needs is refused; null when none is. */
export function awaited(
  graph: Graph,
  asset: AssetKey,
  statuses: ReadonlyMap<AssetKey, AssetStatus>,
  refusal: Refusal,
): ErrorInfo | null {
  const state = statuses.get(asset)?.state;
  if (state !== "missing" && state !== "stale") return null;
  return firstRefused(plan(graph, [asset], statuses), refusal);
}

function firstRefused(steps: readonly AssetKey[], refusal: Refusal): ErrorInfo | null {
  for (const step of steps) {
    const refused = refusal(step);
    if (refused !== null) return { ...refused, cell: step };
  }
  return null;
}

/**
 * Some that are disabled are passed over; when nothing else is asked for, that is an answer.
 *
 * @throws {WorkspaceError} `notebook`
 */
export function refuseDisabled(
  targets: readonly AssetKey[],
  statuses: ReadonlyMap<AssetKey, AssetStatus>,
): void {
  const [first] = targets.map((key) => statuses.get(key));
  if (first?.state !== "disabled" || !targets.every((key) => statuses.get(key)?.state === "disabled")) return;
  throw new WorkspaceError({
    code: "notebook",
    message: `disabled: ${targets.join(", ")}`,
    hint: `Take the word disabled out of the first line of ${first.by}.`,
    cell: first.by,
  });
}
