import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { partitionKey } from "#protocol/ids.ts";

import { makeFolder } from "./make-folder.ts";
import type { Workspace } from "./workspace.ts";

/** End of the name of a VCF. */
export const VCF_NAME: RegExp = /(?:\.g)?\.vcf(?:\.b?gz)?$/i;

/**
 * Makes a partition of every VCF in `INPUT/users/USER/`. A name that is taken keeps its file; of two files that
 * would have one name (`a.vcf` and `a.vcf.gz`), the first by name is taken.
 */
export async function addDroppedFiles(
  workspace: Pick<Workspace, "paths" | "catalog" | "setPartition">,
): Promise<void> {
  const { paths, catalog } = workspace;
  const users = join(paths.input, "users");
  await makeFolder(users);
  for (const user of await readdir(users)) {
    const files = await readdir(join(users, user)).catch(() => []);
    for (const file of files.filter((name) => VCF_NAME.test(name)).toSorted()) {
      const key = keyOf(user, file.replace(VCF_NAME, ""));
      if (key === null || catalog.partitions.get(key) !== null) continue;
      const vcf = join(users, user, file);
      // One that was removed comes back when its file is put there anew, not because it is still there.
      const removed = catalog.partitions.removedAt(key);
      if (removed !== null && ((await stat(vcf).catch(() => null))?.ctimeMs ?? 0) <= Date.parse(removed))
        continue;
      workspace.setPartition(key, { ...catalog.partitions.remembered(key), vcf });
    }
  }
}

function keyOf(user: string, sample: string): ReturnType<typeof partitionKey> | null {
  try {
    return partitionKey(user, sample);
  } catch {
    return null;
  }
}
