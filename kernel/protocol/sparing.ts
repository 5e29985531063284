/**
 * With how much less than usual a kernel works on what did not fit into memory. Of threads, each of which holds rows
 * that no engine can spill, it has a quarter; `memory`: what its engine holds before it spills is half as much, too.
 */
export type Sparing = "threads" | "memory";

/** Words for a step that is tried again so. */
export const SPARING_WORDS: Readonly<Record<Sparing, string>> = {
  threads: "once more with fewer threads",
  memory: "once more with less memory",
};
