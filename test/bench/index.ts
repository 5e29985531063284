import { annotate } from "./annotate.ts";
import type { Benchmark } from "./benchmark.ts";

/** Every benchmark there is, in the order they run. */
export const benchmarks: readonly Benchmark[] = [annotate];
