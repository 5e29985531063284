import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, platform, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark, Genome } from "./benchmark.ts";
import { benchmarks } from "./index.ts";
import { KARYON } from "./karyon.ts";
import { measure } from "./measure.ts";
import type { Measurement, Missing } from "./measure.ts";
import { benchmarkText, resultsText } from "./results.ts";
import type { Machine, Results, Runs } from "./results.ts";

const { values: options } = parseArgs({
  options: {
    records: { type: "string", default: "1000000,5000000" },
    repetitions: { type: "string", default: "3" },
    /** Benchmarks to run, by name; all of them without it. */
    only: { type: "string" },
  },
});
/** Same genomes in every run. */
const SEED = 1;

const folder = await mkdtemp(join(tmpdir(), "karyon-bench-"));
try {
  const machine = await machineFacts();
  const genomes: Genome[] = [];
  for (const records of options.records.split(",").map(Number)) genomes.push(await makeGenome(records));
  const results: Results[] = [];
  for (const benchmark of benchmarks.filter(
    ({ name }) => options.only === undefined || options.only === name,
  )) {
    results.push(await run(benchmark, genomes, Number(options.repetitions)));
  }
  for (const result of results) say(`\n${benchmarkText(result)}`);
  await writeFile(new URL("results.md", import.meta.url), `${resultsText(machine, results)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Every repetition runs each contender once, so that a slow minute of the machine hits all of them. */
async function run(benchmark: Benchmark, genomes: readonly Genome[], repetitions: number): Promise<Results> {
  const all: Runs[] = [];
  for (const genome of genomes) {
    const runs = benchmark.contenders.map((contender) => ({
      contender,
      genome,
      runs: [] as (Measurement | Missing)[],
    }));
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const { contender, runs: done } of runs) {
        const scratch = join(folder, "scratch");
        await mkdir(scratch);
        const words = contender.words(genome, scratch);
        const measured = await measure(contender.program, words, { keepOutput: contender.reportsItself });
        await rm(scratch, { recursive: true, force: true });
        done.push(measured);
        const took = "missing" in measured ? "not installed" : `${measured.seconds.toFixed(2)} s`;
        say(`${benchmark.name} ${genome.records} ${repetition}/${repetitions} ${contender.name}: ${took}`);
      }
    }
    all.push(...runs);
  }
  return { benchmark, repetitions, all };
}

/** With the sites of the shipped modules planted, so that there is something to match. */
async function makeGenome(records: number): Promise<Genome> {
  const path = join(folder, `genome-${records}.vcf.gz`);
  const size = ["--records", String(records), "--seed", String(SEED)];
  const words = [KARYON, "synth", ...size, "--out", path, "--workspace", join(folder, "synth")];
  const made = await measure(process.execPath, words, { keepOutput: false });
  if ("missing" in made || made.exitCode !== 0) {
    throw new Error(
      `no genome: karyon ${words.slice(1).join(" ")}\n${"missing" in made ? "" : made.complaint}`,
    );
  }
  say(`genome of ${records} records: ${made.seconds.toFixed(2)} s`);
  return { path, records, bytes: (await stat(path)).size };
}

async function machineFacts(): Promise<Machine> {
  const programs = new Set(benchmarks.map(({ contenders }) => contenders[1].program));
  const peers: Record<string, string | null> = {};
  for (const program of programs) {
    const asked = await measure(program, ["--version"], { keepOutput: true });
    peers[program] = "missing" in asked ? null : (asked.output.split("\n")[0] ?? "");
  }
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release().split("-")[0]}`,
    node: process.versions.node,
    peers,
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
