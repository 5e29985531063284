import type { Benchmark } from "./benchmark.ts";
import { programWords } from "./programs.ts";

/** The first step alone beside the least that any reader of the file can do. */
export const ingest: Benchmark = {
  name: "ingest",
  title: "A genome to position-sorted Parquet",
  about:
    "The file becomes two tables: the kept records with every field, and the sites that a quality rule removed. " +
    "`bcftools view -H` inflates the file, parses it and prints it to `/dev/null`. `one statement` is the table of the " +
    "kept records by hand in DuckDB: it knows that all records have the same fields, and says nothing of the others.",
  contenders: [
    {
      name: "ingest",
      program: process.execPath,
      words: ({ path }, scratch) => [...programWords("ingest"), scratch, path],
      reportsItself: true,
    },
    {
      name: "bcftools view -H",
      program: "bcftools",
      words: ({ path }) => ["view", "-H", path],
      reportsItself: false,
    },
    {
      name: "one statement",
      program: process.execPath,
      words: ({ path }, scratch) => [...programWords("bare-ingest"), scratch, path],
      reportsItself: false,
    },
  ],
};
