import { expect, test } from "vitest";

import { annotate } from "./annotate.ts";
import type { Benchmark, Contender } from "./benchmark.ts";
import type { Measurement, Missing } from "./measure.ts";
import { benchmarkText, withSections } from "./results.ts";
import type { Machine } from "./results.ts";

const ours: Contender = { name: "ours", program: "ours", words: () => [], reportsItself: true };
const peer: Contender = { name: "peer", program: "peer", words: () => [], reportsItself: false };
const benchmark: Benchmark = { name: "b", title: "B", about: "Two programs.", contenders: [ours, peer] };
const genome = { path: "g.vcf.gz", records: 1_000_000, bytes: 20 * 2 ** 20, files: {} };
const machine: Machine = {
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  system: "linux",
  node: "20.20.2",
  peers: { p: null },
};

function ran(seconds: number, changes: Partial<Measurement> = {}): Measurement {
  return { seconds, peakBytes: 100 * 2 ** 20, exitCode: 0, output: "", complaint: "", ...changes };
}

/** Rows of the table without its head. */
function rows(
  oursRan: readonly (Measurement | Missing)[],
  peerRan: readonly (Measurement | Missing)[],
): string[] {
  const all = [
    { contender: ours, genome, runs: oursRan },
    { contender: peer, genome, runs: peerRan },
  ];
  const text = benchmarkText({ benchmark, repetitions: 3, all }, machine);
  return text.split("\n").filter((line) => line.startsWith("| 1,000,000"));
}

test("the median is what counts, and the ratio is of medians", () => {
  const [first, second] = rows([ran(3), ran(9), ran(2)], [ran(2), ran(2.5), ran(1)]);
  expect(first).toBe("| 1,000,000 (20 MiB) | `ours` | 3.00 s | 2.00 – 9.00 s | 100 MiB | 1.50 | nothing |");
  expect(second).toBe("| 1,000,000 (20 MiB) | `peer` | 2.00 s | 1.00 – 2.50 s | 100 MiB | 1.00 |  |");
});

test("a missing peer gives no ratio", () => {
  const [first, second] = rows([ran(3)], [{ missing: true }]);
  expect(first).toContain("| – | nothing |");
  expect(second).toContain("| not installed |");
});

test("a contender that failed once has no time, and its last words are shown", () => {
  const failed = ran(0.1, { exitCode: 1, complaint: "first\nno such file" });
  expect(rows([ran(3), failed], [ran(1)])[0]).toContain("| failed |");
  const all = [{ contender: ours, genome, runs: [failed] }];
  expect(benchmarkText({ benchmark, repetitions: 1, all }, machine)).toContain("exit code 1. no such file");
});

test("a contender that is compared with others says how much longer they take, where they took part", () => {
  const compared = { ...ours, comparedWith: ["peer", "absent"] };
  const all = [
    { contender: compared, genome, runs: [ran(2)] },
    { contender: peer, genome, runs: [ran(13)] },
  ];
  const text = benchmarkText({ benchmark, repetitions: 1, all }, machine);
  expect(text).toContain("| 0.15, `peer` takes 6.5 × as long | nothing |");
});

test("memory that was not sampled is said to be not measured", () => {
  expect(rows([ran(3, { peakBytes: null })], [ran(1)])[0]).toContain("| not measured |");
});

test("what the program says of itself stands beside what was measured", () => {
  const output = JSON.stringify({ duration_seconds: 2.5, peak_rss_mb: 612.4 });
  expect(rows([ran(3, { output })], [ran(1)])[0]).toContain("| 2.50 s, 612 MiB |");
});

test("a benchmark may go by the time that programs state", () => {
  const output = JSON.stringify({ duration_seconds: 0.5, peak_rss_mb: 100, note: "first after 9 ms" });
  const all = [{ contender: ours, genome, runs: [ran(3, { output })] }];
  const text = benchmarkText({ benchmark: { ...benchmark, statesTime: true }, repetitions: 1, all }, machine);
  expect(text).toContain("| 0.50 s | 0.50 – 0.50 s | 100 MiB | – | 0.50 s, 100 MiB, first after 9 ms |");
});

test("a peer that is not installed is named beneath the table", () => {
  expect(benchmarkText({ benchmark, repetitions: 1, all: [] }, machine)).toContain("p: not installed");
});

test("a section takes the place of the one before it, and the others stay", () => {
  const other: Benchmark = { ...benchmark, title: "Other" };
  const page = withSections("", [benchmark, other], ["## B\n\nold", "## Other\n\nkept"]);
  const next = withSections(page, [benchmark, other], ["## B\n\nnew"]);
  expect(next).toContain("## B\n\nnew\n\n## Other\n\nkept\n");
  expect(next).not.toContain("old");
});

test("the commands are shown without the paths of this machine", () => {
  const text = benchmarkText({ benchmark: annotate, repetitions: 3, all: [] }, machine);
  expect(text).toContain("node server/cli/karyon.js annotate-modules --vcf GENOME.vcf.gz --user bench");
  expect(text).toContain("bcftools view -H GENOME.vcf.gz");
});
