import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

import type { Catalog } from "../catalog/catalog.ts";

/** A process that has not renewed for so long is taken for dead. */
const LEASE_MS = 5000;
const RENEW_MS = 1000;
const RETRY_MS = 100;

/** One holder a process: a process never waits for itself. */
const holder = `${process.pid}-${randomUUID()}`;

export interface Lease {
  /** Whether another process had it first. */
  readonly waited: boolean;
  release(): void;
}

/** Takes the right to make one asset, waiting while another process makes it, and keeps it until released. */
export async function holdLease(catalog: Catalog, name: string, signal: AbortSignal): Promise<Lease> {
  let waited = false;
  while (!catalog.lease(name, holder, LEASE_MS)) {
    waited = true;
    await wait(RETRY_MS, undefined, { signal });
  }
  const renewal = setInterval(() => catalog.lease(name, holder, LEASE_MS), RENEW_MS);
  renewal.unref();
  return {
    waited,
    release() {
      clearInterval(renewal);
      catalog.release(name, holder);
    },
  };
}
