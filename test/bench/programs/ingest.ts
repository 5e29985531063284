import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../../kernel/engines/duckdb.ts";
import { ingestVcf } from "../../../kernel/sources/vcf/ingest.ts";

/* Reads a VCF into the two tables of its records, under the rules of the shipped notebook: SCRATCH VCF */

const [scratch = "", path = ""] = process.argv.slice(2);
const staging = join(scratch, "staging");
await mkdir(staging, { recursive: true });
const filters = { pass_filters: ["PASS", "."], min_depth: 10, min_qual: 20 };
const began = performance.now();
const { records } = await ingestVcf(
  { paths: [path], sample: null, filters, staging, spillDirectory: join(scratch, "spill") },
  duckdb,
  { signal: new AbortController().signal, progress: () => {} },
);
process.stdout.write(
  JSON.stringify({
    duration_seconds: (performance.now() - began) / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: `${records.kept.toLocaleString("en")} records kept`,
  }),
);
