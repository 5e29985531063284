import { afterAll, beforeAll, expect, test } from "vitest";

import { endOfRun } from "../../server/cli/follow-run.ts";
import { partitionsRemove } from "../../server/cli/partitions.ts";
import { runVerb } from "../../server/api.ts";
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
