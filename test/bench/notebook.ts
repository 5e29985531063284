import type { Benchmark, Contender } from "./benchmark.ts";
import { programWords } from "./programs.ts";

function open(cells: number): Contender {
  return {
    name: `${cells} cells`,
    program: process.execPath,
    words: (_case, scratch) => [...programWords("notebook"), scratch, String(cells)],
    reportsItself: true,
  };
}

/** A long notebook beside a short one. */
export const notebook: Benchmark = {
  name: "notebook",
  title: "A notebook of 500 cells, and of 1,000",
  about:
    "Text, scripts, live SQL and kept SQL in turn, opened in Chromium from a server that is warm: from the navigation " +
    "until every cell is drawn. The peer is the same page with five cells, so the ratio is what the others cost. " +
    "Beside it, the median time from an edit of a cell to the event that tells every page of it.",
  contenders: [open(500), open(5), open(1000)],
  statesTime: true,
  prepare: () => Promise.resolve([{ path: "", records: 0, bytes: 0, label: "open", files: {} }]),
};
