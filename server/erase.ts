import { readdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, ObjectHash, PartitionKey } from "#protocol/ids.ts";

import { objectPath, partitionDirectory } from "./runs/published-tree.ts";
import type { Workspace } from "./workspace.ts";

/** What a deletion removes. */
export interface Erasure {
  readonly partitions: readonly PartitionKey[];
  readonly assets: readonly AssetKey[];
  /** Stored files that no other partition's records name, of all versions. */
  readonly objects: readonly { readonly hash: ObjectHash; readonly bytes: number }[];
}

/** What erasing partitions would remove. Nothing is changed. */
export function planErasure({ catalog }: Workspace, partitions: readonly PartitionKey[]): Erasure {
  const files = catalog.recordedFiles();
  const ours = files.filter((file) => partitions.includes(file.partition));
  const others = new Set(
    files.filter((file) => !partitions.includes(file.partition)).map(({ hash }) => hash),
  );
  const doomed = new Map(
    ours.filter(({ hash }) => !others.has(hash)).map(({ hash, bytes }) => [hash, bytes]),
  );
  return {
    partitions,
    assets: [...new Set(partitions.flatMap((partition) => catalog.headsOf(partition)))],
    objects: [...doomed].map(([hash, bytes]) => ({ hash, bytes })),
  };
}

/**
 * Removes all that is kept of partitions: every version of their outputs, what was written down of them, their links
 * and what kernels hold of them. Receipts stay. The heads go first: a crash between leaves only garbage.
 *
 * @throws {WorkspaceError} `busy` while a run works on one of them
 */
export async function erase(workspace: Workspace, { partitions, objects }: Erasure): Promise<void> {
  const { catalog, paths, kernels } = workspace;
  const busy = [...workspace.liveRuns()].find(({ partition }) => partitions.includes(partition));
  if (busy !== undefined) {
    throw new WorkspaceError({
      code: "busy",
      message: `run ${busy.id} works on ${busy.partition}`,
      hint: "Stop it, or wait until it has ended.",
    });
  }
  for (const partition of partitions) {
    const own = planErasure(workspace, [partition]);
    catalog.append({
      type: "erased",
      partition,
      assets: own.assets,
      objects: own.objects.length,
      bytes: own.objects.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }
  for (const { hash } of objects) await removeObject(paths.home, hash);
  for (const partition of partitions) {
    catalog.forget(partition);
    for (const place of workspace.forks.keys()) {
      if (place.endsWith(` ${partition}`)) workspace.forks.delete(place);
    }
    const directory = partitionDirectory(paths.output, partition);
    await rm(directory, { recursive: true, force: true });
    // The folder of a person of whom nothing is left.
    if (relative(paths.output, dirname(directory)) !== "") await rmdir(dirname(directory)).catch(() => null);
  }
  // Sorted rows of theirs may lie beside a kernel's database, which go with it.
  for (const notebook of kernels.notebooks) await kernels.restart(notebook);
  // A kernel may have laid something beside an object until it ended.
  for (const { hash } of objects) await removeObject(paths.home, hash);
  for (const partition of partitions) workspace.touched(partition);
}

/** An object, and what was made of it and lies beside it under its name and more. */
async function removeObject(home: string, hash: string): Promise<void> {
  const path = objectPath(home, hash);
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(basename(path)))) {
    await rm(join(dirname(path), name), { force: true });
  }
}
