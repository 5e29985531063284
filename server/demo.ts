import { existsSync } from "node:fs";
import { join } from "node:path";

import { errorInfo } from "#protocol/error.ts";
import { partitionKey } from "#protocol/ids.ts";

import { makeFolder } from "./make-folder.ts";
import { FIRST_NOTEBOOK } from "./workspace-paths.ts";
import type { Workspace } from "./workspace.ts";

/** Enough that one sees the work being done, and done in seconds. */
const RECORDS = 300_000;
const SEED = 7;
const DEMO = partitionKey("demo", "genome");

/** Gives an empty workspace a synthetic genome and annotates it; one that has a sample already is left alone. */
export async function addDemo(workspace: Workspace, notice: (text: string) => void): Promise<void> {
  const folder = join(workspace.paths.input, "users", "demo");
  const out = join(folder, "genome.vcf.gz");
  const others = workspace.catalog.partitions.all().filter(({ key }) => key !== DEMO);
  if (others.length > 0 || existsSync(out)) return;
  try {
    await makeFolder(folder);
    workspace.setPartition(DEMO, { vcf: out, synthetic: true });
    const kernel = await workspace.kernels.get("work");
    await kernel.call("synth", { records: RECORDS, seed: SEED, out });
    const run = await workspace.startRun(`notebook:${FIRST_NOTEBOOK}`, DEMO, { trustedOnly: true });
    await run.ended;
  } catch (error) {
    notice(`the demo genome could not be made: ${errorInfo(error).message}`);
  }
}
