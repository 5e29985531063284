import { join } from "node:path";

import { fileOf } from "./benchmark.ts";
import type { Benchmark, Contender } from "./benchmark.ts";
import { normalised } from "./joining.ts";
import { programWords } from "./programs.ts";

function read(name: string, how: "batches" | "chunks"): Contender {
  return {
    name,
    program: process.execPath,
    words: (one, scratch) => [...programWords("stream"), how, scratch, fileOf(one, "VARIANTS.parquet")],
    reportsItself: true,
  };
}

/** Arrow batches beside the chunks they are made of. */
export const stream: Benchmark = {
  name: "stream",
  title: "A materialised table as Arrow batches",
  about:
    "All rows and columns of the normalised variants: as the Arrow messages that go to the page, and as DuckDB's own " +
    "chunks, fetched and dropped. Times are stated by the programs, from the start of the query.",
  contenders: [read("arrow batches", "batches"), read("bare chunk scan", "chunks")],
  statesTime: true,
  async prepare({ genomes, folder }) {
    const cases = [];
    for (const genome of genomes) {
      const variants = await normalised(genome, join(folder, `stream-${genome.records}`));
      cases.push({ ...genome, files: { "VARIANTS.parquet": variants } });
    }
    return cases;
  },
};
