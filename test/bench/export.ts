import type { Benchmark, Contender } from "./benchmark.ts";
import { programWords } from "./programs.ts";

function open(figures: number, rows: number): Contender {
  return {
    name: `${figures} figures, ${rows.toLocaleString("en")} rows`,
    program: process.execPath,
    words: (_case, scratch) => [...programWords("export"), scratch, String(figures), String(rows)],
    reportsItself: true,
  };
}

/** A large exported notebook beside a small one. */
export const exported: Benchmark = {
  name: "export",
  title: "An exported notebook, opened from disk",
  about:
    "A kept table with all its rows and figures over it become one HTML file, which Chromium opens from disk: from the " +
    "navigation until every figure is drawn. The ratio is what the larger file costs. Beside it, the time of the " +
    "export as a whole process, the size of the file, and the first figure.",
  contenders: [open(50, 1_000_000), open(5, 1_000)],
  statesTime: true,
  prepare: () => Promise.resolve([{ path: "", records: 0, bytes: 0, label: "open", files: {} }]),
};
