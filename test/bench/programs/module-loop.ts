import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { PartitionKey } from "#protocol/ids.ts";

import { openWorkspace } from "../../../server/open-workspace.ts";
import { workspacePaths } from "../../../server/workspace-paths.ts";

/* Edits one weight of a module and makes the report again, in a workspace whose genome is annotated: kept|anew WORKSPACE */

const PERSON = "bench/genome" as PartitionKey;

const [how, folder = ""] = process.argv.slice(2);
const workspace = await openWorkspace(workspacePaths(folder), "karyon bench");
const variants = join(workspace.paths.notebooks, "modules", "coronary", "variants.csv");

// The first makes what another software version made, and leaves the genome looked up.
await edited();
if (how === "anew") {
  workspace.kernels.killWork();
  // A new kernel, started and loaded: it knows nothing of the genome.
  await workspace.definitions();
  await workspace.kernels.get("work");
}
const began = performance.now();
await edited();
process.stdout.write(
  JSON.stringify({
    duration_seconds: (performance.now() - began) / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  }),
);
await workspace.close();

async function edited(): Promise<void> {
  const text = await readFile(variants, "utf8");
  const weight = (1 + Math.random()).toFixed(4);
  await writeFile(variants, text.replace(/^(rs4977574,A\/G,)[-\d.]+/m, `$1-${weight}`));
  workspace.definitionsChanged();
  const run = await workspace.startRun("user_longevity_report", PERSON);
  await run.ended;
}
