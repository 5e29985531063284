import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, platform, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Benchmark, Case, Genome } from "./benchmark.ts";
import { benchmarks } from "./index.ts";
import { KARYON } from "./karyon.ts";
import { measure } from "./measure.ts";
import { installPeers } from "./peers.ts";
import { buildPrograms } from "./programs.ts";
import type { Measurement, Missing } from "./measure.ts";
import { benchmarkText, withSections } from "./results.ts";
import type { Machine, Results, Runs } from "./results.ts";

const { values: options } = parseArgs({
  options: {
    records: { type: "string", default: "1000000,5000000" },
    /** Rows of the references that genomes are joined with. */
    references: { type: "string", default: "10000000,20000000,40000000" },
    /** Rows of the tables that are looked at page by page. */
    tables: { type: "string", default: "1000000,100000000" },
    repetitions: { type: "string", default: "3" },
    /** Benchmarks to run, by name with commas between; all of them without it. */
    only: { type: "string" },
  },
});
// A list of certificates that Node reads whenever it starts, where a machine has one, is none of what is measured.
delete process.env["NODE_EXTRA_CA_CERTS"];

/** Same genomes in every run. */
const SEED = 1;

const RESULTS = new URL("results.md", import.meta.url);

const chosen = benchmarks.filter(
  ({ name }) => options.only === undefined || options.only.split(",").includes(name),
);
const folder = await mkdtemp(join(tmpdir(), "karyon-bench-"));
// A run that is stopped leaves gigabytes otherwise.
process.once("SIGINT", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});
try {
  const programs = new Set(
    chosen
      .flatMap(({ contenders }) => contenders.map(({ program }) => program))
      .filter((one) => one !== process.execPath),
  );
  await installPeers(programs, { say });
  const machine = await machineFacts(programs);
  await buildPrograms();
  const genomes: Genome[] = [];
  for (const records of numbers(options.records)) genomes.push(await makeGenome(records));
  const sections: string[] = [];
  for (const benchmark of chosen) {
    const made = join(folder, benchmark.name);
    await mkdir(made);
    const cases = await benchmark.prepare?.({
      genomes,
      references: numbers(options.references),
      tables: numbers(options.tables),
      folder: made,
      say,
    });
    const plain = genomes.map((genome) => ({ ...genome, files: {} }));
    const results = await run(benchmark, cases ?? plain, Number(options.repetitions));
    await rm(made, { recursive: true, force: true });
    sections.push(benchmarkText(results, machine));
    say(`\n${sections.at(-1)}`);
    // Kept at once: what follows may take minutes and fail.
    const before = await readFile(RESULTS, "utf8").catch(() => "");
    await writeFile(RESULTS, withSections(before, benchmarks, sections));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Every repetition runs each contender once, so that a slow minute of the machine hits all of them. */
async function run(benchmark: Benchmark, cases: readonly Case[], repetitions: number): Promise<Results> {
  const all: Runs[] = [];
  for (const genome of cases) {
    const taking = benchmark.contenders.filter(({ name }) => genome.without?.includes(name) !== true);
    const runs = taking.map((contender) => ({
      contender,
      genome,
      runs: [] as (Measurement | Missing)[],
    }));
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const { contender, runs: done } of runs) {
        if (contender.runsOnce === true && repetition > 1) continue;
        const scratch = join(folder, "scratch");
        await mkdir(scratch);
        const words = contender.words(genome, scratch);
        const measured = await measure(contender.program, words, { keepOutput: contender.reportsItself });
        await rm(scratch, { recursive: true, force: true });
        done.push(measured);
        const took = "missing" in measured ? "not installed" : `${measured.seconds.toFixed(2)} s`;
        say(
          `${benchmark.name} ${genome.label ?? genome.records} ${repetition}/${repetitions} ${contender.name}: ${took}`,
        );
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

async function machineFacts(programs: Iterable<string>): Promise<Machine> {
  const peers: Record<string, string | null> = {};
  for (const program of programs) {
    const asked = await measure(program, ["--version"], { keepOutput: true });
    // vcfanno knows no --version and says it among other things.
    const said = "missing" in asked ? null : `${asked.output}\n${asked.complaint}`;
    const line = said?.split("\n").find((one) => one.includes(program) && /\d\.\d/.test(one));
    peers[program] = said === null ? null : (line?.trim() ?? program);
  }
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release().split("-")[0]}`,
    node: process.versions.node,
    peers,
  };
}

function numbers(list: string): number[] {
  return list.split(",").map(Number);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
