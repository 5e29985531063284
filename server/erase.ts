import { rm, rmdir } from "node:fs/promises";
import { dirname, relative } from "node:path";

import type { Graph } from "#graph/graph.ts";
import { isComparedWith } from "#graph/staleness.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, ObjectHash, PartitionKey, RunId } from "#protocol/ids.ts";

import type { CatalogEvent, DerivedOutput } from "./catalog/events.ts";
import { madeFrom } from "./made-from.ts";
import { removeDoomed, removeObjects } from "./remove-objects.ts";
import { runLease } from "./runs/interrupted.ts";
import { partitionDirectory, publish, unpublish } from "./runs/published-tree.ts";
import type { Workspace } from "./workspace.ts";

/** What a deletion removes. */
export interface Erasure {
  readonly partitions: readonly PartitionKey[];
  readonly assets: readonly AssetKey[];
  /** Outputs of other partitions that were made from theirs and hold rows of it: those versions go too. */
  readonly derived: readonly DerivedOutput[];
  /** Numbers of the records of those. */
  readonly derivedRecords: readonly number[];
  /** Stored files that no record names that stays, of all versions. */
  readonly objects: readonly { readonly hash: ObjectHash; readonly bytes: number }[];
}

/** What erasing partitions would remove. Nothing is changed. */
export function planErasure({ catalog }: Workspace, partitions: readonly PartitionKey[]): Erasure {
  const files = catalog.recordedFiles();
  const derived = madeFrom(catalog.origins(), (partition) => partitions.includes(partition));
  const derivedRecords = new Set(derived.map(({ seq }) => seq));
  const goes = ({ partition, seq }: (typeof files)[number]): boolean =>
    partitions.includes(partition) || derivedRecords.has(seq);
  const staying = new Set(files.filter((file) => !goes(file)).map(({ hash }) => hash));
  const doomed = new Map(
    files.flatMap((file) => (goes(file) && !staying.has(file.hash) ? [[file.hash, file.bytes]] : [])),
  );
  return {
    partitions,
    assets: [...new Set(partitions.flatMap((partition) => catalog.headsOf(partition)))],
    derived: counted(derived),
    derivedRecords: [...derivedRecords],
    objects: [...doomed].map(([hash, bytes]) => ({ hash, bytes })),
  };
}

/** How many versions of each output. */
function counted(records: readonly Omit<DerivedOutput, "versions">[]): DerivedOutput[] {
  const outputs = new Map<string, DerivedOutput>();
  for (const { asset, partition } of records) {
    const place = `${asset} ${partition}`;
    outputs.set(place, { asset, partition, versions: (outputs.get(place)?.versions ?? 0) + 1 });
  }
  return [...outputs.values()];
}

/**
 * Removes all that is kept of partitions: every version of their outputs and of what others have that was made from
 * these, what was written down of them, their links and what kernels hold of them; and first the files at `sources`.
 * Receipts stay. What is killed before the receipt is written can be done again, and what comes after it is finished by
 * who opens the workspace next.
 *
 * @returns what was removed
 * @throws {WorkspaceError} `busy` while a run, also of another process, works on one of them, or may read of them
 */
export async function erase(
  workspace: Workspace,
  partitions: readonly PartitionKey[],
  sources: readonly string[] = [],
): Promise<Erasure> {
  const { catalog, paths, kernels } = workspace;
  const { graph } = await workspace.definitions();
  const refuse = (): void => refuseBusy(workspace, graph, partitions);
  refuse();
  const going = planErasure(workspace, partitions);
  const { derived, objects, derivedRecords } = going;
  const records = derivedRecords.flatMap((seq) => catalog.versions.record(seq) ?? []);
  for (const path of sources) {
    await rm(path, { force: true });
    // Files that were sent together lie in a folder of their sample.
    await rmdir(dirname(path)).catch(() => null);
  }
  for (const record of records) await unpublish(record, paths.output);
  for (const partition of partitions) await removeLinks(paths.output, partition);
  const receipts = partitions.map((partition) => receiptOf(workspace, partition, partitions));
  const hashes = objects.map(({ hash }) => hash);
  catalog.erase({ receipts, derived: derivedRecords, objects: hashes }, refuse);
  for (const { asset, partition } of derived) {
    const record = catalog.versions.headRecord(asset, partition);
    if (record !== null) await publish(record, paths.home, paths.output);
  }
  const touched = new Set([...partitions, ...derived.map((one) => one.partition)]);
  for (const partition of touched) workspace.live.forget(partition);
  for (const partition of partitions) workspace.forks.forget(partition);
  await removeObjects(workspace, hashes);
  // Sorted rows of theirs may lie beside a kernel's database, which go with it.
  for (const notebook of kernels.notebooks) await kernels.restart(notebook);
  // They and others that were killed may have left rows in the folder for temporary files.
  const kernel = await kernels.get("interactive");
  await kernel.call("sweep-spilled", {});
  // A kernel may have laid something beside an object until it ended.
  await removeDoomed(workspace);
  for (const partition of touched) workspace.touched(partition);
  return going;
}

async function removeLinks(output: string, partition: PartitionKey): Promise<void> {
  const directory = partitionDirectory(output, partition);
  await rm(directory, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    // A folder that no disk can have is not there.
    if (error.code !== "ENAMETOOLONG") throw error;
  });
  // The folder of a person of whom nothing is left.
  if (relative(output, dirname(directory)) !== "") await rmdir(dirname(directory)).catch(() => null);
}

function refuseBusy(workspace: Workspace, graph: Graph, partitions: readonly PartitionKey[]): void {
  // Whoever is compared with one of them may be reading it.
  const readsThem = partitions.some((partition) => isComparedWith(graph, partition));
  const atWork = [...workspace.live.all(), ...runsOfOthers(workspace)];
  const busy = atWork.find(({ partition }) => readsThem || partitions.includes(partition));
  if (busy === undefined) return;
  throw new WorkspaceError({
    code: "busy",
    message: `run ${busy.id} works on ${busy.partition}`,
    hint: "Stop it, or wait until it has ended.",
  });
}

/** Runs that another process carries out. */
function runsOfOthers({ catalog }: Workspace): { readonly id: RunId; readonly partition: PartitionKey }[] {
  return catalog.openRuns().flatMap((id) => {
    const [first] = catalog.eventsOfRun(id);
    if (first?.event.type !== "run_started" || !catalog.leases.isHeld(runLease(id))) return [];
    return [{ id, partition: first.event.partition }];
  });
}

/** What goes with one partition, also when others go with it. */
function receiptOf(
  workspace: Workspace,
  partition: PartitionKey,
  all: readonly PartitionKey[],
): CatalogEvent & { readonly type: "erased" } {
  const { assets, derived, objects } = planErasure(workspace, [partition]);
  const others = derived.filter((one) => !all.includes(one.partition));
  const bytes = objects.reduce((sum, one) => sum + one.bytes, 0);
  return { type: "erased", partition, assets, derived: others, objects: objects.length, bytes };
}
