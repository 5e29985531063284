import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One run of a program with all its child processes. */
export interface Measurement {
  readonly seconds: number;
  /**
   * Largest sum of resident memory over the process tree, sampled; pages that processes share count in each.
   * Null where there is no `/proc` or the program ended before the first sample.
   */
  readonly peakBytes: number | null;
  /** Null: ended by a signal. */
  readonly exitCode: number | null;
  /** Standard output, when it was asked for; else empty. */
  readonly output: string;
  /** End of standard error. */
  readonly complaint: string;
}

/** The program is not there. */
export interface Missing {
  readonly missing: true;
}

/** Milliseconds between two looks at the process tree. */
const SAMPLE_EVERY = 50;
const KEPT_COMPLAINT = 2000;

/** Runs a program to its end and watches it. Its standard output goes to the null device unless it is kept. */
export function measure(
  program: string,
  words: readonly string[],
  { keepOutput }: { readonly keepOutput: boolean },
): Promise<Measurement | Missing> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(program, words, { stdio: ["ignore", keepOutput ? "pipe" : "ignore", "pipe"] });
    const memory = watchMemory(child);
    let output = "";
    let complaint = "";
    child.stdout?.on("data", (text) => (output += String(text)));
    child.stderr?.on("data", (text) => (complaint = (complaint + String(text)).slice(-KEPT_COMPLAINT)));
    child.on("error", (error: NodeJS.ErrnoException) => {
      memory.stop();
      if (error.code === "ENOENT") resolve({ missing: true });
      else reject(error);
    });
    child.on("close", (exitCode) => {
      const seconds = (performance.now() - began) / 1000;
      resolve({ seconds, peakBytes: memory.stop(), exitCode, output, complaint });
    });
  });
}

/** Runs a program that prepares something. @returns false when it is not there @throws {Error} when it fails */
export function run(
  program: string,
  words: readonly string[],
  output: number | "ignore" = "ignore",
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["ignore", output, "inherit"] });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(false);
      else reject(error);
    });
    child.on("close", (exitCode) => {
      if (exitCode === 0) resolve(true);
      else reject(new Error(`${program} ${words.join(" ")}: exit code ${exitCode}`));
    });
  });
}

function watchMemory({ pid }: ChildProcess): { stop: () => number | null } {
  let peak: number | null = null;
  const timer = setInterval(() => {
    const now = pid === undefined ? null : treeBytes(pid);
    if (now !== null && now > (peak ?? 0)) peak = now;
  }, SAMPLE_EVERY);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/**
 * Resident bytes of a process and all below it; null when the system does not tell. It looks at these processes alone: to
 * go through all of the system took a fourteenth of a processor from what is measured.
 */
export function treeBytes(root: number): number | null {
  if (!existsSync(`/proc/self/task/${process.pid}/children`)) return null;
  let bytes = 0;
  const tree = [root];
  for (const pid of tree) {
    bytes += residentBytes(pid);
    tree.push(...childrenOf(pid));
  }
  return bytes;
}

/** Those that any of its threads started. */
function childrenOf(pid: number): number[] {
  return unlessEnded([], () =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      unlessEnded([], () =>
        readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1")
          .trim()
          .split(" ")
          .filter(Boolean)
          .map(Number),
      ),
    ),
  );
}

/** A process that has ended but was not waited for has no VmRSS. */
function residentBytes(pid: number): number {
  const status = unlessEnded("", () => readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** What a look at a process gives, which may end before it or meanwhile. */
function unlessEnded<Found>(none: Found, look: () => Found): Found {
  try {
    return look();
  } catch {
    return none;
  }
}
