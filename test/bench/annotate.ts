import type { Benchmark } from "./benchmark.ts";
import { KARYON } from "./karyon.ts";

/** The whole job beside the least that any reader of the file can do. */
export const annotate: Benchmark = {
  name: "annotate",
  title: "A genome to five modules and a report",
  about:
    "`karyon annotate-modules` reads the file, keeps it as Parquet, matches every shipped module and writes the " +
    "report, in a new workspace each time. `bcftools view -H` inflates the file, parses it and prints it to " +
    "`/dev/null`: less work, by a program that is known to be fast.",
  contenders: [
    {
      name: "karyon annotate-modules",
      program: process.execPath,
      words: ({ path }, scratch) => [
        KARYON,
        "annotate-modules",
        "--vcf",
        path,
        "--user",
        "bench",
        "--workspace",
        scratch,
        "--json",
      ],
      reportsItself: true,
    },
    {
      name: "bcftools view -H",
      program: "bcftools",
      words: ({ path }) => ["view", "-H", path],
      reportsItself: false,
    },
  ],
};
