import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { fileOf } from "./benchmark.ts";
import type { Benchmark, Case, Contender } from "./benchmark.ts";
import { KARYON } from "./karyon.ts";
import { run } from "./measure.ts";
import { programWords } from "./programs.ts";

const NOTEBOOK = "personal-genome.md";
const TABLE = "user_vcf_normalized";

/** The way of a table from the engine to a page. */
const wired: Contender = {
  name: "to a page",
  program: process.execPath,
  words: (one) => [
    ...programWords("wire"),
    fileOf(one, "WORKSPACE"),
    NOTEBOOK,
    TABLE,
    "bench/genome",
    String(one.records),
  ],
  reportsItself: true,
};
const bare: Contender = {
  name: "bare chunk scan",
  program: process.execPath,
  words: (one, scratch) => [...programWords("stream"), "chunks", scratch, fileOf(one, "TABLE.parquet")],
  reportsItself: true,
};

export const wire: Benchmark = {
  name: "wire",
  title: "A kept table, through the server, to a page",
  about:
    "All rows and columns of the normalised variants that passed the rules: kernel, server and WebSocket to a client in " +
    "another process that gives credit frame by frame, and DuckDB's own chunks, fetched and dropped. Times are stated by " +
    "the programs, from the request to the last row; the memory is that of all of them.",
  contenders: [wired, bare],
  statesTime: true,
  async prepare({ genomes, folder }) {
    const cases: Case[] = [];
    for (const genome of genomes) {
      const workspace = join(folder, `wire-${genome.records}`);
      await mkdir(workspace);
      const words = ["annotate-modules", "--vcf", genome.path, "--user", "bench", "--sample", "genome"];
      await run(process.execPath, [KARYON, ...words, "--workspace", workspace]);
      const table = join(workspace, "data", "output", "users", "bench", "genome", `${TABLE}.parquet`);
      cases.push({ ...genome, files: { WORKSPACE: workspace, "TABLE.parquet": table } });
    }
    return cases;
  },
};
