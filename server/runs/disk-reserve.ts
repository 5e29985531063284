import { statfs } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";

/** What runs leave free on a disk: when nothing more can be made, what a person writes is still kept, and what happened. */
const RESERVE_BYTES = 64e6;
/** Of a small disk they leave this part. */
const RESERVE_PART = 0.25;
const LOOK_MS = 250;

export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * Does work as long as the disk of a folder has more than the reserve, and stops it when it has not.
 *
 * @throws {WorkspaceError} `asset` when it was stopped for that, or not begun
 */
export async function withinSpace<Result>(
  folder: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
  spaceOf: (folder: string) => Promise<DiskSpace> = spaceOn,
): Promise<Result> {
  const full = new AbortController();
  const look = async (): Promise<void> => {
    // Where it cannot be asked, as on some network disks, who writes is told.
    const space = await spaceOf(folder).catch(() => null);
    if (space !== null && space.freeBytes < reserveOf(space)) full.abort(noSpace(space));
  };
  await look();
  full.signal.throwIfAborted();
  const timer = setInterval(() => void look(), LOOK_MS);
  try {
    return await work(AbortSignal.any([signal, full.signal]));
  } catch (error) {
    if (!signal.aborted) full.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

async function spaceOn(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function reserveOf({ totalBytes }: DiskSpace): number {
  return Math.min(RESERVE_BYTES, totalBytes * RESERVE_PART);
}

function noSpace(space: DiskSpace): WorkspaceError {
  const [free, reserve] = [space.freeBytes, reserveOf(space)].map(
    (bytes) => `${(bytes / 1e6).toFixed(1)} MB`,
  );
  return new WorkspaceError({
    code: "asset",
    message: `no space is left on the disk: ${free} free, of which ${reserve} are kept for notebooks and records`,
    hint: "Free some space and do it again.",
  });
}
