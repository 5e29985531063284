import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { ObjectHash } from "#protocol/ids.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";

import type { Catalog } from "./catalog/catalog.ts";
import { objectPath } from "./runs/published-tree.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

interface Place {
  readonly catalog: Catalog;
  readonly paths: Pick<WorkspacePaths, "home">;
}

/** Removes the stored files that an erasure left, also one of a process that was killed. */
export async function removeDoomed(place: Place): Promise<void> {
  const doomed = place.catalog.doomed.all();
  if (doomed.length === 0) return;
  await removeObjects(place, doomed);
  place.catalog.doomed.forget(doomed);
}

/** Removes stored files but those that a record names: what is made meanwhile may have the content of what goes. */
export async function removeObjects({ catalog, paths }: Place, hashes: readonly ObjectHash[]): Promise<void> {
  const named = new Set(catalog.recordedFiles().map(({ hash }) => hash));
  for (const hash of hashes) if (!named.has(hash)) await removeObject(paths.home, hash);
}

/** An object, and what was made of it and lies beside it under its name and more. */
async function removeObject(home: string, hash: string): Promise<void> {
  const path = objectPath(home, hash);
  const names = await readdir(dirname(path)).catch(noneIfMissing);
  for (const name of names.filter((one) => one.startsWith(basename(path)))) {
    await rm(join(dirname(path), name), { force: true });
  }
}
