import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { fileOf } from "./benchmark.ts";
import type { Benchmark, Contender } from "./benchmark.ts";
import { KARYON } from "./karyon.ts";
import { run } from "./measure.ts";
import { programWords } from "./programs.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

function edit(name: string, how: "kept" | "anew"): Contender {
  return {
    name,
    program: process.execPath,
    words: (one) => [...programWords("module-loop"), how, fileOf(one, "WORKSPACE")],
    reportsItself: true,
  };
}

/** The loop of whoever writes a module. */
export const moduleLoop: Benchmark = {
  name: "module-loop",
  title: "An edit of a module to a new report",
  about:
    "One weight of one module changes, and the report is made again: module, set of modules, match, report. The kernel " +
    "keeps what it looked up in the genome; beside it a kernel that has to look it up anew. Times are stated by the " +
    "programs, from the edit to the end of the run.",
  contenders: [edit("looked up before", "kept"), edit("looked up anew", "anew")],
  statesTime: true,
  async prepare({ genomes, folder }) {
    const cases = [];
    for (const genome of genomes) {
      const workspace = join(folder, `loop-${genome.records}`);
      await mkdir(workspace);
      await cp(NOTEBOOKS, join(workspace, "notebooks"), { recursive: true });
      const words = ["annotate-modules", "--vcf", genome.path, "--user", "bench", "--sample", "genome"];
      await run(process.execPath, [KARYON, ...words, "--workspace", workspace]);
      cases.push({ ...genome, files: { WORKSPACE: workspace } });
    }
    return cases;
  },
};
