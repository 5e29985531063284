import { annotate } from "./annotate.ts";
import type { Benchmark } from "./benchmark.ts";
import { ensembl } from "./ensembl.ts";
import { exported } from "./export.ts";
import { gvcf } from "./gvcf.ts";
import { info } from "./info.ts";
import { ingest } from "./ingest.ts";
import { moduleLoop } from "./module-loop.ts";
import { notebook } from "./notebook.ts";
import { samples } from "./samples.ts";
import { stream } from "./stream.ts";
import { table } from "./table.ts";
import { wire } from "./wire.ts";

/** Every benchmark there is, in the order they run. */
export const benchmarks: readonly Benchmark[] = [
  annotate,
  ingest,
  info,
  gvcf,
  moduleLoop,
  ensembl,
  samples,
  stream,
  wire,
  table,
  notebook,
  exported,
];
