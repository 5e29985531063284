import { readdirSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

import { isFolder } from "./is-folder.ts";

/** Changes on disk come in bursts: an editor writes, renames and touches. */
const SETTLE_MS = 150;
/**
 * Folders of `modules/NAME/…` and `users/USER/SAMPLE` lie no deeper. Below a link may lie a whole disk, of which every
 * folder would be looked through after every change.
 */
const DEEPEST = 3;

export interface FolderWatcher {
  close(): void;
}

/**
 * Watches a folder and all below it; `changed` is told of the paths, from the folder, that changed since it was
 * last told. A folder that is not there is silent until it is made, and one that the system cannot watch always is.
 *
 * Each folder has a watcher of its own: Node 20's recursive one on Linux watches files, and is deaf to a file that
 * was replaced by a rename, which is how editors and we ourselves write.
 */
export function watchFolder(folder: string, changed: (paths: readonly string[]) => void): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let paths = new Set<string>();
  const happened = (path: string): void => {
    paths.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = [...paths];
      paths = new Set();
      add(folder, 0);
      changed(all);
    }, SETTLE_MS);
  };
  const add = (directory: string, depth: number): void => {
    try {
      if (!watchers.has(directory)) {
        const watcher = watch(directory, (event, name) => {
          const path = name === null ? directory : join(directory, name);
          // A folder that takes the place of another has a watcher of its own: that of the other is deaf to it.
          if (event === "rename" && path !== directory) removeBelow(path);
          happened(relative(folder, path));
        });
        watcher.on("error", () => remove(directory));
        watchers.set(directory, watcher);
      }
      if (depth === DEEPEST) return;
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        if (isFolder(directory, entry) && !entry.name.startsWith("."))
          add(join(directory, entry.name), depth + 1);
      }
    } catch {
      // It went while it was looked at: the watcher of the folder above has said so.
      remove(directory);
    }
  };
  const remove = (directory: string): void => {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  };
  const removeBelow = (path: string): void => {
    for (const directory of watchers.keys())
      if (directory === path || directory.startsWith(path + sep)) remove(directory);
  };
  add(folder, 0);
  const above = watchName(folder, () => {
    removeBelow(folder);
    add(folder, 0);
    for (const name of namesIn(folder)) happened(name);
  });
  return {
    close: () => {
      clearTimeout(timer);
      above?.close();
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** Watches whether a folder is made, goes, or is replaced, which its own watcher is deaf to; null where that cannot be. */
function watchName(folder: string, replaced: () => void): FSWatcher | null {
  try {
    const watcher = watch(dirname(folder), (event, name) => {
      if (event === "rename" && name === basename(folder)) replaced();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
