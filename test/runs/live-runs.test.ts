import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";
import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";

import { Catalog } from "../../server/catalog/catalog.ts";
import type { CatalogEvent } from "../../server/catalog/events.ts";
import type { Leases } from "../../server/catalog/leases.ts";
import { holdLease } from "../../server/runs/hold-lease.ts";
import { endInterrupted } from "../../server/runs/interrupted.ts";
import { LiveRuns } from "../../server/runs/live-runs.ts";
import type { LiveRun, RunsPlace } from "../../server/runs/live-runs.ts";
import { runView } from "../../server/runs/run-view.ts";
import { never } from "../query/support.ts";
import { temporaryFolder, until } from "../support/karyon.ts";

const FULL = new WorkspaceError({ code: "asset", message: "no space is left on the disk" });
const NO_KERNEL = new WorkspaceError({ code: "killed", message: "the kernel could not start" });

/** Refuses to write events down as long as its disk is full. */
class SmallCatalog extends Catalog {
  full = false;

  override append(...events: readonly CatalogEvent[]): number {
    if (this.full) throw FULL;
    return super.append(...events);
  }
}

/** Runs over a catalog whose disk is full or not, and of which none can be carried on. */
async function runs(): Promise<{ catalog: SmallCatalog; live: LiveRuns }> {
  const folder = await temporaryFolder("runs");
  const catalog = new SmallCatalog(join(folder, "catalog.sqlite"));
  const place = {
    catalog,
    paths: { home: folder, output: join(folder, "output") },
    kernels: { runsAtOnce: () => Promise.resolve(1) },
    definitions: () => Promise.reject(NO_KERNEL),
  } as unknown as RunsPlace;
  const live = new LiveRuns(place, () => {});
  onTestFinished(async () => {
    await live.close();
    catalog.close();
    await rm(folder, { recursive: true });
  });
  return { catalog, live };
}

function start(live: LiveRuns, partition = WHOLE): Promise<LiveRun> {
  return live.start({
    selection: "one",
    partition,
    steps: [{ asset: assetKey("one"), partition }],
    wanted: new Set([assetKey("one")]),
    absent: new Map(),
    engine: null,
    kept: [],
    trustedOnly: true,
  });
}

test("a run of a sample that was erased since it was planned does not begin", async () => {
  const { catalog, live } = await runs();
  const partition = parsePartition("anna/a");
  catalog.append({ type: "partition_set", partition, attributes: {} });
  const run = await start(live, partition);
  await run.ended;
  const receipt = { type: "erased", partition, assets: [], objects: 0, bytes: 0 } as const;
  catalog.erase({ receipts: [receipt], derived: [], objects: [] });
  await expect(start(live, partition)).rejects.toThrow("no such partition: anna/a");
  expect(catalog.runs(10)).toEqual([]);
});

test("a run that cannot be carried on ends with why, in each of its steps", async () => {
  const { catalog, live } = await runs();
  const run = await start(live);
  await run.ended;
  expect(runView(run.id, catalog.eventsOfRun(run.id))).toMatchObject({
    state: "failed",
    steps: [{ asset: "one", state: "failed", error: NO_KERNEL.info }],
  });
  expect([...live.all()]).toEqual([]);
});

test("a run whose end cannot be written down on a full disk ends when there is room again", async () => {
  const { catalog, live } = await runs();
  catalog.full = true;
  const run = await start(live);
  // As of what a page starts, nobody waits for it.
  await until(() => live.get(run.id) === null);
  expect(catalog.openRuns()).toEqual([run.id]);
  await expect(run.ended).rejects.toThrow("no space is left on the disk");
  catalog.full = false;
  await until(() => catalog.openRuns().length === 0);
  expect(runView(run.id, catalog.eventsOfRun(run.id))?.state).toBe("failed");
});

test("a run has its lease from the first: who opens the workspace then does not take it for that of a dead process", async () => {
  const { catalog, live } = await runs();
  const startRun = catalog.startRun.bind(catalog);
  catalog.startRun = (...started) => {
    const run = startRun(...started);
    expect(endInterrupted(catalog, catalog.openRuns())).toEqual({ ended: [], leased: [run] });
    return run;
  };
  await (
    await start(live)
  ).ended;
});

test("a run has its lease since it began: a catalog that refuses one then does not leave it without an end", async () => {
  const { catalog, live } = await runs();
  catalog.leases.take = () => {
    throw FULL;
  };
  await (
    await start(live)
  ).ended;
  expect(catalog.openRuns()).toEqual([]);
  expect(catalog.leases.holder("run 1")).toBeNull();
});

test("a lease that cannot be given back on a full disk is given back when there is room again", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const released: string[] = [];
  let full = true;
  const leases = {
    take: () => true,
    release(name: string) {
      if (full) throw FULL;
      released.push(name);
    },
  } as unknown as Leases;
  const lease = await holdLease(leases, "run 1", 1, never);
  lease.release();
  vi.advanceTimersByTime(1_000);
  expect(released).toEqual([]);
  full = false;
  vi.advanceTimersByTime(1_000);
  expect(released).toEqual(["run 1"]);
});
