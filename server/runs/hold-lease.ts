import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

import type { RunId } from "#protocol/ids.ts";

import type { Claim, Leases } from "../catalog/leases.ts";

/** A process that has not renewed for so long is taken for dead. */
const LEASE_MS = 5000;
const RENEW_MS = 1000;
const RETRY_MS = 100;

/** Runs of one process wait for each other as those of two do; a run of before a crash is not taken for its like. */
const PROCESS = `${process.pid}-${randomUUID()}`;

export interface Lease {
  /** Whether another run had it first. */
  readonly waited: boolean;
  release(): void;
}

/** What a run of this process asks for when it takes a lease. */
export function claimOf(name: string, run: RunId): Claim {
  return { name, holder: `${run} ${PROCESS}`, milliseconds: LEASE_MS };
}

/**
 * Takes the right to make one asset for a run, waiting while another makes it, and keeps it until released. `waits` is
 * told of the run that has it.
 */
export async function holdLease(
  leases: Leases,
  name: string,
  run: RunId,
  signal: AbortSignal,
  waits: (run: RunId) => void = () => {},
): Promise<Lease> {
  const claim = claimOf(name, run);
  let other: string | null = null;
  let waited = false;
  while (!leases.take(claim)) {
    waited = true;
    const now = leases.holder(name);
    if (now !== null && now !== other) waits(Number.parseInt(now, 10));
    other = now;
    await wait(RETRY_MS, undefined, { signal });
  }
  const renewal = setInterval(() => renew(leases, claim), RENEW_MS);
  renewal.unref();
  return {
    waited,
    release() {
      clearInterval(renewal);
      leases.release(name, claim.holder);
    },
  };
}

function renew(leases: Leases, claim: Claim): void {
  try {
    leases.take(claim);
  } catch {
    // On a disk that is full now, the next one may be written; what the run comes to is said by the run.
  }
}
