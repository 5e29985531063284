import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

import { WorkspaceError } from "#protocol/error.ts";
import type { RunId } from "#protocol/ids.ts";

import type { Leases } from "../catalog/leases.ts";

const RETRY_MS = 100;

export interface Lease {
  /** Whether another run had it first. */
  readonly waited: boolean;
  release(): void;
}

/**
 * Takes the right to make one asset for a run, waiting while another makes it, also one of this process, and keeps it
 * until released. `waits` is told of the run that has it.
 */
export async function holdLease(
  leases: Leases,
  name: string,
  run: RunId,
  signal: AbortSignal,
  waits: (run: RunId) => void = () => {},
): Promise<Lease> {
  let other: RunId | null = null;
  let waited = false;
  while (!leases.take(name, run)) {
    waited = true;
    const now = leases.holder(name);
    if (now !== null && now !== other) waits(now);
    other = now;
    await wait(RETRY_MS, undefined, { signal });
  }
  return { waited, release: () => releaseLease(leases, name, run) };
}

/** Does work of a name while nobody else does, in this process or another; `waits` hears that somebody does. */
export async function withLease<T>(
  leases: Leases,
  name: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  waits: () => void = () => {},
): Promise<T> {
  // Its number is no run's: two of one process are two.
  const lease = await holdLease(leases, name, randomInt(2 ** 32), signal, waits);
  try {
    return await work();
  } finally {
    lease.release();
  }
}

/** Gives a lease back. On a disk that is full now, it may be written soon: as long as it is not, nobody else has it. */
export function releaseLease(leases: Leases, name: string, run: RunId): void {
  try {
    leases.release(name, run);
  } catch (error) {
    // Else the catalog is closed, and the lease void.
    if (error instanceof WorkspaceError) setTimeout(() => releaseLease(leases, name, run), RETRY_MS).unref();
  }
}
