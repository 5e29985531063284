import { basename } from "node:path";

import type { Benchmark, Case, Contender } from "./benchmark.ts";
import { CLONE } from "./karyon.ts";
import type { Measurement, Missing } from "./measure.ts";

/** All runs of one contender over one genome, in the order they ran. */
export interface Runs {
  readonly contender: Contender;
  readonly genome: Case;
  readonly runs: readonly (Measurement | Missing)[];
}

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Name → first line of its `--version`; null: not installed. */
  readonly peers: Readonly<Record<string, string | null>>;
}

export interface Results {
  readonly benchmark: Benchmark;
  readonly repetitions: number;
  readonly all: readonly Runs[];
}

const MEBIBYTE = 2 ** 20;
const COLUMNS = ["records", "contender", "median", "range", "peak memory", "ratio", "by its own account"];

const HEAD = [
  "# Benchmarks",
  "Written by `npm run bench`. Times are of the whole process, start to end, over a file that was just written (in " +
    "the page cache), unless it is said that programs state them. Contenders take turns within one run. Memory is " +
    "the largest sum of resident memory over the process tree, sampled. `NODE_EXTRA_CA_CERTS` is not set.",
].join("\n\n");

/** The page of results, as Markdown: sections that are new in place of those of the same title, the others as they were. */
export function withSections(
  page: string,
  benchmarks: readonly Benchmark[],
  sections: readonly string[],
): string {
  const all = [...page.split(/^(?=## )/m).filter((one) => one.startsWith("## ")), ...sections];
  const kept = benchmarks.flatMap(
    ({ title }) => all.findLast((one) => one.startsWith(`## ${title}\n`))?.trim() ?? [],
  );
  return `${[HEAD, ...kept].join("\n\n")}\n`;
}

/** One benchmark: its table, the commands and the machine. */
export function benchmarkText({ benchmark, repetitions, all }: Results, machine: Machine): string {
  const rows = all.map((runs) => rowOf(runs, all, benchmark));
  const table = [COLUMNS, COLUMNS.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
  const repeated = `${repetitions} ${repetitions === 1 ? "repetition" : "repetitions"}, interleaved; the median counts.`;
  const ratio = `Ratio: median time over that of \`${benchmark.contenders[1].name}\`.`;
  const parts = [benchmark.about, commands(benchmark), table, `${repeated} ${ratio}`, ...failures(all)];
  return [`## ${benchmark.title}`, ...parts, machineText(machine)].join("\n\n");
}

function machineText({ cores, memoryBytes, system, node, peers }: Machine): string {
  const programs = Object.entries(peers).map(([name, version]) => version ?? `${name}: not installed`);
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB of memory`;
  return `On ${[`${cores} cores`, memory, system, `Node ${node}`, ...programs].join(", ")}.`;
}

/** What was run, with names in place of the paths of this machine. */
function commands({ contenders }: Benchmark): string {
  const shown: Case = { path: "GENOME.vcf.gz", records: 0, bytes: 0, files: {} };
  const lines = contenders.map(({ program, words }) => {
    const told = words(shown, "NEW_FOLDER").map((word) =>
      word.startsWith(CLONE) ? word.slice(CLONE.length) : word,
    );
    return [basename(program), ...told].join(" ");
  });
  return ["```sh", ...lines, "```"].join("\n");
}

function rowOf(runs: Runs, all: readonly Runs[], benchmark: Benchmark): string[] {
  const { genome, contender } = runs;
  const start = [
    genome.label ?? `${genome.records.toLocaleString("en")} (${mebibytes(genome.bytes)})`,
    `\`${contender.name}\``,
  ];
  const done = completed(runs);
  if (done === null)
    return [...start, runs.runs.some(isMissing) ? "not installed" : "failed", "", "", "", ""];
  const seconds = done.map((run) => secondsOf(run, benchmark));
  const mine = median(seconds);
  const timeOf = (name: string): number | null => {
    const peer = all.find((other) => other.genome === genome && other.contender.name === name);
    const runs = peer === undefined ? null : completed(peer);
    return runs === null ? null : median(runs.map((run) => secondsOf(run, benchmark)));
  };
  const against = timeOf(benchmark.contenders[1].name);
  const longer = (contender.comparedWith ?? []).flatMap((name) => {
    const time = timeOf(name);
    return time === null ? [] : [`\`${name}\` takes ${(time / mine).toFixed(1)} × as long`];
  });
  const peaks = done.flatMap(({ peakBytes }) => peakBytes ?? []);
  return [
    ...start,
    `${mine.toFixed(2)} s`,
    `${Math.min(...seconds).toFixed(2)} – ${Math.max(...seconds).toFixed(2)} s`,
    peaks.length === 0 ? "not measured" : mebibytes(Math.max(...peaks)),
    [against === null ? "–" : (mine / against).toFixed(2), ...longer].join(", "),
    contender.reportsItself ? ownAccount(done) : "",
  ];
}

function secondsOf(run: Measurement, { statesTime }: Benchmark): number {
  return statesTime === true ? (statedIn(run.output)[0]?.duration_seconds ?? Number.NaN) : run.seconds;
}

/** The runs when every one of them ended well; else null: a contender that failed once has no time. */
function completed({ runs }: Runs): readonly Measurement[] | null {
  const done = runs.filter((run): run is Measurement => !isMissing(run) && run.exitCode === 0);
  return done.length === runs.length && done.length > 0 ? done : null;
}

function isMissing(run: Measurement | Missing): run is Missing {
  return "missing" in run;
}

function ownAccount(runs: readonly Measurement[]): string {
  const stated = runs.flatMap(({ output }) => statedIn(output));
  if (stated.length === 0) return "nothing";
  const peak = Math.max(...stated.map((one) => one.peak_rss_mb));
  const notes = stated.flatMap(({ note }) => note ?? []);
  const said = [
    `${median(stated.map((one) => one.duration_seconds)).toFixed(2)} s`,
    `${peak.toFixed(0)} MiB`,
  ];
  return [...said, ...notes.slice(0, 1)].join(", ");
}

interface Stated {
  readonly duration_seconds: number;
  readonly peak_rss_mb: number;
  readonly note?: string;
}

function statedIn(output: string): Stated[] {
  try {
    const stated: unknown = JSON.parse(output);
    if (typeof stated !== "object" || stated === null) return [];
    const { duration_seconds, peak_rss_mb, note } = stated as Record<string, unknown>;
    if (typeof duration_seconds !== "number" || typeof peak_rss_mb !== "number") return [];
    return [{ duration_seconds, peak_rss_mb, ...(typeof note === "string" ? { note } : {}) }];
  } catch {
    return [];
  }
}

function failures(all: readonly Runs[]): string[] {
  return all.flatMap(({ contender, genome, runs }) => {
    const failed = runs.find((run): run is Measurement => !isMissing(run) && run.exitCode !== 0);
    if (failed === undefined) return [];
    const ended = failed.exitCode === null ? "was ended by a signal" : `exit code ${failed.exitCode}`;
    const lines = failed.complaint.trim().split("\n");
    const last = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
    return [
      `\`${contender.name}\` on ${genome.label ?? genome.records.toLocaleString("en")} records: ${ended}. ${last}`.trimEnd(),
    ];
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}
