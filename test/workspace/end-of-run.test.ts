import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { runVerb } from "../../server/api.ts";
import { Catalog } from "../../server/catalog/catalog.ts";
import { endOfRun } from "../../server/cli/follow-run.ts";
import { partitionsRemove } from "../../server/cli/partitions.ts";
import { holdLease } from "../../server/runs/hold-lease.ts";
import { runLease } from "../../server/runs/interrupted.ts";
import { never } from "../query/support.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

let made: Genome;

beforeAll(async () => {
  made = await genome();
});

afterAll(() => made.close());

test("a run whose sample is removed meanwhile ends with that reason, not with none", async () => {
  const { workspace, partition } = made;
  const scope = { workspace, signal: never, progress: () => {} };
  const run = await workspace.startRun("user_vcf_normalized", partition);
  await run.ended;
  await runVerb(partitionsRemove, { key: partition }, workspace, scope);
  await expect(endOfRun(run, scope)).rejects.toThrow(
    `${partition} was removed while run ${run.id} worked for it`,
  );
});

test("a sample that another process works on is not removed", async () => {
  const { workspace, partition } = made;
  workspace.setPartition(partition, {});
  const scope = { workspace, signal: never, progress: () => {} };
  const others = new Catalog(join(workspace.paths.home, "catalog.sqlite"));
  const run = others.startRun({ partition, selection: "user_vcf_normalized", steps: [] });
  const lease = await holdLease(others.leases, runLease(run), run, never);
  const remove = (): Promise<unknown> => runVerb(partitionsRemove, { key: partition }, workspace, scope);
  await expect(remove()).rejects.toThrow(`run ${run} works on ${partition}`);
  lease.release();
  others.close();
  expect(await remove()).toMatchObject({ removed: true });
});
