import { annotate } from "./annotate.ts";
import type { Benchmark } from "./benchmark.ts";
import { ensembl } from "./ensembl.ts";
import { moduleLoop } from "./module-loop.ts";
import { notebook } from "./notebook.ts";
import { samples } from "./samples.ts";
import { stream } from "./stream.ts";

/** Every benchmark there is, in the order they run. */
export const benchmarks: readonly Benchmark[] = [annotate, moduleLoop, ensembl, samples, stream, notebook];
