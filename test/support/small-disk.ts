import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own, in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no byte free. */
  fill(): void;
  remove(): void;
}

/** Null where this process may mount nothing. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "karyon-small-"));
  const remove = (): void => rmSync(folder, { recursive: true });
  if (
    process.platform !== "linux" ||
    !runs("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder)
  ) {
    remove();
    return null;
  }
  return {
    folder,
    fill() {
      for (const bytes of [1 << 20, 1 << 12, 1]) {
        const block = Buffer.alloc(bytes);
        try {
          for (;;) appendFileSync(join(folder, "filled"), block);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
      }
    },
    remove() {
      // Also where something is still open.
      runs("umount", "--lazy", folder);
      remove();
    },
  };
}

function runs(command: string, ...words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: "ignore" }).status === 0;
}
