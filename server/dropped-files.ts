import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import { genomeEnding, genomeStem, isVcfName } from "#protocol/genome-name.ts";
import { partitionKey } from "#protocol/ids.ts";
import { unreadFolder } from "#protocol/none-if-missing.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import { inspectGenome } from "./inspect-genome.ts";
import { makeFolder } from "./make-folder.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Makes a partition of every genome file in `INPUT/users/USER/`: by its name a VCF, others by what they hold. A name
 * that is taken keeps its file; of two files that would have one name (`a.vcf` and `a.vcf.gz`), the first by name is
 * taken. One of several files that are one sample is no sample of its own.
 *
 * @throws {WorkspaceError} of the first file or folder that could not be looked at, when all others are added
 */
export async function addDroppedFiles(
  workspace: Pick<Workspace, "paths" | "catalog" | "setPartition" | "kernels">,
): Promise<void> {
  const { paths, catalog } = workspace;
  const users = join(paths.input, "users");
  await makeFolder(users);
  const sets = catalog.partitions.all().map(({ attributes }) => vcfsOf(attributes));
  const together = new Set(sets.filter(({ length }) => length > 1).flat());
  const failures: unknown[] = [];
  for (const user of await readdir(users)) {
    const files = await readdir(join(users, user)).catch((error: NodeJS.ErrnoException) => {
      // What is no folder, such as a note that lies there, is of nobody.
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") failures.push(unreadFolder(error));
      return [];
    });
    for (const file of files.filter((name) => genomeEnding(name) !== "").toSorted()) {
      const key = keyOf(user, genomeStem(file));
      if (key === null || catalog.partitions.get(key) !== null) continue;
      const vcf = join(users, user, file);
      if (together.has(vcf)) continue;
      // One that was removed comes back when its file is put there anew, not because it is still there.
      const removed = catalog.partitions.removedAt(key);
      if (removed !== null && ((await stat(vcf).catch(() => null))?.ctimeMs ?? 0) <= Date.parse(removed))
        continue;
      const isOne =
        isVcfName(file) ||
        (await isGenome(workspace, vcf).catch((cause: unknown) => {
          failures.push(new WorkspaceError({ at: vcf, ...errorInfo(cause) }, { cause }));
          return false;
        }));
      if (isOne) workspace.setPartition(key, { ...catalog.partitions.remembered(key), vcf });
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function isGenome(workspace: Pick<Workspace, "kernels">, path: string): Promise<boolean> {
  try {
    await inspectGenome(workspace, [path], new AbortController().signal);
    return true;
  } catch (error) {
    if (errorInfo(error).code === "source") return false;
    throw error;
  }
}

function keyOf(user: string, sample: string): ReturnType<typeof partitionKey> | null {
  try {
    return partitionKey(user, sample);
  } catch {
    return null;
  }
}
