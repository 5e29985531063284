import { randomBytes } from "node:crypto";
import { rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a catalog takes to be opened, and to write down that something large was removed. */
const BYTES = 4 << 20;
/** It is laid down only where there is much more than that. */
const LEAST_FREE_BYTES = 16 * BYTES;

/**
 * A file of no use beside the catalog: on a disk that something else filled to the last byte it is given up, and then
 * what lies there can be listed and removed. It is laid down again once there is space.
 */
export class Ballast {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "ballast");
  }

  /** Whether it was there. */
  giveUp(): boolean {
    const wasThere = statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
    rmSync(this.#path, { force: true });
    return wasThere;
  }

  layDown(): void {
    if (statSync(this.#path, { throwIfNoEntry: false }) !== undefined) return;
    try {
      const { bavail, bsize } = statfsSync(join(this.#path, ".."));
      // Random: a disk that compresses would keep nothing of zeros.
      if (bavail * bsize > LEAST_FREE_BYTES) writeFileSync(this.#path, randomBytes(BYTES), { mode: 0o600 });
    } catch {
      // Without it a full disk has to be emptied elsewhere first; half of it is none.
      rmSync(this.#path, { force: true });
    }
  }
}
